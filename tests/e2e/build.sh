#!/usr/bin/env bash
# The Makefile and ./task, as far as they can be tried without building everything.
. "$(dirname "$0")/../support/e2e.bash"

build() { # MAKE-ARGUMENTS…: two files, one of them with a flag of its own
    MAKEFLAGS= make -s -C "$ROOT" BUILD="$PWD/built" "$@" "$PWD/built/src/base/date.o" "$PWD/built/src/cli/cmd_version.o" \
        >out.txt 2>&1 || fail "make $* failed: $(tail -n 5 out.txt)"
    rm -rf built
}

test_flags_of_the_user_are_added_to_ours() {
    build CFLAGS=-O0
    build CFLAGS='-Og -g3' CPPFLAGS=-DNDEBUG LDFLAGS=-s
    build CPPFLAGS=-D_FORTIFY_SOURCE=1
    CFLAGS=-O0 build
    MAKEFLAGS= make -C "$ROOT" -n -B VARIANT=release CFLAGS=-O0 LDFLAGS=-s build/release/etl-sigos >out.txt
    expect_in out.txt '-Wl,-z,relro,-z,now -s -o'
}

test_task_installs_gcovr_for_coverage_and_for_nothing_else() {
    # Its lists of packages and the function that chooses from them, without the rest of it.
    sed -n '/^build_packages=/,/^}/p' "$ROOT/task" >packages.sh
    for target in coverage test demo all schedule; do
        sh -c '. ./packages.sh && packages_for "$1"' sh $target >$target.txt
        expect_in $target.txt libpq-dev
    done
    expect_in coverage.txt gcovr
    expect_in coverage.txt libcmocka-dev
    ! grep -l gcovr test.txt demo.txt all.txt schedule.txt || fail "gcovr is not for everybody"
}

run_tests "$@"
