#!/usr/bin/env bash
# Every variant of the portal, in both modes: the table is the truth. In mode auto the log says whether the page's
# request could be repeated. Where it could not, the windows were clicked.
. "$(dirname "$0")/../support/e2e.bash"

from=2026-06-01 # six windows

# loads MODE WAY [serve flags]: WAY is what the log must say of mode auto: proven (repeated), left (repeated,
# then clicked) or none (clicked).
loads() {
    local mode=$1 way=$2
    shift 2
    rm -f sigos.db*
    GENERATION=0
    start_portal "$@"
    SIGOS_MODE=$mode etl full general ${profile:+--profile "$profile"} --from "$from" --today "$TODAY"
    [ "$CODE" = 0 ] || echo "    mode $mode, portal: $*"
    expect_code 0
    expect_table_is_truth general general_reports "$from" "$TODAY"
    if [ "$mode" = auto ]; then
        grep -q "\"event\":\"replay.$way\"" log.txt || fail "not $way by mode auto, portal: $*: $(grep replay log.txt)"
        [ "$way" != proven ] || ! grep -qE '"event":"replay.(none|left)"' log.txt || fail "clicked again: $(grep replay log.txt)"
    else
        ! grep -q '"event":"replay' log.txt || fail "mode click repeats requests"
    fi
    stop_portal
}

in_both_modes() { # WAY [serve flags]
    loads click "$@"
    loads auto "$@"
}

test_a_form_whose_answer_is_the_file() {
    in_both_modes proven --export form
}

test_a_script_that_fetches_the_file() {
    in_both_modes proven --export fetch
}

test_a_form_that_opens_a_tab() {
    in_both_modes proven --export newtab
}

test_a_queued_job_that_the_page_polls() {
    in_both_modes none --export job --delay-ms 50
}

test_a_queued_job_whose_file_waits_behind_a_link() {
    local profile=profile
    cp -r "$ROOT/profiles/sigos" profile
    sed -i "/@value), \"Exportar/a\\    - click: '#link-arquivo'" profile/general_reports.yaml
    in_both_modes none --export job-link --delay-ms 50
}

test_a_page_that_takes_the_forms_place() {
    in_both_modes none --export refresh
    in_both_modes none --export frame
}

test_a_form_that_is_unusable_after_an_export() {
    for spent in button fields form; do
        in_both_modes proven --spent "$spent"
        grep -q '"event":"replay.proven"' log.txt || fail "not proven"
        loads click none --spent "$spent"
        expect_equal "forms opened again" "$(grep -c '"event":"portal.reopened"' log.txt)" 5
    done
    in_both_modes none --spent button --export job --delay-ms 50
}

test_a_box_that_informs_before_the_file_comes() {
    for dialog in alert confirm leave; do
        in_both_modes proven --dialog "$dialog"
        ! grep -q '"event":"window.halved"' log.txt || fail "halved because of a box that informs"
    done
    in_both_modes none --dialog alert --export job --delay-ms 50
}

test_a_notice_that_must_be_clicked_away() {
    local profile=profile
    cp -r "$ROOT/profiles/sigos" profile
    sed -i "/button\[contains(., \"Entrar\")\]/a\    - click: '#btn-ciente'\n      optional: true" profile/portal.yaml
    in_both_modes proven --notice on
    in_both_modes proven --notice off
}

test_every_kind_of_date_field() {
    for kind in date text masked events; do
        in_both_modes proven --dates "$kind"
    done
}

test_a_login_by_script() {
    in_both_modes proven --login scripted
}

test_every_way_to_end_a_file() {
    for transfer in length chunked close; do
        in_both_modes proven --transfer "$transfer" --rate 2000000
    done
}

test_sessions_that_are_locked_alone_bound_and_looked_at() {
    in_both_modes proven --lock-session on --single-session on --check-origin on --bind-agent on
}

test_sessions_that_end_after_so_many_exports() {
    in_both_modes proven --expire-exports 5
    in_both_modes proven --expire-exports 2 # the verdict alone takes two exports; it serves the next session too
}

run_tests "$@"
