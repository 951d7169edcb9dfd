#!/usr/bin/env bash
# Cycles against the portal, through a real browser: the tables equal the truth, and the change log has every change.
. "$(dirname "$0")/../support/e2e.bash"

# Prints the changes of an audit, from two truths: "op<TAB>key…<TAB>column<TAB>before<TAB>after", one line a
# changed column (one line with empty columns for an insert or delete).
changes_of_truth() { # OLD NEW KEY-COLUMN…
    local old=$1 new=$2
    shift 2
    awk -F'\t' -v keys="$(printf '%s\t' "$@")" '
        FNR == 1 { for (i = 1; i <= NF; i++) { name[i] = $i; at[$i] = i } n = split(keys, k, "\t") - 1; columns = NF; next }
        { key = ""; for (i = 1; i <= n; i++) key = key $(at[k[i]]) "\t" }
        NR == FNR { old[key] = $0; next }
        { new[key] = 1
          if (!(key in old)) { print "insert\t" key "\t\t"; next }
          if (old[key] == $0) next
          split(old[key], before, "\t")
          for (i = 1; i <= columns; i++) if (before[i] != $i) print "update\t" key name[i] "\t" before[i] "\t" $i }
        END { for (key in old) if (!(key in new)) print "delete\t" key "\t\t" }' "$old" "$new" | sort
}

# Prints the same from the change log of the last run.
changes_of_log() { # REPORT KEY-COLUMN…
    local report=$1 keys='' name
    shift
    for name in "$@"; do
        keys="$keys coalesce(replace(json_extract(key, '\$.\"$name\"'),'\\','\\\\'),'\\N') || char(9) ||"
    done
    # shellcheck disable=SC2028 # the backslashes are for SQL
    escape() { echo "replace(replace(replace(replace($1,'\\','\\\\'),char(9),'\\t'),char(10),'\\n'),char(13),'\\r')"; }
    sql "select op || char(9) || $keys case op when 'update' then column_name || char(9) || coalesce($(escape before),'\\N') || char(9) || coalesce($(escape after),'\\N') else char(9) || char(9) end
         from etl_change_columns where report = '$report' and run_id = (select max(id) from etl_runs)
         group by change_id, case op when 'update' then column_name end" | sort
}

# Keeps the table before the cycle, for expect_changes.
remember_tables() {
    table general_reports >general_reports.old
    table return_reports >return_reports.old
}

# Prints the lines whose third field, the second column of both keys, is a date from $1 on; from the first day on, all
# lines, also those without a date.
since() {
    [ "$1" != "$first_day" ] || exec cat
    awk -F'\t' -v first="$1" '$3 >= first && $3 != "\\N"'
}

# Expects the last run's change log to be the difference between the kept table and the current truth; for an
# incremental cycle, as far as it looks back.
expect_changes() { # ALIAS TABLE FIRST-DAY KEY-COLUMN…
    local alias=$1 table=$2 first=$3
    shift 3
    truth "$alias" "$first_day" "$TODAY" >new.tsv
    changes_of_truth "$table.old" new.tsv "$@" | since "$first" >expected.tsv
    changes_of_log "$table" "$@" | since "$first" >logged.tsv
    [ "$(wc -l <expected.tsv)" -gt 3 ] || fail "the audit touched next to nothing of $alias"
    for op in insert update delete; do
        grep -q "^$op" expected.tsv || fail "the audit of $alias has no $op"
    done
    diff expected.tsv logged.tsv >difference.txt || {
        head -n 10 difference.txt
        fail "etl_changes of $table are not the audit's ($(grep -c '^[<>]' difference.txt) lines differ)"
    }
}

general_key=('UC / MD' DATA_EXECUCAO COD TOI EQUIPE)
return_key=('UC / MD' DATA_EXECUCAO CODIGO TOI EQUIPE)

expect_ledger_adds_up() {
    expect_equal "windows whose numbers do not add up" "$(sql "select count(*) from etl_windows where status = 'loaded'
        and (rows_read <> rows_loaded + rows_duplicates + rows_boundary + rows_rejected or rows_loaded <> inserted + updated + unchanged)")" 0
    expect_equal "rows of the ledger minus rows of the tables" "$(sql "select (select sum(inserted - deleted) from etl_windows)
        - (select count(*) from general_reports) - (select count(*) from return_reports)")" 0
}

test_the_tables_follow_the_portal_through_three_audits() {
    start_portal
    etl full --today "$TODAY"
    expect_code 0
    expect_table_is_truth general general_reports
    expect_table_is_truth return return_reports
    expect_equal "changes logged by a first load" "$(sql 'select count(*) from etl_changes')" 0
    expect_ledger_adds_up
    [ "$(sql "select sum(rows_duplicates) > 0 and sum(rows_boundary) > 0 and sum(rows_rejected) > 0 from etl_windows")" = 1 ] ||
        fail "the portal's files were too clean for this test"

    remember_tables
    audit 1
    etl full --today "$TODAY"
    expect_code 0
    expect_table_is_truth general general_reports
    expect_table_is_truth return return_reports
    expect_changes general general_reports "$first_day" "${general_key[@]}"
    expect_changes return return_reports "$first_day" "${return_key[@]}"
    expect_ledger_adds_up

    remember_tables
    audit 2
    etl incremental --today "$TODAY"
    expect_code 0
    expect_table_is_truth general general_reports 2026-09-24 "$TODAY"
    expect_table_is_truth return return_reports 2026-05-28 "$TODAY"
    expect_changes general general_reports 2026-09-24 "${general_key[@]}"
    expect_changes return return_reports 2026-05-28 "${return_key[@]}"
    expect_ledger_adds_up

    remember_tables
    audit 3
    etl full --today "$TODAY"
    expect_code 0
    expect_table_is_truth general general_reports
    expect_table_is_truth return return_reports
    expect_changes general general_reports "$first_day" "${general_key[@]}"
    expect_changes return return_reports "$first_day" "${return_key[@]}"
    ! pgrep -f -- "--user-data-dir=$TMPDIR" >/dev/null || fail "a browser was left behind"
    expect_ledger_adds_up
}

test_a_second_cycle_over_an_unchanged_portal_writes_no_row() {
    start_portal
    etl full --today "$TODAY"
    expect_code 0
    before=$(sql "select count(*), total(rowid) from general_reports; select count(*) from return_reports;
                  select count(*) from etl_changes; select count(*) from etl_rejects")
    stamps=$(sql "select max(DATA_EXTRACAO), min(DATA_EXTRACAO) from general_reports")
    etl full --today "$TODAY"
    expect_code 0
    expect_equal "the number of rows" "$(sql "select count(*), total(rowid) from general_reports; select count(*) from return_reports;
                  select count(*) from etl_changes; select count(*) from etl_rejects")" "$before"
    expect_equal "the time of extraction" "$(sql "select max(DATA_EXTRACAO), min(DATA_EXTRACAO) from general_reports")" "$stamps"
    expect_equal "rows written by the second run" \
        "$(sql "select sum(inserted + updated + deleted) from etl_windows where run_id = (select max(id) from etl_runs)")" 0
    expect_in out.txt unchanged
}

test_a_plan_shows_what_the_next_cycle_does_and_writes_nothing() {
    start_portal
    etl full --today "$TODAY"
    expect_code 0
    audit 1
    cp sigos.db before.db
    before=$(for t in general_reports return_reports; do table "$t"; done | sha256sum)
    counts() { sed -n 's/^\(general\|return\)_reports  *//p' out.txt | awk '{print $2, $4, $5, $6, $7, $8, $9}'; }
    etl full --plan --today "$TODAY"
    expect_code 0
    expect_in out.txt 'nothing was written'
    grep -q 'update  *20[0-9-]* ' out.txt || fail "the plan shows no sample"
    planned=$(counts)
    expect_equal "the tables after the plan" "$(for t in general_reports return_reports; do table "$t"; done | sha256sum)" "$before"
    expect_equal "the ledger after the plan" "$(sql 'select (select count(*) from etl_runs), (select count(*) from etl_windows), (select count(*) from etl_changes), (select count(*) from etl_rejects)')" \
        "$(sqlite3 -batch -separator '	' before.db 'select (select count(*) from etl_runs), (select count(*) from etl_windows), (select count(*) from etl_changes), (select count(*) from etl_rejects)')"
    etl full --today "$TODAY"
    expect_code 0
    expect_equal "what the cycle did" "$(counts)" "$planned"
}

test_an_interrupted_cycle_resumes_at_the_windows_it_lacks() {
    start_portal --delay-ms 100
    "$ETL" full --today "$TODAY" >first.txt 2>first.log &
    first=$!
    wait_for_exports 10
    kill -KILL "$first"
    wait "$first" 2>/dev/null
    ask_portal POST '/_sim/delay?ms=0' >/dev/null
    loaded=$(sql 'select count(*) from etl_windows')
    asked=$(exports_asked)
    [ "$loaded" -ge 5 ] || fail "only $loaded windows were loaded"
    SIGOS_MODE=click etl full --resume --today "$TODAY" # auto repeats a window of each report
    expect_code 0
    expect_in out.txt "$loaded windows skipped, loaded by a run before"
    expect_equal "windows asked for again" \
        "$(($(exports_asked) - asked))" $((68 - loaded))
    expect_table_is_truth general general_reports
    expect_table_is_truth return return_reports
    expect_equal "changes logged" "$(sql 'select count(*) from etl_changes')" 0
    etl full --resume --today "$TODAY"
    expect_code 0
    ! grep -q skipped out.txt || fail "a cycle that came to its end was resumed"
}

# A narrower cycle completes, and the full cycle resumes where it was interrupted.
test_a_narrower_cycle_does_not_end_an_interrupted_one() {
    start_portal --delay-ms 100
    "$ETL" full --today "$TODAY" >first.txt 2>first.log &
    first=$!
    wait_for_exports 10
    kill -KILL "$first"
    wait "$first" 2>/dev/null
    ask_portal POST '/_sim/delay?ms=0' >/dev/null
    loaded=$(sql 'select count(*) from etl_windows')
    etl full general --from 2026-11-01 --today "$TODAY"
    expect_code 0
    etl full return --today "$TODAY"
    expect_code 0
    etl full --resume --today "$TODAY"
    expect_code 0
    expect_in out.txt "$loaded windows skipped, loaded by a run before"
    etl full --resume --today "$TODAY"
    expect_code 0
    ! grep -q skipped out.txt || fail "a cycle that came to its end was resumed"
}

test_the_history_can_be_read_back() {
    start_portal
    etl status
    expect_code 9
    expect_in out.txt 'nothing was loaded yet'
    etl full --today "$TODAY"
    audit 1
    etl full --today "$TODAY"
    expect_code 0
    etl status
    expect_in out.txt "$(sql 'select max(id) from etl_runs')"
    expect_in out.txt "$(printf 'general_reports  %s' "$TODAY")"
    etl changes general --limit 100000 --json
    expect_code 0
    expect_equal "the changes listed" "$(wc -l <out.txt)" "$(sql "select count(*) from etl_change_columns where report = 'general_reports'")"
    etl changes --from 2022-03-01 --to 2022-04-30 --limit 100000 --json
    expect_equal "the changes of two months" "$(wc -l <out.txt)" "$(sql "select count(*) from etl_change_columns where window_date between '2022-03-01' and '2022-04-30'")"
    etl rejects return --limit 100000
    expect_code 0
    expect_equal "the rejects listed" "$(($(wc -l <out.txt) - 1))" "$(sql "select count(*) from etl_rejects where report = 'return_reports'")"
    etl changes nothing
    expect_code 2
    etl rejects --limit 0
    expect_code 2
}

test_a_killed_run_does_not_lock_the_next_one_out_and_its_folders_go_with_it() {
    start_portal --delay-ms 3000
    mkdir tmp
    export TMPDIR=$PWD/tmp
    "$ETL" incremental --today "$TODAY" >first.txt 2>first.log &
    first=$!
    wait_for_exports 1
    kill -KILL "$first"
    wait "$first" 2>/dev/null
    expect_equal "folders of the exports" "$(find tmp -maxdepth 1 -name 'etl-sigos-exports.*' | wc -l)" 1
    ask_portal POST '/_sim/delay?ms=0' >/dev/null
    etl incremental --today "$TODAY"
    expect_code 0
    expect_table_is_truth general general_reports 2026-09-24 "$TODAY"
    expect_equal "what is left of both runs" "$(ls tmp)" ''
}

test_the_days_go_by_and_the_tables_follow() {
    start_portal
    etl incremental --today 2026-10-01
    expect_code 0
    stop_portal
    start_portal --generation 1
    GENERATION=1
    etl incremental --today "$TODAY"
    expect_code 0
    expect_table_is_truth general general_reports 2026-09-24 "$TODAY"
    expect_table_is_truth return return_reports 2026-05-28 "$TODAY"
}

test_the_flags_of_the_python_program_are_understood() {
    start_portal
    etl --report general --mode incremental --keep-files --today "$TODAY"
    expect_code 0
    expect_table_is_truth general general_reports 2026-09-24 "$TODAY"
    folder=$(sed -n 's/.*"event":"files.kept".*"folder":"\([^"]*\)".*/\1/p' log.txt)
    ls "$folder"/*.csv >/dev/null || fail "--keep-files kept nothing in '$folder'"
    etl --cycle-incremental --today "$TODAY"
    expect_code 0
    ls "$folder"/*.csv >/dev/null || fail "the next run removed what was to be kept"
    rm -rf "$folder"
    expect_table_is_truth return return_reports 2026-05-28 "$TODAY"
}

test_a_terminal_shows_a_line_that_is_rewritten_and_a_file_gets_log_lines() {
    start_portal --fault slow:rate=200000
    unset LOG_FORMAT
    # script gives the program a terminal and records what it shows.
    script -qefc "$ETL full general --from 2026-09-01 --today $TODAY" shown.txt >/dev/null </dev/null
    CODE=$?
    expect_code 0
    tr '\r' '\n' <shown.txt >lines.txt
    grep -qE '0/3 windows  0 rows \| general_reports [123]/3 [0-9]+ s' lines.txt || fail "no line of progress: $(cat lines.txt)"
    grep -qF "$(printf '\r\033[K')" shown.txt || fail "the line is not rewritten"
    etl full general --from 2026-09-01 --today "$TODAY"
    expect_code 0
    ! grep -q '/3 windows' log.txt || fail "a file is no terminal"
    expect_in log.txt '"event":"window.loaded"'
}

run_tests "$@"
