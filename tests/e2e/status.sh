#!/usr/bin/env bash
# What `etl-sigos status` says of a database, and its exit code, by which a machine is watched.
. "$(dirname "$0")/../support/e2e.bash"

# The tests need data of the present day.
TODAY=$(TZ=America/Sao_Paulo date +%F)

# A profile whose working hours are all of every day, so that the clock of the test does not matter.
round_the_clock() { # FOLDER
    cp -r "$ROOT/profiles/sigos" "$1"
    sed -i '/^timetable:/,$d' "$1/portal.yaml"
    cat >>"$1/portal.yaml" <<'END'
timetable:
  incremental: {days: [sun, mon, tue, wed, thu, fri, sat], from: '0:00', to: '23:59', every: 1}
freshness: {late_after: 2, stale_after: 4}
END
}

loaded_hours_ago() { # HOURS
    sql "update etl_windows set ended_at = strftime('%Y-%m-%dT%H:%M:%S-00:00', 'now', '-$1 hours')"
}

test_fresh_late_and_stale_are_told_and_only_stale_fails() {
    start_portal
    round_the_clock profile
    etl incremental --profile profile
    expect_code 0
    etl status --profile profile
    expect_code 0
    expect_equal "fresh reports" "$(grep -cE '^(general|return)_reports .* [0-9]+ +fresh$' out.txt)" 2
    loaded_hours_ago 3
    etl status --profile profile
    expect_code 0
    expect_equal "late reports" "$(grep -cE '_reports .* (179|180|181) +late$' out.txt)" 2
    loaded_hours_ago 5
    etl status --profile profile
    expect_code 9
    expect_equal "stale reports" "$(grep -cE '_reports .* (299|300|301) +stale$' out.txt)" 2
    etl status general --profile profile --json
    expect_code 9
    expect_in out.txt '"state":"stale"'
    ! grep -q return_reports out.txt || fail "tells of the other report"
}

test_a_report_that_was_never_loaded_is_stale_beside_a_fresh_one() {
    start_portal
    round_the_clock profile
    etl incremental general --profile profile
    expect_code 0
    etl status --profile profile
    expect_code 9
    grep -qE '^return_reports +never loaded$' out.txt || fail "$(cat out.txt)"
    etl status general --profile profile
    expect_code 0
}

test_data_whose_newest_day_is_days_old_is_stale_however_new_the_load_is() {
    "$SIM" export --report general --from 2025-01-01 --to 2025-01-31 --seed "$SEED" --rows "$ROWS" --today "$TODAY" >relatorio_prot_geral.csv
    etl load relatorio_prot_geral.csv --from 2025-01-01 --to 2025-01-31
    expect_code 0
    etl status general
    expect_code 9
    grep -qE '^general_reports  2025-01-31 .* stale$' out.txt || fail "$(cat out.txt)"
}

test_the_months_that_are_loaded_are_a_small_calendar() {
    "$SIM" export --report general --from 2025-01-01 --to 2025-02-10 --seed "$SEED" --rows "$ROWS" --today "$TODAY" >relatorio_prot_geral.csv
    etl load relatorio_prot_geral.csv --from 2025-01-01 --to 2025-02-10
    expect_code 0
    etl status general
    grep -qE '^general_reports  2022  {3}\.{10}$' out.txt || fail "2022: $(cat out.txt)"
    grep -qE '^general_reports  2024  \.{12}$' out.txt || fail "2024: $(cat out.txt)"
    grep -qE '^general_reports  2025  #\+\.{10}$' out.txt || fail "2025: $(cat out.txt)"
}

test_a_window_that_was_loaded_later_is_not_missing_any_more() {
    start_portal --fault 'column:name=TOI@window=2026-07-01'
    etl full general --from 2026-06-01 --to 2026-08-31
    lost=$(sql "select count(*) from etl_windows where status <> 'loaded'")
    [ "$lost" -gt 0 ] || fail "nothing was lost: $(cat log.txt)"
    etl status general
    ! grep -A1 'have not been since' out.txt | grep -q none || fail "nothing is missing: $(cat out.txt)"
    stop_portal
    start_portal
    etl full general --from 2026-06-01 --to 2026-08-31
    expect_code 0
    etl status general
    grep -A1 'have not been since' out.txt | grep -q none || fail "still missing: $(cat out.txt)"
}

test_the_next_run_is_told() {
    start_portal
    etl incremental
    etl status
    expect_in out.txt "$(etl schedule --next 1; sed -n 2p out.txt | cut -c1-25)"
}

run_tests "$@"
