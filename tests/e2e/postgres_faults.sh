#!/usr/bin/env bash
# A PostgreSQL server that fails during a cycle. The run waits for a failure that passes, and then the tables are the
# truth. Any other failure is reported once, with what to do.
. "$(dirname "$0")/../support/e2e.bash"
. "$(dirname "$0")/../support/postgres.bash"

from=2026-06-01

# Runs etl ARGS in the background, with output in cycle.txt and cycle.log.
start_etl() {
    "$ETL" "$@" >cycle.txt 2>cycle.log &
    etl_pid=$!
}

wait_etl() {
    wait "$etl_pid"
    CODE=$?
    cp cycle.txt out.txt && cp cycle.log log.txt
}

# until_it WHAT COMMAND…: repeats the command until it succeeds, as long as the program runs.
until_it() {
    local what=$1
    shift
    SECONDS=0
    until "$@" 2>/dev/null; do
        kill -0 "$etl_pid" 2>/dev/null || { tail -n 3 cycle.log; fail "the program ended before it $what"; }
        [ "$SECONDS" -lt 60 ] || fail "it did not: $what"
    done
}

is_in_mid_cycle() {
    [ "$(pg 'select count(*) from etl_windows')" -ge 2 ]
}

has_retried() { # [TIMES]
    [ "$(retries)" -ge "${1:-1}" ]
}

retries() {
    grep -c '"event":"retry"' cycle.log
}

expect_truth() {
    expect_code 0
    expect_pg_is_truth general general_reports "$from" "$TODAY"
    expect_pg_is_truth return return_reports "$from" "$TODAY"
    expect_equal "windows that were not loaded" "$(pg "select count(*) from etl_windows where status <> 'loaded'")" 0
    expect_equal "runs" "$(pg 'select count(*), min(exit_code) from etl_runs')" "$(printf '1\t0')"
    expect_equal "the lease" "$(pg 'select count(run_id) from etl_lease')" 0
}

test_a_server_that_crashes_in_mid_cycle_is_waited_for() {
    start_portal --delay-ms 1500
    start_postgres
    start_etl full --from "$from" --today "$TODAY"
    until_it "loaded two windows" is_in_mid_cycle
    stop_server
    ask_portal POST '/_sim/delay?ms=0' >/dev/null
    until_it "tried again" has_retried
    start_server
    wait_etl
    expect_truth
}

test_a_pooler_that_is_killed_in_mid_cycle_is_waited_for() {
    start_portal --delay-ms 1500
    start_postgres
    start_pooler
    start_etl full --from "$from" --today "$TODAY"
    until_it "loaded two windows" is_in_mid_cycle
    stop_pooler
    ask_portal POST '/_sim/delay?ms=0' >/dev/null
    until_it "tried again" has_retried
    start_pooler
    wait_etl
    expect_truth
}

# A sequence does not go back with a transaction, so each of these happens once.
test_what_ends_within_windows_is_tried_again() {
    start_portal
    start_postgres
    etl check --offline
    expect_code 0
    pg "create sequence mischief;
        create function mischief() returns trigger language plpgsql as \$\$
            begin
                case nextval('mischief')
                    when 100 then perform pg_terminate_backend(pg_backend_pid());
                    when 700 then raise sqlstate '40001';
                    when 1200 then raise sqlstate '40P01';
                    when 1700 then raise sqlstate '53200';
                    else null;
                end case;
                return new;
            end \$\$;
        create trigger mischief before insert on general_reports for each row execute function mischief()"
    start_etl full general --from "$from" --today "$TODAY"
    wait_etl
    expect_code 0
    expect_equal "the tries after a failure" "$(retries)" 4
    expect_equal "windows that were not loaded" "$(pg "select count(*) from etl_windows where status <> 'loaded'")" 0
    expect_pg_is_truth general general_reports "$from" "$TODAY"
    expect_equal "the changes that a first load has logged" "$(pg 'select count(*) from etl_changes')" 0
}

test_a_server_that_starts_late_is_waited_for() {
    start_portal
    start_postgres
    stop_server
    start_etl full --from "$from" --today "$TODAY"
    until_it "tried again" has_retried
    start_server
    wait_etl
    expect_truth
}

test_a_stop_signal_ends_the_wait_for_a_server() {
    start_postgres
    stop_server
    "$SIM" export --report general --from 2025-01-01 --to 2025-01-31 --seed "$SEED" --rows "$ROWS" --today "$TODAY" >relatorio_prot_geral.csv
    start_etl load relatorio_prot_geral.csv
    until_it "tried again" has_retried
    SECONDS=0
    kill -TERM "$etl_pid"
    wait_etl
    expect_code 143
    [ "$SECONDS" -le 2 ] || fail "it took $SECONDS s to stop"
}

test_a_wrong_password_is_tried_once() {
    start_postgres
    pg "alter role etl password 'right'"
    stop_server
    echo 'local all all scram-sha-256' >"$PG_FOLDER/data/pg_hba.conf"
    start_server
    "$SIM" export --report general --from 2025-01-01 --to 2025-01-31 --seed "$SEED" --rows "$ROWS" --today "$TODAY" >relatorio_prot_geral.csv
    DATABASE_URL="postgres://etl:wr0ng-0815@/postgres?host=$PG_FOLDER" etl load relatorio_prot_geral.csv
    expect_code 7
    expect_in out.txt DB_PASS
    expect_equal "the tries that the server saw" "$(grep -c 'password authentication failed' "$PG_FOLDER/log")" 1
    ! grep -q '"event":"retry"' log.txt || fail "it was tried again"
    ! grep -q 'wr0ng-0815' out.txt log.txt || fail "the password is in the output"
    DATABASE_URL="postgres://etl:right@/postgres?host=$PG_FOLDER" etl load relatorio_prot_geral.csv
    expect_code 0
}

test_a_disk_that_fills_up_in_mid_cycle_ends_the_run_and_loses_nothing() {
    local folder
    folder=$(mktemp -d /tmp/etl-shim.XXXXXX) # a place that the server's user can read
    cp "$BUILD/disk_full.so" "$folder/" && chmod 755 "$folder"
    start_portal --delay-ms 100
    PG_PRELOAD=$folder/disk_full.so start_postgres
    rm -rf "$folder"
    start_etl full --from 2022-03-01 --today "$TODAY"
    until_it "loaded two windows" is_in_mid_cycle
    : >"$PG_FOLDER/full.base"
    wait_etl
    expect_code 3
    expect_in out.txt "make room on the database's disk"
    ! grep -q '"event":"retry"' log.txt || fail "it was tried again"
    expect_equal "windows that were loaded and are not the ledger's sum" "$(pg "select (select sum(inserted - deleted) from etl_windows where status = 'loaded')
        - (select count(*) from general_reports) - (select count(*) from return_reports)")" 0
    expect_equal "the lease" "$(pg 'select count(run_id) from etl_lease')" 0
    rm "$PG_FOLDER/full.base"
    ask_portal POST '/_sim/delay?ms=0' >/dev/null
    etl full --today "$TODAY"
    expect_code 0
    expect_pg_is_truth general general_reports
    expect_pg_is_truth return return_reports
}

test_a_replica_is_refused_and_says_so() {
    start_postgres
    "$SIM" export --report general --from 2025-01-01 --to 2025-01-31 --seed "$SEED" --rows "$ROWS" --today "$TODAY" >relatorio_prot_geral.csv
    etl load relatorio_prot_geral.csv
    expect_code 0
    start_standby
    export DATABASE_URL="postgres://etl@/postgres?host=$PG_FOLDER/standby"
    etl load relatorio_prot_geral.csv
    expect_code 7
    expect_in out.txt 'the database is read-only: is it a replica'
    ! grep -q '"event":"retry"' log.txt || fail "it was tried again"
    expect_equal "the runs" "$(pg 'select count(*) from etl_runs')" 1
}

run_tests "$@"
