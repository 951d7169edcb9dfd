#!/usr/bin/env bash
# Several processes share one full cycle: each loads some windows, none is loaded twice, none is left out.
. "$(dirname "$0")/../support/e2e.bash"
. "$(dirname "$0")/../support/postgres.bash"
. "$(dirname "$0")/../support/both.bash"

share() { # NAME-OF-OUTPUT ARGS: a process of the cycle, in the background; its number is in SHARER
    local name=$1
    shift
    "$ETL" full --share --today "$TODAY" "$@" >"$name".txt 2>"$name".log &
    SHARER=$!
}

loaded() { sql "select count(*) from etl_windows where status = 'loaded'${1:+ and $1}"; }

expect_each_window_once() {
    expect_equal "windows that were loaded twice" \
        "$(sql "select count(*) from (select report, own_first, count(*) as n from etl_windows where status = 'loaded' group by report, own_first) as w where n > 1")" 0
    expect_equal "what is not loaded" "$(sql "select count(*) from etl_windows where status <> 'loaded'")" 0
    expect_equal "the leases" "$(sql 'select count(run_id) from etl_lease')" 0
}

expect_tables_are_truth() {
    expect_table_is_truth general general_reports
    expect_table_is_truth return return_reports
}

# Prints how many windows the last line of a summary says others have loaded.
others_loaded() { grep -o '[0-9]* windows\? loaded by the other runs' "$1" | awk '{ n += $1 } END { print n + 0 }'; }

each_two_processes_share_a_full_cycle_of_both_reports() {
    local first second all
    start_portal
    share first
    first=$SHARER
    share second
    second=$SHARER
    wait "$first" || fail "the first ended with $?: $(tail -n 5 first.txt first.log)"
    wait "$second" || fail "the second ended with $?: $(tail -n 5 second.txt second.log)"
    expect_each_window_once
    expect_tables_are_truth
    all=$(loaded)
    expect_equal "the runs" "$(sql "select count(*) from etl_runs where exit_code = 0 and id like '%-share=$TODAY'")" 2
    expect_equal "the runs that loaded something" "$(sql "select count(*) from (select distinct run_id from etl_windows) as r")" 2
    expect_equal "windows of one and of the other" "$(($(others_loaded first.txt) + $(others_loaded second.txt)))" "$all"

    share third # comes when all is done
    wait "$SHARER" || fail "the third ended with $?: $(cat third.txt)"
    expect_equal "what the third finds done" "$(others_loaded third.txt)" "$all"
    expect_equal "the windows after it" "$(loaded)" "$all"

    audit 1 # the next cycle has another name
    share fourth --share=2026-11-24
    wait "$SHARER" || fail "the fourth ended with $?: $(cat fourth.txt)"
    expect_equal "the windows of two cycles" "$(loaded)" $((2 * all))
    expect_tables_are_truth
}

each_what_a_killed_process_leaves_the_other_loads() {
    local first second mine
    start_portal --delay-ms 200
    share first
    first=$SHARER
    share second
    second=$SHARER
    SECONDS=0
    until mine=$(sql "select count(*) from etl_windows" 2>/dev/null) && [ "$mine" -ge 12 ] 2>/dev/null; do
        [ "$SECONDS" -lt 60 ] || fail "no window was loaded: $(tail -n 3 first.log second.log)"
        kill -0 "$first" "$second" || fail "one has ended: $(tail -n 3 first.txt second.txt)"
    done
    kill -KILL "$first"
    wait "$first" 2>/dev/null
    ask_portal POST '/_sim/delay?ms=0' >/dev/null
    wait "$second" || fail "the second ended with $?: $(tail -n 5 second.txt second.log)"
    expect_each_window_once
    expect_tables_are_truth
    expect_equal "the runs that came to an end" "$(sql "select count(*) from etl_runs where exit_code = 0")" 1
    expect_equal "the runs that loaded something" "$(sql "select count(*) from (select distinct run_id from etl_windows) as r")" 2
}

each_an_hourly_cycle_is_told_of_the_shared_one() {
    start_portal --delay-ms 3000
    share first
    wait_for_exports 1
    etl incremental --today "$TODAY"
    expect_code 5
    expect_in out.txt "another run holds the lease of general_reports 2022-03-01 "
    expect_in out.txt "process $SHARER"
    kill -TERM "$SHARER"
    wait "$SHARER"
    expect_equal "the exit code of the one that was stopped" $? 143
    expect_equal "the leases" "$(sql 'select count(run_id) from etl_lease')" 0
}

test_a_share_has_a_good_name_and_needs_no_resume() {
    export SIGOS_URL=http://127.0.0.1:1/
    etl full --share='last sunday'
    expect_code 2
    expect_in log.txt "'last sunday' is no name for a cycle"
    etl full --share --resume
    expect_code 2
    expect_in log.txt "leave --resume out"
    etl full --share --plan
    expect_code 2
    expect_in log.txt "leave --plan out"
    etl incremental --share
    expect_code 2
    expect_in log.txt "--share is for full"
    [ ! -e sigos.db ] || fail "a database was made"
}

run_tests_on_each "$@"
