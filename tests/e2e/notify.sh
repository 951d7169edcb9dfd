#!/usr/bin/env bash
# What the outside world is told of runs: pings, alerts, the digest of a day, metrics.
. "$(dirname "$0")/../support/e2e.bash"

messages() { # how many came
    find inbox -name '*.head' | wc -l
}

# expect_message N HEAD TEXT...: the N-th message's first line matches, and its body has the texts.
expect_message() {
    local n=$1 head=$2 text
    shift 2
    [ -e "inbox/$n.head" ] || fail "there is no message $n"
    head -n 1 "inbox/$n.head" | grep -qE -- "$head" || fail "message $n is $(head -n 1 "inbox/$n.head"), not $head"
    for text in "$@"; do
        grep -qF -- "$text" "inbox/$n.body" || fail "message $n does not say '$text': $(cat "inbox/$n.body")"
    done
}

uuid='[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'

test_a_dead_mans_switch_hears_start_success_and_failure() {
    local first second
    start_portal
    start_receiver
    export PING_URL=$RECEIVER/ping/secret-uuid
    etl incremental --today "$TODAY"
    expect_code 0
    expect_equal "messages" "$(messages)" 2
    expect_message 1 "^POST /ping/secret-uuid/start\?rid=$uuid$"
    expect_message 2 "^POST /ping/secret-uuid/0\?rid=$uuid$" 'general_reports: ' 'windows loaded'
    first=$(sed -n '1s/.*rid=//p' inbox/1.head)
    second=$(sed -n '1s/.*rid=//p' inbox/2.head)
    expect_equal "the run's number" "$second" "$first"
    SIGOS_SENHA=falsch etl incremental --today "$TODAY"
    expect_code 6
    expect_message 4 '^POST /ping/secret-uuid/6\?rid=' 'the portal refuses: Usuário ou senha inválidos.'
    ! grep -rqF "$CANARY" inbox out.txt log.txt || fail "the password was sent"
    ! grep -qF secret-uuid out.txt log.txt || fail "the address of the switch is shown"
}

test_any_other_service_is_pinged_by_placeholders() {
    start_portal
    start_receiver
    PING_URL="$RECEIVER/api/push/key?status={event}&code={code}&msg={run}" etl incremental --today "$TODAY"
    expect_message 1 '^POST /api/push/key\?status=start&code=&msg=[0-9a-f-]+$'
    expect_message 2 '^POST /api/push/key\?status=success&code=0&msg=[0-9a-f-]+$'
}

test_people_are_told_when_runs_begin_to_fail_and_when_they_work_again() {
    start_portal
    start_receiver
    export ALERT_WEBHOOK_URL=$RECEIVER/hook ALERT_DIGEST=false
    etl incremental --today "$TODAY"
    expect_equal "messages after a good run" "$(messages)" 0
    for _ in 1 2 3; do
        SIGOS_SENHA=falsch etl incremental --today "$TODAY"
        expect_code 6
    done
    expect_equal "messages after three failures" "$(messages)" 1
    expect_message 1 '^POST /hook$' '"event":"failed"' '"exit_code":6' '"previous_exit_code":0' \
        'failed with exit code 6 (portal or login); the one before ended with 0 (done)' 'inválidos' '"summary":{"run":'
    expect_equal "the type" "$(sed -n 2p inbox/1.head)" application/json
    etl incremental --today "$TODAY"
    expect_code 0
    expect_equal "messages after a recovery" "$(messages)" 2
    expect_message 2 '^POST /hook$' '"event":"recovered"' 'works again'
    etl incremental --today "$TODAY"
    expect_equal "messages after another good run" "$(messages)" 2
    etl full --from 2026-10-01 --today "$TODAY"
    SIGOS_SENHA=falsch etl full general --today "$TODAY"
    expect_equal "messages after parts of cycles" "$(messages)" 2
}

test_slack_and_teams_get_what_they_take() {
    start_portal
    start_receiver
    export ALERT_WEBHOOK_URL=$RECEIVER/hook
    ALERT_FORMAT=slack SIGOS_SENHA=falsch etl incremental --today "$TODAY"
    expect_message 1 '^POST /hook$' '{"text":"etl-sigos on '
    rm sigos.db
    ALERT_FORMAT=teams SIGOS_SENHA=falsch etl incremental --today "$TODAY"
    expect_message 2 '^POST /hook$' '"contentType":"application/vnd.microsoft.card.adaptive"' '"type":"TextBlock"'
    ALERT_FORMAT=pager etl incremental --today "$TODAY"
    expect_code 2
    expect_in log.txt 'ALERT_FORMAT must be json, slack or teams'
}

test_the_first_run_of_a_day_sends_the_digest_of_the_day_before() {
    start_portal
    start_receiver
    export ALERT_WEBHOOK_URL=$RECEIVER/hook
    etl incremental --today "$TODAY"
    etl incremental --today "$TODAY"
    expect_equal "messages on the first day" "$(messages)" 0
    inserted=$(sql "select sum(inserted) from etl_windows where report = 'general_reports'")
    sql "update etl_runs set started_at = '2026-01-05T10:00:00-03:00', id = '20260105T10000' || rowid || '.000-00000000';
         update etl_windows set started_at = '2026-01-05T10:00:00-03:00'"
    etl incremental --today "$TODAY"
    expect_equal "messages on the next day" "$(messages)" 1
    expect_message 1 '^POST /hook$' '"event":"digest"' ', 2026-01-05: 2 runs, all of them good' "general_reports: $inserted rows inserted"
    etl incremental --today "$TODAY"
    expect_equal "messages later that day" "$(messages)" 1
}

test_whoever_does_not_answer_neither_fails_nor_holds_up_a_run() {
    start_portal
    start_receiver
    PING_URL=$RECEIVER/answer/500 ALERT_WEBHOOK_URL=http://127.0.0.1:9/hook METRICS_FILE=nowhere/x SIGOS_SENHA=falsch \
        etl incremental --today "$TODAY"
    expect_code 6
    expect_in log.txt '"event":"notify.lost","what":"ping","error":"127.0.0.1 answered HTTP 500"'
    expect_in log.txt '"event":"notify.lost","what":"failed"'
    expect_in log.txt '"event":"notify.lost","what":"metrics"'
    SECONDS=0
    PING_URL=$RECEIVER/hang etl incremental --today "$TODAY"
    expect_code 0
    [ "$SECONDS" -le 25 ] || fail "it took $SECONDS s"
    grep '"event":"notify.lost","what":"ping"' log.txt | grep -q 'Timeout was reached' || fail "$(cat log.txt)"
    # The start did not hold up the run: its windows were loaded before the ping was given up.
    expect_equal "the order" "$(grep -oE 'notify.lost|run.ended' log.txt | head -n 1)" run.ended
}

test_metrics_are_a_file_of_prometheus() {
    local read
    start_portal
    METRICS_FILE=$PWD/etl.prom etl incremental --today "$TODAY"
    expect_code 0
    read=$(sql "select sum(rows_read) from etl_windows where report = 'general_reports'")
    expect_in etl.prom "etl_sigos_rows_read{report=\"general_reports\",mode=\"incremental\"} $read"
    expect_in etl.prom 'etl_sigos_run_exit_code{mode="incremental"} 0'
    ! grep -qvE '^(# (HELP|TYPE) etl_sigos_[a-z_]+ .*|etl_sigos_[a-z_]+\{[^}]*\} [0-9.]+)$' etl.prom || fail "$(cat etl.prom)"
    expect_equal "files" "$(find . -name 'etl.prom*' | wc -l)" 1
    METRICS_FILE=$PWD/etl.prom SIGOS_SENHA=falsch etl incremental --today "$TODAY"
    expect_in etl.prom 'etl_sigos_run_exit_code{mode="incremental"} 6'
}

run_tests "$@"
