#!/usr/bin/env bash
# The demo, which a new user runs first. Its today is the real one, so it also tests the simulator's newest days.
. "$(dirname "$0")/../support/e2e.bash"

test_the_demo_loads_everything_and_shows_what_an_audit_changed() {
    DEMO_BUILD=$BUILD DEMO_DIR=$PWD/demo "$ROOT/scripts/demo" >out.txt 2>log.txt ||
        fail "it ended with $?: $(tail -n 3 out.txt log.txt)"
    expect_equal "the windows that were not loaded" \
        "$(sqlite3 demo/sigos.db "select count(*) from etl_windows where status <> 'loaded'")" 0
    for op in delete insert update; do
        expect_in out.txt "general_reports  $op "
        expect_in out.txt "return_reports   $op "
    done
    # The pages: in a file, and by the command that it prints for who has no terminal.
    expect_equal "pages of the report" "$(grep -o '<section class="pagina"' demo/report.html | wc -l)" 7
    expect_in out.txt "etl-sigos serve"
}

run_tests "$@"
