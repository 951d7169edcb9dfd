#!/usr/bin/env bash
# Failures of the portal, the settings and the system: each has its message and exit code, and leaves nothing half
# done.
. "$(dirname "$0")/../support/e2e.bash"

# A browser that must not be started.
forbid_browser() {
    printf '#!/bin/sh\ntouch "%s/browser-was-started"\nexit 1\n' "$PWD" >browser
    chmod +x browser
    export CHROME_BIN=$PWD/browser
}

expect_no_browser() {
    [ ! -e browser-was-started ] || fail "a browser was started"
}

browsers_of() { # prints the browser processes below a pid
    pgrep -P "$1" 2>/dev/null || true
}

test_a_wrong_password_is_reported_in_the_portals_words_and_tried_once() {
    start_portal
    SIGOS_SENHA=errada-0815 etl incremental --today "$TODAY"
    expect_code 6
    expect_in out.txt 'inválidos'
    expect_equal "failed logins at the portal" "$(ask_portal GET /_sim/state | grep -o '"failed_logins":[ ]*[0-9]*' | grep -o '[0-9]*$')" 1
    ! grep -q 'errada-0815' out.txt log.txt || fail "the wrong password is in the output"
    expect_equal "the run in the ledger" "$(sql 'select exit_code from etl_runs')" 6
}

test_whoever_is_not_let_in_reads_why_and_is_not_tried_again() {
    local fault words
    while read -r fault words; do
        start_portal --fault "$fault"
        etl full general --from 2026-11-01 --today "$TODAY"
        expect_code 6
        grep -q "$words" out.txt || fail "$fault: no '$words' in $(cat out.txt)"
        ! grep -qF "$CANARY" out.txt log.txt || fail "$fault: the password is told"
        expect_equal "logins tried" "$(ask_portal GET /_sim/state | grep -o '"login_attempts": *[0-9]*' | grep -o '[0-9]*$')" 1
        stop_portal
    done <<'END'
locked the portal refuses: Conta bloqueada por excesso de tentativas
blocked Acesso negado.*Conta bloqueada
expired-password Sua senha expirou.*asks for a new password
captcha asks for a captcha
END
    start_portal --notice on
    etl full general --from 2026-11-01 --today "$TODAY"
    expect_code 6
    grep -q "SIGOS | Aviso.*Aviso: manutenção no domingo" out.txt || fail "the notice is not told: $(cat out.txt)"
    stop_portal
}

test_a_portal_that_is_not_there_ends_the_run_within_its_deadline() {
    export SIGOS_URL=http://127.0.0.1:9/sigos/
    SECONDS=0
    etl incremental --today "$TODAY"
    expect_code 6
    [ "$SECONDS" -lt 60 ] || fail "it took $SECONDS s"
    expect_in out.txt 'http://127.0.0.1:9/sigos/'
}

test_missing_credentials_are_named_before_a_browser_starts() {
    forbid_browser
    unset SIGOS_SENHA
    SIGOS_URL=http://127.0.0.1:9/ etl incremental
    expect_code 2
    expect_in log.txt SIGOS_SENHA
    expect_no_browser
}

test_a_mistake_in_the_profile_is_named_with_file_and_line_before_a_browser_starts() {
    forbid_browser
    cp -r "$ROOT/profiles/sigos" profile
    line=$(grep -n '^window_date:' profile/general_reports.yaml | cut -d: -f1)

    sed -i 's/^window_date:/window_dat:/' profile/general_reports.yaml
    etl incremental --profile profile
    expect_code 2
    expect_in log.txt "profile/general_reports.yaml:$line:"
    expect_in log.txt window_dat

    sed -i 's/^window_dat:.*/window_date: [1, 2]/' profile/general_reports.yaml
    etl incremental --profile profile
    expect_code 2
    expect_in log.txt "profile/general_reports.yaml:$line:"

    cp "$ROOT/profiles/sigos/general_reports.yaml" profile/
    line=$(grep -n '^key:' profile/general_reports.yaml | cut -d: -f1)
    sed -i 's/^key:.*/key: [UC \/ MD, DATA_EXECUCAO, NO SUCH COLUMN]/' profile/general_reports.yaml
    sed -n "${line}p" profile/general_reports.yaml | grep -q 'NO SUCH' || fail "the profile's key is not on one line"
    etl incremental --profile profile
    expect_code 2
    expect_in log.txt "profile/general_reports.yaml:$line:"
    expect_in log.txt 'NO SUCH COLUMN'
    expect_no_browser
    [ ! -e sigos.db ] || fail "a database was made"
}

test_one_failing_report_does_not_stop_the_other() {
    start_portal
    cp -r "$ROOT/profiles/sigos" profile
    sed -i 's/^\( *\)element:.*/\1element: 2/' profile/portal.yaml
    sed -i 's/value: tudo/value: nada/' profile/general_reports.yaml
    etl incremental --profile profile --today "$TODAY"
    expect_code 3
    expect_in out.txt nada
    expect_table_is_truth return return_reports 2026-05-28 "$TODAY"
    expect_equal "the rows of the failing report" "$(sql 'select count(*) from general_reports')" 0
}

test_a_stop_signal_ends_the_run_and_leaves_nothing_behind() {
    start_portal --delay-ms 600000
    "$ETL" full --today "$TODAY" >out.txt 2>log.txt &
    pid=$!
    # Waits until the portal was asked for the export: the window is in work then.
    wait_for_exports 1
    children=$(browsers_of "$pid")
    [ -n "$children" ] || fail "no browser was seen"
    SECONDS=0
    kill -TERM "$pid"
    wait "$pid"
    CODE=$?
    expect_code 143
    [ "$SECONDS" -le 10 ] || fail "it took $SECONDS s to stop"
    for child in $children; do
        ! kill -0 "$child" 2>/dev/null || fail "the browser $child is still there"
    done
    expect_equal "the rows" "$(sql 'select count(*) from general_reports')" 0
    expect_equal "the run's exit code" "$(sql 'select exit_code from etl_runs')" 143
}

test_the_password_shows_up_nowhere() {
    start_portal --delay-ms 1000
    mkdir tmp
    TMPDIR=$PWD/tmp LOG_LEVEL=debug "$ETL" incremental general --keep-files --today "$TODAY" >out.txt 2>log.txt &
    pid=$!
    seen=0
    while kill -0 "$pid" 2>/dev/null; do
        for process in $pid $(pgrep -f -- "--user-data-dir=$PWD/tmp"); do
            [ "$process" = "$pid" ] || seen=$((seen + 1))
            ! tr '\0' '\n' <"/proc/$process/cmdline" | grep -qF -- "$CANARY" || fail "the password is in an argument list"
            [ "$process" = "$pid" ] || ! tr '\0' '\n' <"/proc/$process/environ" | grep -qF -- "$CANARY" ||
                fail "the password is in a browser's environment"
        done 2>/dev/null
    done
    wait "$pid"
    CODE=$?
    expect_code 0
    [ "$seen" -gt 2 ] || fail "no browser was seen"
    ! grep -rqF -- "$CANARY" out.txt log.txt sigos.db* tmp || fail "the password is in: $(grep -rlF -- "$CANARY" out.txt log.txt sigos.db* tmp | tr '\n' ' ')"
}

test_a_failed_window_leaves_a_picture_and_the_page_without_the_password() {
    start_portal --fault message
    EVIDENCE_DIR=$PWD/evidence LOG_LEVEL=debug etl incremental general --today "$TODAY"
    [ "$CODE" != 0 ] || fail "no window failed"
    expect_in out.txt "what the page showed: $PWD/evidence/"
    expect_equal "the folder's mode" "$(stat -c %a evidence)" 700
    expect_equal "the files' modes" "$(stat -c %a evidence/* | sort -u)" 600
    [ -n "$(find evidence -name '*.png' -size +0)" ] || fail "no picture"
    grep -q 'Tente novamente mais tarde' evidence/*.html || fail "the page does not show why"
    ! grep -rqF -- "$CANARY" out.txt log.txt evidence sigos.db* || fail "the password is in the evidence"

    mkdir other
    EVIDENCE_DIR=off TMPDIR=$PWD/other etl incremental general --today "$TODAY"
    expect_equal "what is left" "$(ls other)" ""
    ! grep -q 'what the page showed' out.txt || fail "evidence is named"
}

test_a_page_that_has_changed_is_found_by_what_it_means() {
    start_portal --fault layout
    etl incremental --today "$TODAY"
    expect_code 0
    expect_table_is_truth return return_reports 2026-05-28 "$TODAY"
    expect_equal "locators told to have changed" "$(grep -c portal.changed log.txt)" 2
    expect_in log.txt btn-salvar-form
}

test_every_element_is_found_by_its_words_alone() {
    start_portal
    cp -r "$ROOT/profiles/sigos" profile
    sed -i -e "/^        - '#/d" -e '/^        - \/html\/body/d' -e '/^        - [a-z]*\[name=/d' \
        -e '/^        - form /d' -e '/^        - \/\/\*\[@id=/d' profile/*.yaml
    ! grep -nE "^        - ('#|/html|[a-z]*\[name=)" profile/*.yaml || fail "not only words are left"
    etl incremental --profile profile --today "$TODAY"
    expect_code 0
    expect_table_is_truth return return_reports 2026-05-28 "$TODAY"
    expect_table_is_truth general general_reports 2026-09-24 "$TODAY"
}

test_wrong_use_is_exit_code_2() {
    for words in nonsense --nonsense "incremental --nonsense" "incremental nonsense" "full --today yesterday" \
        "full --from 2025-02-01 --to 2025-01-01" "--report general" "--cycle-full --cycle-incremental"; do
        # shellcheck disable=SC2086 # words
        etl $words
        expect_code 2
        [ -s log.txt ] || [ -s out.txt ] || fail "'$words' says nothing"
    done
    DATABASE_URL=oracle://x etl incremental
    expect_code 2
    expect_in log.txt oracle
    etl --help
    expect_code 0
    for command in incremental full load schedule version; do
        expect_in out.txt "$command"
        "$ETL" "$command" --help | grep -q "etl-sigos $command" || fail "$command has no help"
    done
}

test_a_database_that_is_none_is_left_alone() {
    forbid_browser
    echo "this is my diary" >sigos.db
    SIGOS_URL=http://127.0.0.1:9/ etl incremental
    expect_code 7
    expect_in out.txt sigos.db
    expect_equal "the file" "$(cat sigos.db)" "this is my diary"
    expect_no_browser
}

run_tests "$@"
