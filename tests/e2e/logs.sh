#!/usr/bin/env bash
# What the log says, to a person and to a program.
. "$(dirname "$0")/../support/e2e.bash"

test_a_window_s_line_fits_100_columns_and_has_no_zero() {
    start_portal
    LOG_FORMAT=text etl full --today "$TODAY"
    expect_code 0
    audit 1
    LOG_FORMAT=text etl full --today "$TODAY"
    expect_code 0
    [ "$(grep -c 'window.loaded' log.txt)" -gt 50 ] || fail "few windows: $(cat log.txt)"
    grep 'window.loaded' log.txt | awk 'length > 100 { print; bad = 1 } END { exit bad }' || fail "too long"
    ! grep 'window.loaded' log.txt | grep -E ' [+~=-]?0( |$)' || fail "zeros"
    grep -qE 'window.loaded general_reports 20..-..-..\.\.(..-..|20..-..-..)( [+~=-][0-9]+)+.* [0-9]+ms$' log.txt ||
        fail "no such line"
}

test_the_log_file_has_each_line_with_the_run_s_id() {
    local run
    start_portal
    LOG_FORMAT='' LOG_FILE=etl.log etl incremental --today "$TODAY"
    expect_code 0
    run=$(sql 'select id from etl_runs')
    cmp etl.log log.txt || fail "the file has not the lines of standard error"
    expect_equal "lines of the run" "$(grep -c "\"run\":\"$run\"" etl.log)" "$(wc -l <etl.log)"
    grep -qF '"event":"run.started"' etl.log || fail "no start"
    grep -qE '"event":"run.ended",.*"exit_code":0,' etl.log || fail "no end"
    ! grep -qvE '^\{"time":"[^"]*","level":"[a-z]+","event":"[a-z_.]+","run":.*\}$' etl.log || fail "no JSON"
    expect_equal "its mode" "$(stat -c %a etl.log)" 600
    LOG_FILE=nowhere/etl.log etl incremental --today "$TODAY"
    expect_code 2
    expect_in log.txt 'LOG_FILE=nowhere/etl.log: No such file or directory'
}

run_tests "$@"
