#!/usr/bin/env bash
# Two cycles at once on one database: one writes, the other ends with exit code 5 and names the first.
. "$(dirname "$0")/../support/e2e.bash"
. "$(dirname "$0")/../support/postgres.bash"
. "$(dirname "$0")/../support/both.bash"

expect_tables_are_truth() {
    expect_table_is_truth general general_reports 2026-09-24 "$TODAY"
    expect_table_is_truth return return_reports 2026-05-28 "$TODAY"
    expect_equal "the lease" "$(sql 'select count(run_id) from etl_lease')" 0
}

each_a_cycle_that_comes_later_is_told_who_writes() {
    start_portal --delay-ms 3000
    "$ETL" incremental --today "$TODAY" >first.txt 2>first.log &
    first=$!
    wait_for_exports 1
    etl incremental --today "$TODAY"
    expect_code 5
    expect_in out.txt "another run holds the lease: $(sql 'select run_id from etl_lease')"
    expect_in out.txt "process $first"
    ask_portal POST '/_sim/delay?ms=0' >/dev/null
    wait "$first"
    expect_equal "the first one's exit code" $? 0
    expect_tables_are_truth
    expect_equal "the runs" "$(sql 'select count(*) from etl_runs')" 1
}

# Both cycles find no tables, make them, and want the lease. Either may win; the race is repeated.
each_of_two_cycles_that_begin_together_one_writes() {
    local again pids codes loser winner
    start_portal --delay-ms 1500
    for again in 1 2 3; do
        pids='' codes=''
        for one in a b; do
            "$ETL" incremental general --today "$TODAY" >"$one".txt 2>"$one".log &
            pids="$pids $!"
        done
        for pid in $pids; do
            wait "$pid"
            codes="$codes $?"
        done
        case $codes in
        ' 0 5') loser=b winner=${pids% *} ;;
        ' 5 0') loser=a winner=${pids##* } ;;
        *) cat a.txt b.txt && fail "the exit codes are$codes" ;;
        esac
        expect_in "$loser".txt "another run holds the lease"
        expect_in "$loser".txt "process ${winner# } "
        expect_equal "the runs" "$(sql 'select count(*) from etl_runs')" "$again"
        expect_table_is_truth general general_reports 2026-09-24 "$TODAY"
        audit "$again"
    done
    expect_equal "the lease" "$(sql 'select count(run_id) from etl_lease')" 0
}

run_tests_on_each "$@"
