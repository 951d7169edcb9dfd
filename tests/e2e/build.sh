#!/usr/bin/env bash
# The Makefile and ./task, as far as they can be tested without a full build.
. "$(dirname "$0")/../support/e2e.bash"

build() { # MAKE-ARGUMENTS…: builds a few files: one with its own flag, two that check theirs, one of assembler
    MAKEFLAGS='' make -s -C "$ROOT" BUILD="$PWD/built" "$@" "$PWD/built/src/cli/cmd_version.o" "$PWD/built/src/config/node.o" \
        "$PWD/built/src/load/sqlite/destination.o" "$PWD/built/src/config/builtin.o" >out.txt 2>&1 || fail "make $* failed: $(tail -n 5 out.txt)"
    rm -rf built
}

test_flags_of_the_user_are_added_to_ours() {
    build CFLAGS=-O0
    build CFLAGS='-Og -g3' CPPFLAGS=-DNDEBUG LDFLAGS=-s
    build CFLAGS='-O2 -Wno-error'
    build CC=clang CPPFLAGS=-DNDEBUG
    build CPPFLAGS=-D_FORTIFY_SOURCE=1
    CFLAGS=-O0 build
    MAKEFLAGS='' make -C "$ROOT" -n -B VARIANT=release CFLAGS=-O0 LDFLAGS=-s build/release/etl-sigos >out.txt
    expect_in out.txt '-Wl,-z,relro,-z,now -s -o'
}

test_task_installs_gcovr_for_coverage_and_for_nothing_else() {
    # Only the lists of packages of ./task and the function that chooses from them.
    sed -n '/^build_packages=/,/^}/p' "$ROOT/task" >packages.sh
    for target in coverage test demo all schedule; do
        sh -c '. ./packages.sh && packages_for "$1"' sh "$target" >"$target".txt
        expect_in "$target".txt libpq-dev
    done
    expect_in coverage.txt gcovr
    expect_in coverage.txt libcmocka-dev
    ! grep -l gcovr test.txt demo.txt all.txt schedule.txt || fail "gcovr is not for everybody"
}

install_or_not() { # TARGET MAKE-ARGUMENTS…: installs the built program; -o: does not build it again
    MAKEFLAGS='' make -s -C "$ROOT" BUILD="$BUILD" -o "$BUILD/etl-sigos" "$@" >out.txt 2>&1 ||
        fail "make $* failed: $(tail -n 5 out.txt)"
}

test_install_goes_into_destdir_and_uninstall_leaves_nothing() {
    mkdir -p "$PWD/root/usr/share/doc/other"
    install_or_not install DESTDIR="$PWD/root" PREFIX=/usr
    expect_equal "the program" "$(root/usr/bin/etl-sigos version)" "$("$ETL" version)"
    for file in doc/etl-sigos/README.md doc/etl-sigos/LICENSE doc/etl-sigos/CHANGELOG.md \
        doc/etl-sigos/docs/transform.md doc/etl-sigos/examples/etl-sigos.env \
        etl-sigos/profiles/sigos/portal.yaml etl-sigos/sql/postgres/readonly_role.sql; do
        [ -s root/usr/share/"$file" ] || fail "$file is not installed"
    done
    expect_in root/usr/share/doc/etl-sigos/CHANGELOG.md "## [$("$ETL" version | cut -d' ' -f2)]"
    # The program accepts the installed example.
    etl status --env-file root/usr/share/doc/etl-sigos/examples/etl-sigos.env \
        --profile root/usr/share/etl-sigos/profiles/sigos
    [ "$CODE" != 2 ] || fail "the examples are refused: $(cat log.txt)"
    install_or_not uninstall DESTDIR="$PWD/root" PREFIX=/usr
    expect_equal "what is left" "$(find root -type f -o -name '*etl-sigos*')" ""
    [ -d root/usr/share/doc/other ] || fail "somebody else's folder is gone"
}

test_every_folder_of_an_installation_may_be_named() {
    install_or_not install DESTDIR="$PWD/root" prefix=/opt bindir=/b datadir=/d docdir=/doc sysconfdir=/etc
    expect_equal "what stands at the top" "$(find root -mindepth 1 -maxdepth 1 | sort | tr '\n' ' ')" "root/b root/d root/doc "
    for file in b/etl-sigos d/etl-sigos/profiles/sigos/portal.yaml doc/LICENSE; do
        [ -s root/"$file" ] || fail "$file is not there: $(find root)"
    done
    install_or_not uninstall DESTDIR="$PWD/root" prefix=/opt bindir=/b datadir=/d docdir=/doc
    expect_equal "what is left" "$(find root -type f)" ""
}

run_tests "$@"
