#!/usr/bin/env bash
# Faults of the portal at the first, a middle and the last window of an audit, in both modes. Either the run recovers
# and the table is the truth, or the failed window is named and keeps its rows, and all others are the truth.
. "$(dirname "$0")/../support/e2e.bash"

from=2026-06-01
windows=(2026-06-01 2026-08-30 2026-10-29) # first days of the first, a middle and the last of six windows

# Makes a profile with deadlines that are short enough for a test.
impatient_profile() {
    cp -r "$ROOT/profiles/sigos" profile
    sed -i 's/^  element: *20/  element: 4/; s/^  answer: *300/  answer: 3/; s/^  silence: *60/  silence: 3/; s/^  window: *600/  window: 60/' profile/portal.yaml
}

cycle() { # MODE
    SIGOS_MODE=$1 etl full general --profile profile --from "$from" --today "$TODAY"
}

# begin MODE: loads a table, and then changes the portal by an audit.
begin() {
    impatient_profile
    start_portal
    GENERATION=0
    cycle "$1"
    expect_code 0
    audit 1
    ask_portal GET /_sim/state >state.json
}

spoil() { # sets one fault at each of the three windows
    local at=0 kind
    ask_portal POST '/_sim/fault/clear' >/dev/null
    for kind in "$@"; do
        ask_portal POST "/_sim/fault?spec=$kind@window=${windows[at++]},first=1" >answer.json
        ! grep -q '"error"' answer.json || fail "the simulator does not know $kind: $(cat answer.json)"
    done
}

expect_all_applied() {
    ask_portal GET /_sim/state >state.json
    ! grep -qE '"applied": ?0' state.json || fail "a fault was never met: $(cat state.json)"
}

# Sets each of three faults at each of the three windows, and expects no trace of them in the table.
recovers_from() { # MODE KIND KIND KIND
    local mode=$1
    shift
    begin "$mode"
    for _ in 1 2 3; do
        spoil "$@"
        cycle "$mode"
        [ "$CODE" = 0 ] || echo "    faults in order: $*"
        expect_code 0
        expect_all_applied
        expect_table_is_truth general general_reports "$from" "$TODAY"
        audit $((GENERATION + 1))
        set -- "${@:2}" "$1"
    done
}

test_errors_refusals_and_cuts_are_asked_again_by_clicking() {
    recovers_from click http500 http429:retry=1 cut:percent=40
}

test_errors_refusals_and_cuts_are_asked_again_in_mode_auto() {
    recovers_from auto http503 http429:retry=1 cut:percent=40,reset=1
}

test_an_ended_session_and_pages_that_say_no_are_overcome_by_clicking() {
    recovers_from click expired dialog message
}

test_an_ended_session_and_pages_that_say_no_are_overcome_in_mode_auto() {
    recovers_from auto expired dialog message
}

test_pages_and_pieces_that_come_as_files_are_asked_again_by_clicking() {
    recovers_from click html login-file empty
}

test_pages_and_pieces_that_come_as_files_are_asked_again_in_mode_auto() {
    recovers_from auto html login-file empty
}

test_files_of_another_kind_or_time_are_asked_again_by_clicking() {
    recovers_from click period:days=30 report misnamed
}

test_files_of_another_kind_or_time_are_asked_again_in_mode_auto() {
    recovers_from auto period:days=30 renamed misnamed
}

# A packed file is no fault: it is loaded and not asked for again.
loads_packed() { # MODE
    local kind
    begin "$1"
    for kind in gzip zip gzip-as-csv utf-16; do
        ask_portal POST '/_sim/fault/clear' >/dev/null
        ask_portal POST "/_sim/fault?spec=$kind" >/dev/null
        cycle "$1"
        [ "$CODE" = 0 ] || echo "    $kind"
        expect_code 0
        expect_all_applied
        ! grep -q '"event":"window.asked_again"' log.txt || fail "$kind was asked for again"
        expect_table_is_truth general general_reports "$from" "$TODAY"
        audit $((GENERATION + 1))
    done
}

test_packed_exports_are_loaded_as_they_come_by_clicking() {
    loads_packed click
}

test_packed_exports_are_loaded_as_they_come_in_mode_auto() {
    loads_packed auto
    expect_in log.txt '"event":"replay.proven"'
}

test_silence_ends_at_its_deadline_and_is_overcome() {
    recovers_from click hang stall:percent=30 fatal:percent=60
}

test_an_export_that_is_always_named_wrongly_is_asked_for_twice() {
    impatient_profile
    start_portal
    ask_portal POST '/_sim/fault?spec=misnamed' >/dev/null
    SIGOS_MODE=click etl full general --profile profile --from 2026-11-01 --to "$TODAY"
    expect_code 1
    expect_in out.txt "the portal sent 'export.csv', and not"
    expect_equal "the exports asked for" "$(exports_asked)" 2
}

test_an_empty_export_is_asked_for_again_where_nothing_could_contradict_it() {
    impatient_profile
    start_portal
    ask_portal POST '/_sim/fault?spec=header@first=1' >/dev/null
    etl full return --profile profile
    expect_code 0
    expect_table_is_truth return return_reports
    expect_in log.txt 'the export holds no record'
    ! grep -q report.empty log.txt || fail "a report with rows was called empty"
}

test_a_report_without_any_row_is_loaded_and_warned_of() {
    impatient_profile
    start_portal
    ask_portal POST '/_sim/fault?spec=header' >/dev/null
    SIGOS_MODE=click etl full return --profile profile
    expect_code 0
    loaded=$(sql "select count(*) from etl_windows where status = 'loaded'")
    [ "$loaded" -gt 3 ] || fail "there are only $loaded windows"
    # The first two empty windows are asked for again, and the older ones are not.
    expect_equal "the exports asked for" "$(exports_asked)" $((loaded + 2))
    expect_in log.txt '"event":"report.empty"'
    expect_in out.txt 'return_reports: warning: there was no record in any export'
    etl full return --profile profile --json
    expect_in out.txt '"empty":true'
}

# A wrong answer that the portal repeats is not loaded. The window is held for a person, with the neighbour that it
# contradicts on their common day. The others are loaded.
test_a_window_that_stays_wrong_is_held_and_the_others_are_loaded() {
    begin auto
    for kind in header short:percent=30 period:days=30; do
        ask_portal POST '/_sim/fault/clear' >/dev/null
        ask_portal POST "/_sim/fault?spec=$kind@window=${windows[1]}" >/dev/null
        GENERATION=0 # the generation that the held window must still have
        table general_reports "DATA_EXECUCAO between '2026-08-30' and '2026-09-28'" | sha256sum >before.txt
        GENERATION=1
        cycle auto
        expect_code 4
        expect_in out.txt 2026-08-30
        table general_reports "DATA_EXECUCAO between '2026-08-30' and '2026-09-28'" | sha256sum >after.txt
        cmp -s before.txt after.txt || fail "the rows of the window that was held ($kind) were touched"
        expect_table_is_truth general general_reports "$from" 2026-07-30
        expect_table_is_truth general general_reports 2026-10-29 "$TODAY"
        expect_equal "windows held beside it and its neighbours ($kind)" "$(sql "select count(*) from etl_windows where status <> 'loaded'
            and run_id = (select max(id) from etl_runs) and own_first not in ('2026-07-31', '2026-08-30', '2026-09-29')")" 0
    done
    ask_portal POST '/_sim/fault/clear' >/dev/null
    cycle auto
    expect_code 0
    expect_table_is_truth general general_reports "$from" "$TODAY"
}

# A file that was cut at the end of a row looks whole, and an empty table has no rows to compare it with. Only its
# last day can be compared, with the next window's first.
first_load_of_short_files() { # MODE
    impatient_profile
    start_portal --fault "short:percent=60@window=${windows[0]},first=1" --fault "short:percent=97@window=${windows[1]},first=1"
    GENERATION=0
    cycle "$1"
    expect_code 0
    expect_all_applied
    expect_in log.txt 'two exports disagree about'
    expect_table_is_truth general general_reports "$from" "$TODAY"
}

test_on_a_first_load_a_short_file_is_found_by_its_neighbour_by_clicking() {
    first_load_of_short_files click
}

test_on_a_first_load_a_short_file_is_found_by_its_neighbour_in_mode_auto() {
    first_load_of_short_files auto
}

test_on_a_first_load_a_file_that_stays_short_is_held_with_its_neighbour_and_the_others_are_loaded() {
    impatient_profile
    start_portal --fault "short:percent=60@window=${windows[0]}"
    GENERATION=0
    cycle auto
    expect_code 4
    expect_in out.txt "$from"
    expect_table_is_truth general general_reports 2026-07-31 "$TODAY"
    expect_equal "rows of the held windows" "$(sql "select count(*) from general_reports where DATA_EXECUCAO < '2026-07-31'")" 0
}

# A portal that fails on large windows: the window is exported in halves.
test_a_window_that_the_portal_cannot_serve_is_asked_for_in_halves() {
    begin click
    ask_portal POST "/_sim/fault?spec=http500@window=${windows[1]},first=2" >/dev/null
    cycle click
    expect_code 0
    expect_in log.txt '"event":"window.halved"'
    expect_table_is_truth general general_reports "$from" "$TODAY"
}

run_tests "$@"
