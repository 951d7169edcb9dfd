#!/usr/bin/env bash
# Several windows at a time, each in its own session: the table is the truth, however the portal treats several
# sessions of one user, and whatever fails in one of them.
. "$(dirname "$0")/../support/e2e.bash"

from=2026-01-01

cycle() { # JOBS MODE
    SIGOS_JOBS=$1 SIGOS_MODE=$2 etl full general --from "$from" --today "$TODAY"
}

expect_truth() {
    expect_code 0
    expect_table_is_truth general general_reports "$from" "$TODAY"
}

state_of() { # NAME: prints a number of the simulator's state
    ask_portal GET /_sim/state | grep -o "\"$1\":[ ]*[0-9]*" | grep -o '[0-9]*$'
}

test_four_sessions_export_at_the_same_time_in_both_modes() {
    for mode in click auto; do
        start_portal --lock-session on --gather 4 --delay-ms 400
        rm -f sigos.db*
        cycle 4 "$mode"
        expect_truth
        expect_equal "logins ($mode)" "$(state_of logins)" 4
        expect_equal "exports at a time ($mode)" "$(state_of running_max)" 4
        stop_portal
    done
    # The verdict of one session serves all.
    expect_equal "proofs" "$(grep -c '"event":"replay.proven".*"same":"bytes"' log.txt)" 1
    expect_in log.txt '"same":"request as in another session"'
}

# The portal ends the older session at each login. All sessions but one give up, and none is ended twice.
test_a_portal_that_lets_a_user_in_once_keeps_one_session() {
    for mode in click auto; do
        start_portal --single-session on --lock-session on --await-logins 3
        rm -f sigos.db*
        cycle 3 "$mode"
        expect_truth
        expect_equal "sessions given up ($mode)" "$(grep -c '"event":"portal.session_displaced"' log.txt)" 2
        [ "$(state_of logins)" -le 4 ] || fail "$(state_of logins) logins: they throw each other out"
        stop_portal
    done
}

test_a_portal_that_refuses_a_second_session_is_asked_for_one_only_once() {
    start_portal --fault locked@2 --delay-ms 50
    cycle 4 auto
    expect_truth
    expect_in log.txt '"event":"jobs.fewer"'
    expect_equal "logins tried" "$(state_of login_attempts)" 2
}

test_sessions_that_expire_while_others_go_on_are_begun_anew() {
    start_portal --expire-exports 3 --gather 2
    cycle 2 click
    expect_truth
    expect_in log.txt '"event":"portal.logged_out"'
    ! grep -q portal.session_displaced log.txt || fail "a session that expired was taken for a displaced one"
}

# The fifth login is that of the first session that logs in again.
test_a_session_that_is_let_in_no_more_leaves_its_windows_to_the_others() {
    start_portal --expire-exports 2 --gather 4 --fault locked@5
    cycle 4 click
    expect_truth
    expect_in log.txt '"event":"jobs.fewer"'
    expect_equal "windows that failed" "$(sql "select count(*) from etl_windows where status <> 'loaded'")" 0
}

# Neighbouring windows belong to different sessions and are compared nevertheless.
test_a_short_file_is_found_by_the_neighbour_that_another_session_has() {
    start_portal --delay-ms 50 --fault "short:percent=60@window=2026-01-31,first=1" --fault "short:percent=97@window=2026-05-31,first=1"
    cycle 4 auto
    expect_truth
    expect_in log.txt 'two exports disagree about'
}

test_a_failure_of_one_session_is_nothing_to_the_others() {
    start_portal --delay-ms 50 --fault "http500@window=2026-03-02,first=1" --fault "cut:percent=40@window=2026-06-30,first=1" \
        --fault "expired@window=2026-09-28,first=1"
    cycle 3 click
    expect_truth
}

test_a_stop_signal_ends_all_sessions_and_leaves_no_browser() {
    start_portal --fault hang@2 --fault hang@3 --fault hang@4
    export SIGOS_JOBS=4
    "$ETL" full general --from "$from" --today "$TODAY" >out.txt 2>log.txt &
    local pid=$!
    wait_for_exports 4
    SECONDS=0
    kill -TERM "$pid"
    wait "$pid"
    CODE=$?
    expect_code 143
    [ "$SECONDS" -le 10 ] || fail "it took $SECONDS s"
    ! pgrep -f -- "--user-data-dir=$PWD" >/dev/null || fail "a browser is left"
    expect_equal "folders left" "$(find . -name 'etl-sigos-*' | wc -l)" 0
}

test_a_run_that_is_killed_takes_all_its_browsers_along() {
    start_portal --fault hang@2 --fault hang@3
    export SIGOS_JOBS=3
    "$ETL" full general --from "$from" --today "$TODAY" >out.txt 2>log.txt &
    local pid=$!
    wait_for_exports 3
    kill -KILL "$pid"
    wait "$pid" 2>/dev/null
    SECONDS=0
    while pgrep -f -- "--user-data-dir=$PWD" >/dev/null; do
        [ "$SECONDS" -le 3 ] || fail "browsers outlive the run"
    done
}

run_tests "$@"
