#!/usr/bin/env bash
# Secrets: whatever the program writes, sends or starts, none of them is in it.
. "$(dirname "$0")/../support/e2e.bash"
. "$(dirname "$0")/../support/postgres.bash"

DATABASE_CANARY=db-canario-5512 PING_CANARY=ping-canario-8810 HOOK_CANARY=hook-canario-2277

prepare() {
    mkdir out
    start_receiver
    start_portal
    start_postgres
    export DATABASE_URL="postgres://etl:$DATABASE_CANARY@/postgres?host=$PG_FOLDER"
    export PING_URL="$RECEIVER/$PING_CANARY" ALERT_WEBHOOK_URL="$RECEIVER/$HOOK_CANARY"
    export LOG_LEVEL=debug LOG_FILE=$PWD/etl.log METRICS_FILE=$PWD/etl.prom EVIDENCE_DIR=$PWD/evidence
}

# run NAME ARGS: the output goes to a file of that name, and CODE is set.
run() {
    local name=$1
    shift
    "$ETL" "$@" >"out/$name.out" 2>"out/$name.err"
    CODE=$?
}

expect_no_canary() {
    local canary
    for canary in "$CANARY" "$DATABASE_CANARY" "$PING_CANARY" "$HOOK_CANARY"; do
        # The receiver's heads have the addresses to which it was asked: those may have theirs.
        ! grep -rlaF --exclude='*.head' -- "$canary" . >found.txt || fail "$canary is in $(cat found.txt)"
        rm -f found.txt
    done
    for canary in "$CANARY" "$DATABASE_CANARY"; do
        ! grep -rlF -- "$canary" inbox || fail "$canary was sent"
    done
}

test_no_command_writes_or_sends_a_secret_whatever_becomes_of_it() {
    local kind
    prepare
    run help --help
    run version version
    run check check
    run check-json check --json
    run nothing status
    run incremental incremental --today "$TODAY"
    [ "$CODE" = 0 ] || fail "exit code $CODE: $(cat out/incremental.err)"
    audit 1
    run plan full general --plan --from 2026-08-01 --today "$TODAY"
    run full full --from 2026-08-01 --today "$TODAY"
    run status status
    run status-json status --json
    run changes changes --limit 1000
    run rejects rejects --limit 1000
    run verify check --verify
    run legacy --report general --mode incremental --keep-files
    "$SIM" export --report general --from 2025-01-01 --to 2025-01-31 --seed "$SEED" --rows "$ROWS" --today "$TODAY" >relatorio_prot_geral.csv
    run load load relatorio_prot_geral.csv
    run next schedule --next 3
    run wrong incremental --nonsense "$CANARY" # a person types it where it does not belong
    rm out/wrong.err                           # its own words are repeated to the person who typed them
    for kind in locked captcha expired-password http500 message login-file html; do
        ask_portal POST "/_sim/fault?spec=$kind" >/dev/null
        run "check-$kind" check # which tries once
        [ "$CODE" != 0 ] || fail "$kind does not fail"
        [ "$kind" != locked ] || run locked incremental --today "$TODAY"
        ask_portal POST '/_sim/fault/clear' >/dev/null
    done
    SIGOS_URL=http://127.0.0.1:9/ run no-portal check
    stop_server
    run no-database check --offline
    [ "$CODE" = 7 ] || fail "exit code $CODE without a database"
    [ "$(find inbox -name '*.body' | wc -l)" -gt 4 ] || fail "few messages were sent"
    [ "$(find evidence -name '*.html' | wc -l)" -gt 2 ] || fail "few snapshots of failures were kept"
    expect_no_canary
}

# While an export is on its way: the program, the browser and its helpers.
test_no_process_shows_a_secret_and_none_may_leave_a_core() {
    local pid process count=0 canary
    prepare
    ask_portal POST '/_sim/variant?rate=20000' >/dev/null
    env -u SIM_SENHA "$ETL" incremental --today "$TODAY" >out.txt 2>log.txt & # the simulator's own
    pid=$!
    wait_for_exports 1
    for process in "$pid" $(pgrep -g "$(pgrep -P "$pid" | head -n 1)"); do
        [ -r "/proc/$process/environ" ] || continue
        for canary in "$CANARY" "$DATABASE_CANARY" "$PING_CANARY" "$HOOK_CANARY"; do
            ! grep -qaF -- "$canary" "/proc/$process/environ" "/proc/$process/cmdline" || fail "process $process shows $canary"
        done
        [ "$(awk '/^Max core file size/ { print $5 }' "/proc/$process/limits")" = 0 ] || fail "process $process may leave a core"
        count=$((count + 1))
    done
    [ "$count" -ge 3 ] || fail "only $count processes were seen"
    kill -TERM "$pid"
    wait "$pid"
    expect_equal "exit code" $? 143
}

run_tests "$@"
