#!/usr/bin/env bash
# Commands that only read, on full, partial and empty databases: they write nothing.
. "$(dirname "$0")/../support/e2e.bash"
. "$(dirname "$0")/../support/postgres.bash"
. "$(dirname "$0")/../support/both.bash"

from=2026-06-01

# windows, read, inserted, updated, deleted, unchanged of each report, from the table at the end of a run
counts() {
    sed -n 's/^\(general\|return\)_reports  *//p' out.txt | awk '{print $1, $2, $6, $7, $8, $9}'
}

both_a_plan_without_a_database_is_what_the_first_cycle_does() {
    start_portal
    etl full --plan --today "$TODAY"
    expect_code 0
    expect_in out.txt 'nothing was written'
    planned=$(counts)
    expect_untouched
    etl incremental --plan --resume --json --today "$TODAY"
    expect_code 0
    expect_untouched
    etl full --today "$TODAY"
    expect_code 0
    expect_equal "what the cycle did" "$(counts)" "$planned"
    [ "$(sql 'select count(*) from general_reports')" -gt 1000 ] || fail "there was nothing to insert"
    expect_equal "the inserts of the plan" "$(echo "$planned" | awk '{ n += $3 } END { print n }')" \
        "$(sql 'select (select count(*) from general_reports) + (select count(*) from return_reports)')"
}

both_a_plan_beside_a_table_that_is_not_there_makes_none() {
    start_portal
    etl full --from "$from" --today "$TODAY"
    sql 'drop table return_reports'
    audit 1
    before=$(table general_reports | sha256sum)
    etl full --plan --from "$from" --today "$TODAY"
    expect_code 0
    expect_equal "the tables" "$(tables_there | grep -c return_reports)" 0
    expect_equal "the other table" "$(table general_reports | sha256sum)" "$before"
    planned=$(counts)
    etl full --from "$from" --today "$TODAY"
    expect_code 0
    expect_equal "what the cycle did" "$(counts)" "$planned"
    expect_table_is_truth return return_reports "$from" "$TODAY"
}

both_reading_a_database_that_is_not_there_says_what_to_run_and_makes_none() {
    for command in status changes rejects; do
        code=$([ "$command" = status ] && echo 9 || echo 0)
        etl "$command"
        expect_code "$code"
        expect_in out.txt 'nothing was loaded yet'
        expect_in out.txt 'etl-sigos full'
        etl "$command" --json
        expect_code "$code"
        [ ! -s out.txt ] || fail "$command --json prints what is no JSON: $(cat out.txt)"
        expect_in log.txt 'nothing was loaded yet'
        expect_untouched
    done
    etl changes nothing
    expect_code 2
    expect_untouched
}

both_a_database_of_an_older_program_is_only_read_after_check() {
    etl check --offline
    expect_code 0
    before=$(tables_there)
    sql 'delete from etl_migrations where version > 2; drop table etl_columns; drop table etl_unread_lines;
         drop table etl_kept_rows; drop table etl_habits; alter table etl_windows drop column kept;
         alter table etl_windows drop column rows_left_out'
    [ ! -e sigos.db ] || sql 'pragma user_version = 2'
    older=$(tables_there)
    for words in status changes "full --plan --today $TODAY"; do
        # shellcheck disable=SC2086 # words
        SIGOS_URL=http://127.0.0.1:9/ etl $words
        expect_code 7
        # shellcheck disable=SC2016 # the backquotes are the message's
        grep -q 'older etl-sigos: `etl-sigos check` brings its tables up to date' out.txt log.txt || fail "'$words' does not say what to do"
        expect_equal "the tables after $words" "$(tables_there)" "$older"
    done
    etl check --offline
    expect_code 0
    expect_equal "the tables after check" "$(tables_there)" "$before"
    etl status
    expect_code 9 # nothing was loaded
}

# A table is missing, which a run would make, and so would a check.
both_who_finds_another_runs_lease_changes_nothing() {
    etl check --offline
    expect_code 0
    sql "drop table return_reports; update etl_lease set run_id = 'run-1', holder = 'another machine', expires_at = 99999999999"
    before=$(tables_there)
    "$SIM" export --report general --from 2025-01-01 --to 2025-01-31 --seed "$SEED" --rows "$ROWS" --today "$TODAY" >relatorio_prot_geral.csv
    etl load relatorio_prot_geral.csv
    expect_code 5
    SIGOS_URL=http://127.0.0.1:9/ etl full --today "$TODAY"
    expect_code 5
    etl check --offline
    expect_code 0
    expect_in out.txt 'another run holds the lease: run-1 of another machine'
    expect_equal "the tables" "$(tables_there)" "$before"
    expect_equal "runs" "$(sql 'select count(*) from etl_runs')" 0
}

both_the_status_of_one_report_knows_nothing_of_the_others() {
    "$SIM" export --report general --from 2025-01-01 --to 2025-01-31 --seed "$SEED" --rows "$ROWS" --today "$TODAY" >relatorio_prot_geral.csv
    printf 'no export\n' >retorno.csv
    etl load relatorio_prot_geral.csv --from 2025-01-01 --to 2025-01-31
    expect_code 0
    general=$(sql 'select max(id) from etl_runs')
    etl load --report return_reports retorno.csv
    returns=$(sql 'select max(id) from etl_runs')
    for words in 'status general' 'status --report general_reports'; do
        # shellcheck disable=SC2086 # words
        etl $words
        expect_code 9 # January is stale
        expect_in out.txt "$general"
        expect_in out.txt 2025-01-31
        ! grep -q "$returns\|return_reports" out.txt || fail "'$words' tells of the other report: $(cat out.txt)"
    done
    etl status return
    expect_in out.txt "$returns"
    ! grep -q "$general" out.txt || fail "tells of the other report"
    etl status
    expect_in out.txt "$general"
    expect_in out.txt "$returns"
    for words in 'status nothing' 'changes nothing' 'load --report nothing retorno.csv' 'schedule nothing' 'full nothing'; do
        # shellcheck disable=SC2086 # words
        etl $words
        expect_code 2
        expect_in log.txt "there is no report 'nothing'; the profile has: general_reports, return_reports"
    done
}

test_reading_leaves_the_file_as_it_is() {
    "$SIM" export --report general --from 2025-01-01 --to 2025-01-31 --seed "$SEED" --rows "$ROWS" --today "$TODAY" >relatorio_prot_geral.csv
    etl load relatorio_prot_geral.csv
    expect_code 0
    sum=$(sha256sum sigos.db)
    etl status
    expect_code 9
    expect_in out.txt "$(sql 'select max(id) from etl_runs')"
    expect_equal "the file" "$(sha256sum sigos.db)" "$sum"
}

test_a_replica_can_be_read() {
    start_postgres
    "$SIM" export --report general --from 2025-01-01 --to 2025-01-31 --seed "$SEED" --rows "$ROWS" --today "$TODAY" >relatorio_prot_geral.csv
    etl load relatorio_prot_geral.csv
    start_standby
    DATABASE_URL="postgres://etl@/postgres?host=$PG_FOLDER/standby" etl status
    expect_code 9
    expect_in out.txt "$(pg 'select max(id) from etl_runs')"
}

test_output_that_cannot_be_written_is_a_failure_and_a_closed_pipe_is_none() {
    for command in --help "status --help" version; do
        CODE=0
        # shellcheck disable=SC2086 # words
        "$ETL" $command >/dev/full 2>log.txt || CODE=$?
        expect_code 1
        expect_in log.txt 'cannot write the output: No space left on device'
    done
    { "$ETL" --help; echo $? >code.txt; } 2>log.txt | :
    # The reader may end before or after the last word. Exit code 141 means SIGPIPE.
    grep -qxE '0|141' code.txt || fail "a closed pipe ends with $(cat code.txt)"
    expect_equal "what is said of a closed pipe" "$(cat log.txt)" ""
}

run_tests_on_both "$@"
