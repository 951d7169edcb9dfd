#!/usr/bin/env bash
# Every exit code of the program, really produced: by the command that the table below names, which the manual's table must name
# too (docs/manual/quando-algo-da-errado.md).
. "$(dirname "$0")/../support/e2e.bash"

TABLE=$ROOT/docs/manual/quando-algo-da-errado.md

# code, command, how it comes about
codes='
0   incremental  a cycle against a portal that works
1   load         a file that is not there
2   full         no password
3   incremental  one report asks the portal for what it does not have
4   load         an export that lacks most rows of the table
5   load         another run holds the lease
6   incremental  a wrong password
7   full         a database that is none
8   check        a row that somebody edited
9   status       a database into which nothing was loaded
130 full         SIGINT while a window is awaited
143 schedule     SIGTERM while the next start is awaited
'

command_of() { # CODE
    awk -v code="$1" '$1 == code { print $2 }' <<<"$codes"
}

# ends_with CODE ARGS…: runs the command of the table, and expects the code, also in the ledger if a run came so far.
ends_with() {
    local code=$1
    shift
    etl "$(command_of "$code")" "$@"
    expect_code "$code"
}

in_the_ledger() { # CODE
    expect_equal "the code in the ledger" "$(sql 'select exit_code from etl_runs order by id desc limit 1')" "$1"
}

test_0_is_the_end_of_a_cycle_that_loaded_everything() {
    start_portal
    ends_with 0 --today "$TODAY"
    in_the_ledger 0
}

test_1_is_a_file_that_is_not_there() {
    ends_with 1 nowhere/relatorio_prot_geral.csv
    expect_in log.txt 'No such file'
}

test_2_is_a_password_that_is_missing() {
    unset SIGOS_SENHA
    ends_with 2
    expect_in log.txt SIGOS_SENHA
    [ ! -e sigos.db ] || fail "a database was made"
}

test_3_is_a_report_that_was_lost_beside_one_that_was_loaded() {
    start_portal
    cp -r "$ROOT/profiles/sigos" profile
    sed -i 's/^\( *\)element:.*/\1element: 2/' profile/portal.yaml
    sed -i 's/value: tudo/value: nada/' profile/general_reports.yaml
    ends_with 3 --profile profile --today "$TODAY"
    in_the_ledger 3
    [ "$(sql 'select count(*) from return_reports')" -gt 0 ] || fail "the other report was not loaded"
}

test_4_is_an_export_that_lacks_most_rows() {
    general_file relatorio_prot_geral.csv 100
    etl load relatorio_prot_geral.csv
    expect_code 0
    general_file relatorio_prot_geral.csv 10
    ends_with 4 relatorio_prot_geral.csv --from 2025-03-01 --to 2025-03-31
    in_the_ledger 4
    expect_equal "the rows" "$(sql 'select count(*) from general_reports')" 100
}

test_5_is_a_lease_that_another_run_holds() {
    general_file relatorio_prot_geral.csv 3
    etl check --offline
    expect_code 0
    sql "update etl_lease set run_id = 'run-1', holder = 'another machine', expires_at = 99999999999"
    ends_with 5 relatorio_prot_geral.csv
    expect_equal "the rows" "$(sql 'select count(*) from general_reports')" 0
}

test_6_is_a_login_that_the_portal_refuses() {
    start_portal
    SIGOS_SENHA=errada ends_with 6 --today "$TODAY"
    in_the_ledger 6
}

test_7_is_a_file_that_is_no_database() {
    echo 'no database' >sigos.db
    SIGOS_URL=http://127.0.0.1:9/ ends_with 7
    expect_equal "the file" "$(cat sigos.db)" 'no database'
}

test_8_is_a_row_that_somebody_edited() {
    general_file relatorio_prot_geral.csv 5
    etl load relatorio_prot_geral.csv
    sql "update general_reports set \"STATUS\" = 'MINE' where \"UC / MD\" = '0000002'"
    ends_with 8 --verify
}

test_9_is_a_database_into_which_nothing_was_loaded() {
    ends_with 9
    etl check --offline
    ends_with 9
}

# stop_with SIGNAL: sends it to STARTED, and waits for its end.
stop_with() {
    kill "-$1" "$STARTED"
    wait "$STARTED"
    CODE=$?
}

test_130_is_a_cycle_that_ctrl_c_stopped() {
    start_portal --delay-ms 600000
    "$ETL" "$(command_of 130)" --today "$TODAY" >out.txt 2>log.txt &
    STARTED=$!
    wait_for_exports 1
    stop_with INT
    expect_code 130
    in_the_ledger 130
}

test_143_is_a_schedule_that_was_ended() {
    start_portal
    "$ETL" "$(command_of 143)" >out.txt 2>log.txt &
    STARTED=$!
    SECONDS=0
    until grep -q schedule.next log.txt; do
        [ "$SECONDS" -lt 30 ] || fail "the schedule does not wait"
    done
    stop_with TERM
    expect_code 143
}

test_the_manual_has_each_code_with_the_command_that_ended_with_it() {
    local code command _
    sed -n 's/^| \([0-9]*\) |.*/\1/p' "$TABLE" | sort -n >manual.txt
    awk 'NF { print $1 }' <<<"$codes" | sort -n >produced.txt
    diff manual.txt produced.txt || fail "the codes of the manual (<) and those that are produced (>) differ"
    declare -F | sed -n 's/^declare -f test_\([0-9]*\)_.*/\1/p' | sort -n >tested.txt
    diff produced.txt tested.txt || fail "a code of the table has no test"
    while read -r code command _; do
        [ -n "$code" ] || continue
        # Its third cell names the commands that may end so.
        sed -n "s/^| $code | [^|]* | \\([^|]*\\) |.*/\\1/p" "$TABLE" >cell.txt
        grep -qE "\`$command\b|todos" cell.txt || fail "the manual does not say that $command may end with $code: $(cat cell.txt)"
    done <<<"$codes"
}

run_tests "$@"
