#!/usr/bin/env bash
# A few points of `make kill` on both databases, always the same ones, for `make test`. With the release build,
# because a preloaded library and the sanitizers do not work together.
export VARIANT=release
"$(dirname "$0")/run" --points 40
"$(dirname "$0")/run" --database postgres --points 20
