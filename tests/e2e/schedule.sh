#!/usr/bin/env bash
# The timetable: what it prints, what it makes up for, and how it hears signals.
. "$(dirname "$0")/../support/e2e.bash"

# A profile that is due every minute of every day, and makes up for what it missed.
every_minute() { # FOLDER
    cp -r "$ROOT/profiles/sigos" "$1"
    sed -i '/^timetable:/,$d' "$1/portal.yaml"
    cat >>"$1/portal.yaml" <<'END'
timetable:
  incremental: {days: [sun, mon, tue, wed, thu, fri, sat], from: '0:00', to: '23:59', every: 1, late: 1440}
END
}

# The ledger says that the last run was a while ago.
backdate_the_last_run() {
    sql "update etl_runs set id = strftime('%Y%m%dT%H%M%S', 'now', '-5 hours') || '.000-00000000'"
}

start_schedule() { # ARGS
    "$ETL" schedule "$@" >out.txt 2>log.txt &
    SCHEDULE_PID=$!
}

wait_for_log() { # TEXT [COUNT]
    SECONDS=0
    until [ "$(grep -cF -- "$1" log.txt)" -ge "${2:-1}" ]; do
        [ "$SECONDS" -lt 60 ] || { cat log.txt; fail "the log does not say: $1"; }
        kill -0 "$SCHEDULE_PID" 2>/dev/null || { cat log.txt; fail "the schedule ended"; }
    done
}

stop_schedule() {
    kill -TERM "$SCHEDULE_PID"
    wait "$SCHEDULE_PID"
    CODE=$?
}

test_the_coming_starts_are_printed_without_login_or_database() {
    local day wanted='' hour
    unset SIGOS_USUARIO SIGOS_SENHA
    etl schedule --next 130
    expect_code 0
    expect_equal "lines" "$(grep -c -- '-03:00' out.txt)" 130
    # Two whole weeks of what is printed, against the calendar of `date`.
    for day in $(seq 1 14); do
        case $(TZ=America/Sao_Paulo date -d "+$day day" +%u) in
        7) wanted+=$(TZ=America/Sao_Paulo date -d "+$day day" +%F)"T10:00:00-03:00  full"$'\n' ;;
        *) for hour in $(seq 9 18); do
            wanted+=$(TZ=America/Sao_Paulo date -d "+$day day" +%F)$(printf 'T%02d:30:00-03:00  incremental' "$hour")$'\n'
        done ;;
        esac
    done
    first=$(TZ=America/Sao_Paulo date -d '+1 day' +%F)
    printf '%s' "$wanted" | head -n 100 >wanted.txt
    sed -n "/^$first/,\$p" out.txt | sed 's/ *$//' | head -n 100 >printed.txt
    diff wanted.txt printed.txt || fail "the starts are others"
    etl schedule --next 1 --json
    grep -qE '^\{"at":"[^"]*","mode":"(incremental|full)"\}$' out.txt || fail "no JSON: $(cat out.txt)"
    etl schedule --next 0
    expect_code 2
    etl full --next 3
    expect_code 2
    expect_in log.txt "--next is for schedule"
}

test_a_start_that_was_missed_is_made_up_for_and_a_signal_ends_the_wait() {
    start_portal
    every_minute profile
    etl incremental --profile profile
    expect_code 0
    backdate_the_last_run
    start_schedule --profile profile
    wait_for_log '"event":"window.loaded"' 2
    wait_for_log '"event":"schedule.next"'
    expect_in log.txt 'a later start or a full cycle runs in its place'
    expect_equal "runs" "$(sql 'select count(*) from etl_runs where exit_code = 0')" 2
    stop_schedule
    expect_code 143
}

test_a_mode_that_never_ran_waits_for_its_next_start() {
    start_portal
    start_schedule
    wait_for_log '"event":"schedule.next"'
    stop_schedule
    expect_code 143
    ! grep -q 'left_out' log.txt || fail "something was missed before the first run"
    [ ! -e sigos.db ] || fail "a database was made"
}

test_sighup_reads_profile_and_secrets_again_or_keeps_what_it_has() {
    start_portal
    cp -r "$ROOT/profiles/sigos" profile
    start_schedule --profile profile
    wait_for_log '"event":"schedule.next"'
    echo 'HEADLESS=maybe' >.env
    kill -HUP "$SCHEDULE_PID"
    wait_for_log '"event":"schedule.not_reloaded"'
    expect_in log.txt 'HEADLESS must be true or false'
    wait_for_log '"event":"schedule.next"' 2 # it goes on
    echo 'HEADLESS=true' >.env
    sed -i "s/from: '10:00'/from: '11:17'/; s/^  incremental: .*//" profile/portal.yaml
    kill -HUP "$SCHEDULE_PID"
    wait_for_log '"event":"schedule.reloaded"'
    wait_for_log 'T11:17:00-03:00' # and the password, which only the environment had, is still there
    stop_schedule
    expect_code 143
    ! grep -qF "$CANARY" log.txt || fail "the log has the password"
}

test_without_schedule_sighup_ends_the_program() {
    start_portal --fault slow:rate=1000
    env --default-signal=HUP "$ETL" incremental >out.txt 2>log.txt & # who runs the tests may ignore it
    local pid=$!
    wait_for_exports 1
    kill -HUP "$pid"
    wait "$pid"
    expect_equal "exit code" $? 129
}

test_a_waiting_schedule_takes_little_memory_and_no_time() {
    ETL=$ROOT/build/release/etl-sigos # sanitizers need more
    start_portal
    start_schedule
    wait_for_log '"event":"schedule.next"'
    local kb ticks
    kb=$(awk '/^VmRSS/ { print $2 }' "/proc/$SCHEDULE_PID/status")
    ticks=$(awk '{ print $14 + $15 }' "/proc/$SCHEDULE_PID/stat")
    stop_schedule
    echo "$kb kB, $ticks ticks of 10 ms"
    [ "$kb" -lt 20480 ] || fail "$kb kB"
    [ "$ticks" -lt 20 ] || fail "$ticks ticks of 10 ms until it waits"
}

run_tests "$@"
