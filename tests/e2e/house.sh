#!/usr/bin/env bash
# The structure of the sources: scripts/check_layers refuses forbidden includes.
. "$(dirname "$0")/../support/e2e.bash"

# The folders that a folder must not include. They are repeated here, so that a rule that is removed from
# scripts/check_layers by mistake is noticed.
forbidden='
base              model bronze config transform extract load run cli layers pages serve
model             bronze config transform extract load run cli layers pages serve
config            bronze transform extract load run cli layers pages serve
transform         bronze config extract load run cli layers pages serve
extract           bronze config transform load load/postgres run cli layers pages serve
extract/browser   extract extract/form extract/replay config transform load run cli
extract/form      extract extract/replay config transform load run cli
extract/replay    extract extract/form config transform load run cli
load              bronze config transform extract load/postgres load/sqlite load/clickhouse run cli layers pages serve
load/postgres     load/sqlite load/clickhouse config transform extract run cli layers pages serve
load/sqlite       load/postgres load/clickhouse config transform extract run cli layers pages serve
load/clickhouse   load/postgres load/sqlite config transform extract run cli layers pages serve
layers            bronze config transform extract load/postgres load/sqlite load/clickhouse run notify cli pages serve
pages             bronze config transform extract load/postgres load/sqlite load/clickhouse run notify cli serve
run               cli notify extract/browser extract/form load/postgres load/sqlite load/clickhouse pages serve
bronze            config transform extract load run notify cli layers pages serve s3
s3                bronze config transform extract load run notify cli layers pages serve
notify            bronze config extract s3 transform load cli pages serve
serve             bronze config extract transform load/postgres load/sqlite load/clickhouse notify cli
cli               extract/browser extract/form load/postgres load/sqlite load/clickhouse
'

copy_tree() {
    mkdir tree
    cp -r "$ROOT/src" "$ROOT/simulator" tree/
    "$ROOT/scripts/check_layers" tree || fail "check_layers refuses the unchanged sources"
}

expect_refused() { # WHAT WORDS
    if "$ROOT/scripts/check_layers" tree >out.txt 2>&1; then
        fail "check_layers accepts $1"
    fi
    expect_in out.txt "$2"
}

expect_include_refused() { # FILE INCLUDED: adds an include, expects a refusal, and removes it again
    cp "tree/$1" kept
    printf '#include "%s"\n' "$2" >>"tree/$1"
    expect_refused "that $1 includes $2" "$1: includes \"$2\""
    cp kept "tree/$1"
}

a_file_of() { # FOLDER SUFFIX
    find "$ROOT/src/$1" -maxdepth 1 -name "*$2" -printf '%f\n' | sort | head -n 1
}

test_no_wall_can_be_walked_through() {
    local folder others other count=0
    copy_tree
    while read -r folder others; do
        [ -n "$folder" ] || continue
        for other in $others; do
            expect_include_refused "src/$folder/$(a_file_of "$folder" .c)" "$other/$(a_file_of "$other" .h)"
            count=$((count + 1))
        done
    done <<<"$forbidden"
    expect_include_refused simulator/csv.c model/report.h
    expect_include_refused src/main.c run/cycle.h
    expect_include_refused src/run/retry.c extract/extractor.h     # within run/ only some files join the stages
    expect_include_refused src/run/retry.c transform/transform.h
    expect_include_refused src/load/guard.c load/sqlite/destination.h # one file alone knows the kinds of databases
    expect_include_refused src/base/buf.c mem.h                    # includes are written from the root
    [ "$count" -gt 70 ] || fail "only $count walls were tried"
}

test_no_circle_goes_unseen() {
    copy_tree
    printf '#include "load/reconcile.h"\n' >>tree/src/load/plan.h # which reconcile.h includes
    expect_refused "a circle of two" 'a circle of includes:'
    cp "$ROOT/src/load/plan.h" tree/src/load/plan.h
    # Of three, by way of a source.
    printf '#include "base/second.h"\n' >tree/src/base/first.c
    printf '#include "base/third.h"\n' >tree/src/base/second.h
    printf '#include "base/first.h"\n' >tree/src/base/third.h
    : >tree/src/base/first.h
    expect_refused "a circle of three" 'a circle of includes: src/base/'
}

test_a_folder_that_nobody_drew_is_refused() {
    copy_tree
    mkdir tree/src/misc
    printf '#include "base/buf.h"\n' >tree/src/misc/misc.c
    expect_refused "a new folder" 'src/misc is not in the design'
}

test_the_map_of_folders_is_the_tree() {
    (cd "$ROOT" && find src simulator -type d ! -path '*/www' | sort) >tree.txt
    # shellcheck disable=SC2016 # backquotes of Markdown
    sed -n '/^## Folders/,/^## /s,^| `\([a-z0-9/]*\)/` |.*,\1,p' "$ROOT/docs/architecture.md" | sort >map.txt
    diff tree.txt map.txt >diff.txt || fail "docs/architecture.md, Folders: $(cat diff.txt)"
}

test_the_readme_names_the_right_rooms() {
    local file function count=0
    # shellcheck disable=SC2016 # backquotes of Markdown
    sed -n 's,^| … .*? | `\(src/[a-z_/]*\.c\)` | `\([a-z_]*\)` |$,\1 \2,p' "$ROOT/README.md" >rooms.txt
    while read -r file function; do
        grep -qE "^[a-z].*[ *]$function\(" "$ROOT/$file" || fail "$file does not define $function"
        count=$((count + 1))
    done <rooms.txt
    [ "$count" -ge 10 ] || fail "README.md answers only $count questions"
}

run_tests "$@"
