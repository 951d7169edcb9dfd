#!/usr/bin/env bash
# Rows that a person or a trigger changed: found by `check --verify`, mended by `full --verify`, in every database.
. "$(dirname "$0")/../support/e2e.bash"
. "$(dirname "$0")/../support/postgres.bash"
. "$(dirname "$0")/../support/both.bash"

from=2026-06-01

# month FILE REPORT MONTH: writes a file of the simulator with every kind of row, also with empty cells.
month() {
    "$SIM" export --report "$2" --from "$3-01" --to "$3-28" --seed "$SEED" --rows "$ROWS" --today "$TODAY" >"$1"
}

# rows, differing, contents, keys, foreign of general_reports, as check printed them
verified() {
    sed -n 's/^general_reports  *//p' out.txt | head -n 1 | awk '{print $1, $2, $3, $4, $5}'
}

both_a_cell_that_was_edited_is_found_and_mended() {
    start_portal
    etl full --from "$from" --today "$TODAY"
    expect_code 0
    rows=$(sql 'select count(*) from general_reports')
    etl check --verify
    expect_code 0
    expect_equal "what was verified" "$(verified)" "$rows 0 0 0 0"
    expect_equal "the other report" "$(awk '$1 == "return_reports" { print $2, $3 }' out.txt)" "$(sql 'select count(*) from return_reports') 0"

    key=$(sql "select min(\"TOI\") from general_reports where \"DATA_EXECUCAO\" = '2026-07-15' and \"TOI\" <> ''")
    status=$(sql "select \"STATUS\" from general_reports where \"TOI\" = '$key'")
    [ -n "$key" ] || fail "there is no row to edit"
    sql "update general_reports set \"STATUS\" = 'MINE' where \"TOI\" = '$key'"
    etl check --verify
    expect_code 8
    expect_equal "what was verified" "$(verified)" "$rows 1 1 0 0"
    expect_in out.txt 'etl-sigos full --verify'
    grep -q "^general_reports  *2026-07-15  *contents  *.*=" out.txt || fail "the row is not shown: $(cat out.txt)"

    etl full --from "$from" --today "$TODAY"
    expect_code 0
    expect_equal "the cell that a cycle trusts" "$(sql "select \"STATUS\" from general_reports where \"TOI\" = '$key'")" MINE
    etl full --verify --plan --from "$from" --today "$TODAY"
    expect_code 0
    expect_in out.txt MINE
    expect_equal "the cell after a plan" "$(sql "select \"STATUS\" from general_reports where \"TOI\" = '$key'")" MINE
    etl full --verify --from "$from" --today "$TODAY"
    expect_code 0
    expect_table_is_truth general general_reports "$from" "$TODAY"
    expect_equal "the change log" "$(sql "select op, column_name, before, after from etl_change_columns")" "$(printf 'update\tSTATUS\tMINE\t%s' "$status")"
    etl check --verify
    expect_code 0
    expect_equal "what was verified" "$(verified)" "$rows 0 0 0 0"
}

# edit_one DAY ASSIGNMENT: changes one row of that day
edit_one() {
    sql "update general_reports set $2 where _row_key in (select _row_key from general_reports where \"DATA_EXECUCAO\" = '$1' limit 1)"
}

both_rows_whose_key_was_edited_are_put_right() {
    start_portal
    etl full --from "$from" --today "$TODAY"
    expect_code 0
    edit_one 2026-07-15 "\"UC / MD\" = '99'"
    edit_one 2026-06-20 "\"DATA_EXECUCAO\" = '2026-10-01'"
    edit_one 2026-08-20 '"DATA_EXECUCAO" = null'
    edit_one 2026-09-20 "\"DATA_EXECUCAO\" = '1999-01-01'"
    etl check --verify
    expect_code 8
    expect_equal "the rows that differ" "$(verified | cut -d' ' -f2-4)" "4 4 4"
    etl incremental --verify --from "$from" --today "$TODAY"
    expect_code 0
    expect_table_is_truth general general_reports "$from" "$TODAY"
    etl check --verify
    expect_code 0
    expect_equal "rows before the history" "$(sql "select count(*) from general_reports where \"DATA_EXECUCAO\" < '$from'")" 0
}

both_what_a_trigger_changes_is_found() {
    month relatorio_prot_geral.csv general 2026-05
    etl check --offline
    if [ -e sigos.db ]; then
        sql "create trigger meddle after insert on general_reports begin
             update general_reports set \"STATUS\" = 'TRIGGERED' where rowid = new.rowid and new.\"DATA_EXECUCAO\" = '2026-05-10'; end"
    else
        sql "create function meddle() returns trigger language plpgsql as
             \$\$ begin if new.\"DATA_EXECUCAO\" = '2026-05-10' then new.\"STATUS\" := 'TRIGGERED'; end if; return new; end \$\$;
             create trigger meddle before insert or update on general_reports for each row execute function meddle()"
    fi
    etl load relatorio_prot_geral.csv
    expect_code 0
    meddled=$(sql "select count(*) from general_reports where \"STATUS\" = 'TRIGGERED'")
    [ "$meddled" -gt 0 ] || fail "the trigger did nothing"
    etl check --verify
    expect_code 8
    expect_equal "the rows that differ" "$(verified | cut -d' ' -f2-5)" "$meddled $meddled 0 0"
}

both_the_columns_that_were_added_belong_to_a_row() {
    general_file relatorio_prot_geral.csv 30
    etl load relatorio_prot_geral.csv
    sed -i "1s/\$/;Prioridade;Zona/; 2,10s/\$/;alta;/; 11,20s/\$/;;sul/; 21,\$s/\$/;;/" relatorio_prot_geral.csv
    etl load relatorio_prot_geral.csv
    expect_code 0
    etl check --verify
    expect_code 0
    expect_equal "what was verified" "$(verified)" "30 0 0 0 0"
    sql "update general_reports set \"ZONA\" = 'NORTE' where \"ZONA\" = 'SUL'"
    etl check --verify
    expect_code 8
    expect_equal "what was verified" "$(verified)" "30 10 10 0 0"
    expect_equal "the examples" "$(grep -c '^general_reports .*contents .*UC / MD=' out.txt)" 10
}

both_reports_and_days_can_be_chosen() {
    month relatorio_prot_geral.csv general 2026-05
    etl load relatorio_prot_geral.csv
    sql "update general_reports set \"STATUS\" = 'MINE' where \"DATA_EXECUCAO\" in ('2026-05-10', '2026-05-20')"
    etl check --verify return
    expect_code 0
    etl check --verify general --from 2026-05-11 --to 2026-05-19
    expect_code 0
    etl check --verify general --from 2026-05-11 --json
    expect_code 8
    expect_in out.txt '{"report":"general_reports","rows":"'
    expect_in out.txt '"window_date":"2026-05-20","differs":"contents","key":"UC / MD='
    ! grep -q 2026-05-10 out.txt || fail "a row of another day is shown"
    etl check --verify nothing
    expect_code 2
    etl check general
    expect_code 2
    expect_in log.txt 'without --verify'
}

both_verifying_writes_nothing_and_needs_no_lease() {
    etl check --verify
    expect_code 0
    expect_in log.txt 'nothing was loaded yet'
    expect_untouched
    month relatorio_prot_geral.csv general 2026-05
    etl load relatorio_prot_geral.csv
    sql "update etl_lease set run_id = 'run-1', holder = 'another machine', expires_at = 99999999999; drop table if exists return_reports"
    before=$(tables_there)
    etl check --verify
    expect_code 0
    expect_in log.txt 'return_reports: nothing was loaded yet'
    expect_equal "the tables" "$(tables_there)" "$before"
    expect_equal "the lease" "$(sql 'select run_id from etl_lease')" run-1
}

both_long_texts_are_cut_between_characters() {
    general_file relatorio_prot_geral.csv 3
    etl load relatorio_prot_geral.csv
    sql "update general_reports set \"UC / MD\" = 'x' || replace('$(printf '%60s' '')', ' ', 'é') where \"UC / MD\" = '0000002'"
    etl check --verify
    expect_code 8
    iconv -f UTF-8 -t UTF-8 out.txt >checked.txt || fail "half a character is shown"
    etl check --verify --json
    expect_in out.txt "UC / MD=x$(printf '%19s' '' | sed 's/ /é/g')…"
}

# A table of another program, adopted but not loaded yet.
test_rows_of_another_program_are_counted_apart() {
    use_postgres
    general_file relatorio_prot_geral.csv 5
    etl load relatorio_prot_geral.csv
    pg 'alter table general_reports alter _row_key drop not null, alter _row_hash drop not null;
        update general_reports set _row_key = null, _row_hash = null where "UC / MD" = '"'0000002'"
    etl check --verify
    expect_code 0
    expect_equal "what was verified" "$(verified)" "5 0 0 0 1"
}

test_rows_of_another_program_give_way_to_a_cycle_that_verifies() {
    use_postgres
    start_portal
    etl full --from "$from" --today "$TODAY"
    expect_code 0
    pg 'alter table general_reports alter _row_key drop not null, alter _row_hash drop not null;
        update general_reports g set _row_key = null, _row_hash = null, "STATUS" = '"'MINE'"'
        where _row_key in (select distinct on ("DATA_EXECUCAO") _row_key from general_reports where "DATA_EXECUCAO" is not null)'
    etl check --verify
    expect_code 0
    [ "$(verified | cut -d' ' -f5)" -gt 100 ] || fail "there are no such rows"
    etl full --verify --from "$from" --today "$TODAY"
    expect_code 0
    expect_table_is_truth general general_reports "$from" "$TODAY"
    etl check --verify
    expect_code 0
    expect_equal "rows of another program" "$(verified | cut -d' ' -f5)" 0
}

test_a_cell_that_is_no_text_is_another_cell() {
    general_file relatorio_prot_geral.csv 5
    etl load relatorio_prot_geral.csv
    sql "update general_reports set \"STATUS\" = cast(\"STATUS\" as blob) where \"UC / MD\" = '0000002'"
    etl check --verify
    expect_code 8
    expect_equal "what was verified" "$(verified)" "5 1 1 0 0"
}

test_a_replica_can_be_verified() {
    use_postgres
    month relatorio_prot_geral.csv general 2026-05
    etl load relatorio_prot_geral.csv
    expect_code 0
    pg "update general_reports set \"STATUS\" = 'MINE' where \"DATA_EXECUCAO\" = '2026-05-10'"
    start_standby
    DATABASE_URL="postgres://etl@/postgres?host=$PG_FOLDER/standby" etl check --verify
    expect_code 8
    expect_equal "the rows that differ" "$(verified | cut -d' ' -f2)" "$(pg "select count(*) from general_reports where \"STATUS\" = 'MINE'")"
}

test_other_commands_refuse_to_verify() {
    for words in 'load x.csv --verify' 'schedule --verify' 'status --verify' 'changes --verify' 'rejects --verify' '--scheduler --verify'; do
        # shellcheck disable=SC2086 # words
        etl $words
        expect_code 2
        expect_in log.txt '--verify is for check, full and incremental'
    done
    [ ! -e sigos.db ] || fail "a database was made"
}

run_tests_on_both "$@"
