#!/usr/bin/env bash
# Files exported by hand, good and bad: loaded, or rejected with file, line and reason; nothing vanishes.
. "$(dirname "$0")/../support/e2e.bash"

export_file() { # ALIAS FROM TO FILE
    "$SIM" export --report "$1" --from "$2" --to "$3" --seed $SEED --rows $ROWS --today $TODAY >"$4"
}

header='UC / MD;Data execucao;Cod;TOI;Equipe;Status'

# A file of good rows: general_file FILE COUNT [FIRST]
general_file() {
    {
        echo "$header"
        for i in $(seq "${3:-1}" $((${3:-1} + $2 - 1))); do
            printf '%07d;05/03/2025;C%d;;RS-PEL-F001M;Baixado\n' "$i" "$((i % 5))"
        done
    } >"$1"
}

expect_unchanged_table() {
    expect_equal "the table's content" "$(table general_reports | sha256sum)" "$1"
}

test_an_exported_file_is_loaded_as_the_portal_showed_it() {
    export_file general 2025-01-01 2025-01-31 relatorio_prot_geral.csv
    etl load relatorio_prot_geral.csv
    expect_code 0
    expect_table_is_truth general general_reports 2025-01-01 2025-01-31
    etl load relatorio_prot_geral.csv
    expect_code 0
    expect_equal "rows written the second time" \
        "$(sql "select inserted + updated + deleted from etl_windows where run_id = (select max(id) from etl_runs)")" 0
}

test_of_several_files_the_later_row_wins_and_nothing_is_deleted() {
    general_file relatorio_prot_geral1.csv 30
    sed 's/Baixado/Cancelado/' relatorio_prot_geral1.csv | head -n 11 >relatorio_prot_geral2.csv
    etl load relatorio_prot_geral1.csv relatorio_prot_geral2.csv
    expect_code 0
    expect_equal "the rows by status" "$(sql 'select "STATUS", count(*) from general_reports group by 1 order by 1')" \
        "$(printf 'BAIXADO\t20\nCANCELADO\t10')"
    expect_equal "the ledger" "$(sql 'select rows_read, rows_loaded, rows_duplicates, rows_rejected from etl_windows')" "$(printf '40\t30\t10\t0')"
    etl load relatorio_prot_geral2.csv
    expect_code 0
    expect_equal "the rows after a smaller file" "$(sql 'select count(*) from general_reports')" 30
}

test_days_covered_in_full_lose_what_the_file_lacks() {
    general_file relatorio_prot_geral1.csv 100
    general_file relatorio_prot_geral2.csv 95
    etl load relatorio_prot_geral1.csv
    etl load relatorio_prot_geral2.csv --from 2025-03-01 --to 2025-03-31
    expect_code 0
    expect_equal "the rows" "$(sql 'select count(*) from general_reports')" 95
    expect_equal "the deletes logged" "$(sql "select count(*) from etl_changes where op = 'delete' and before is not null and after is null")" 5
}

test_bad_records_are_kept_with_file_line_and_reason() {
    {
        printf 'Relatorio geral\r\n\r\nPeriodo: 01/03/2025 a 31/03/2025\r\n'
        printf '%s\r\n' "$header"
        for i in $(seq 1 100); do printf '%07d;05/03/2025;C1;;POA2A001;Baixado\r\n' "$i"; done
        printf 'ragged;05/03/2025;C1\r\n'                                      # line 105
        printf 'long;05/03/2025;C1;;T;Baixado;more\r\n'                        # line 106
        printf 'nul;05/03/2025;C1;;T;Bai\0xado\r\n'                            # line 107
        printf 'trailing;05/03/2025;C1;;T;Baixado;;\r\n'                       # a row
        printf 'quoted;05/03/2025;C1;;T;"two\nlines; and ""quotes"""\r\n'      # a row of two lines
        printf 'open;05/03/2025;C1;;T;"never closed\r\n'                       # line 111
        printf '"POSTE" caido;05/03/2025;C1;;T;Baixado\r\n'                    # a row
        printf ';;;;;\r\n'                                                     # line 113
        printf '%s\r\n' "$header"                                              # line 114
        printf 'megabyte;05/03/2025;C1;;T;'; head -c 1048576 /dev/zero | tr '\0' x; printf '\r\n'
        printf 'Total de registros: 108\r\n'                                   # line 116
        printf 'last;05/03/2025;C1;;T;Baixado'
    } >relatorio_prot_geral.csv
    etl load relatorio_prot_geral.csv
    expect_code 0
    expect_equal "the ledger" "$(sql 'select rows_read, rows_loaded, rows_duplicates, rows_boundary, rows_rejected from etl_windows')" "$(printf '112\t105\t0\t0\t7')"
    expect_equal "the rejects" "$(sql 'select file, line, reason from etl_rejects order by line')" \
"relatorio_prot_geral.csv	105	has 3 fields, the header has 6
relatorio_prot_geral.csv	106	has 7 fields, the header has 6
relatorio_prot_geral.csv	107	holds a NUL byte
relatorio_prot_geral.csv	111	a quote is opened and never closed
relatorio_prot_geral.csv	113	all of its fields are empty
relatorio_prot_geral.csv	114	the header again
relatorio_prot_geral.csv	116	has 1 field, the header has 6"
    expect_equal "the raw text" "$(sql 'select raw from etl_rejects where line = 105')" "ragged;05/03/2025;C1"
    expect_equal "the long cell" "$(sql "select length(\"STATUS\") from general_reports where \"UC / MD\" = 'MEGABYTE'")" 1048576
    expect_equal "the quoted cell" "$(sql "select \"STATUS\" from general_reports where \"UC / MD\" = 'QUOTED'")" "$(printf 'TWO\nLINES; AND "QUOTES"')"
    expect_equal "the badly quoted cell" "$(sql "select count(*) from general_reports where \"UC / MD\" = '\"POSTE\" CAIDO'")" 1
    expect_equal "the record without a line end" "$(sql "select count(*) from general_reports where \"UC / MD\" = 'LAST'")" 1
    etl load relatorio_prot_geral.csv
    expect_equal "the rejects after the same file again" "$(sql 'select count(*) from etl_rejects')" 7
}

test_a_file_that_is_no_export_is_refused_and_named() {
    general_file relatorio_prot_geral.csv 50
    etl load relatorio_prot_geral.csv
    expect_code 0
    sum=$(table general_reports | sha256sum)

    printf '<!DOCTYPE html>\n<html><head><title>SIGOS - Login</title></head><body>Status;Equipe</body></html>\n' >relatorio_prot_geral_html.csv
    etl load relatorio_prot_geral_html.csv --from 2025-03-01 --to 2025-03-31
    expect_code 1
    expect_in out.txt 'relatorio_prot_geral_html.csv: this is an HTML page, not a CSV (its title: "SIGOS - Login")'
    expect_unchanged_table "$sum"

    sed 's/;Cod;/;Codigo antigo;/' relatorio_prot_geral.csv >relatorio_prot_geral_key.csv
    etl load relatorio_prot_geral_key.csv --from 2025-03-01 --to 2025-03-31
    expect_code 1
    expect_in out.txt 'line 1: the header lacks the key column COD; it has: UC / MD, Data execucao, Codigo antigo, TOI, Equipe, Status'
    expect_unchanged_table "$sum"

    : >relatorio_prot_geral_empty.csv
    etl load relatorio_prot_geral_empty.csv --from 2025-03-01 --to 2025-03-31
    expect_code 1
    expect_in out.txt 'the file is empty'
    expect_unchanged_table "$sum"

    { cat relatorio_prot_geral.csv; for i in $(seq 30); do echo "broken;$i"; done; } >relatorio_prot_geral_broken.csv
    etl load relatorio_prot_geral_broken.csv --from 2025-03-01 --to 2025-03-31
    expect_code 1
    expect_in out.txt 'too many unusable records: 30 of 80'
    expect_unchanged_table "$sum"

    etl load nowhere/relatorio_prot_geral.csv
    expect_code 1
    expect_in out.txt 'nowhere/relatorio_prot_geral.csv'
    expect_equal "the refused windows in the ledger" "$(sql "select count(*) from etl_windows where status = 'refused'")" 4
}

test_an_export_that_shrinks_is_held_until_a_person_accepts_it() {
    general_file relatorio_prot_geral.csv 100
    etl load relatorio_prot_geral.csv
    expect_code 0
    sum=$(table general_reports | sha256sum)

    echo "$header" >relatorio_prot_geral_header.csv
    etl load relatorio_prot_geral_header.csv --from 2025-03-01 --to 2025-03-31
    expect_code 4
    expect_in out.txt 'the export has no row, the table holds 100'
    expect_in out.txt '--accept-shrink'
    expect_unchanged_table "$sum"

    general_file relatorio_prot_geral_tenth.csv 10
    etl load relatorio_prot_geral_tenth.csv --from 2025-03-01 --to 2025-03-31
    expect_code 4
    expect_in out.txt 'the export lacks 90 of the 100 rows'
    expect_unchanged_table "$sum"

    sed '20,$s#05/03/2025#05/04/2025#' relatorio_prot_geral.csv >relatorio_prot_geral_period.csv
    etl load relatorio_prot_geral_period.csv --from 2025-03-01 --to 2025-03-31
    expect_code 4
    expect_in out.txt 'another period: 82 of 100 records'
    expect_in out.txt '--accept-shrink'
    expect_unchanged_table "$sum"

    etl load relatorio_prot_geral_tenth.csv --from 2025-03-01 --to 2025-03-31 --accept-shrink
    expect_code 0
    expect_equal "the rows" "$(sql 'select count(*) from general_reports')" 10
}

test_an_undated_row_is_kept_once_and_survives() {
    general_file relatorio_prot_geral.csv 20
    printf '9999999;00/00/0000;C1;;T;Aberto\n' >>relatorio_prot_geral.csv
    for again in 1 2 3; do
        etl load relatorio_prot_geral.csv --from 2025-03-01 --to 2025-03-31
        expect_code 0
    done
    expect_equal "the undated rows" "$(sql 'select count(*) from general_reports where DATA_EXECUCAO is null')" 1
    expect_equal "the undated row" "$(sql "select \"STATUS\" from general_reports where DATA_EXECUCAO is null")" ABERTO
}

# A file of good rows with one column more: more_file FILE COUNT NAME VALUE
more_file() {
    general_file "$1" "$2"
    sed -i "1s/\$/;$3/; 2,\$s/\$/;$4/" "$1"
}

written() { # rows that the last run wrote
    sql "select inserted + updated + deleted from etl_windows where run_id = (select max(id) from etl_runs)"
}

# The built-in profile with another policy for new columns: policy WORD
policy() {
    rm -rf profile
    cp -r "$ROOT/profiles/sigos" profile
    sed -i "s/^new_columns:.*/new_columns: $1/" profile/*_reports.yaml
    grep -q "^new_columns: $1\$" profile/general_reports.yaml || fail "the profile has no new_columns"
}

test_a_column_that_appears_is_added_and_filled() {
    general_file relatorio_prot_geral.csv 20
    more_file relatorio_prot_geral_more.csv 15 'Priorid\xe1de' alta
    sed -i '12,$s/;alta$/; /' relatorio_prot_geral_more.csv # ten rows have a value, five have none
    etl load relatorio_prot_geral.csv
    expect_in log.txt '"event":"columns.missing"'
    etl load relatorio_prot_geral_more.csv
    expect_code 0
    expect_in log.txt '"event":"columns.added"'
    expect_in log.txt '"added":"PRIORIDADE"'
    expect_in out.txt 'general_reports: new column, added as text: "PRIORIDADE"'
    expect_equal "the values" "$(sql 'select "PRIORIDADE", count(*) from general_reports group by 1')" "$(printf '\t10\nALTA\t10')"
    expect_equal "the rows without a value that were written" "$(written)" 10
    expect_equal "the changes" "$(sql "select op, column_name, before, after, count(*) from etl_change_columns group by 1, 2, 3, 4")" \
        "$(printf 'update\tPRIORIDADE\t\tALTA\t10')"
    expect_equal "what is remembered" "$(sql 'select report, name, run_id = (select max(id) from etl_runs) from etl_columns')" "$(printf 'general_reports\tPRIORIDADE\t1')"

    etl load relatorio_prot_geral_more.csv
    expect_code 0
    expect_equal "the rows written by the same file again" "$(written)" 0
    ! grep -q 'columns.added\|columns.unknown' log.txt || fail "the column is new a second time"
    ! grep -q 'new column' out.txt || fail "the summary shows a column that is not new"
}

test_a_column_that_disappears_again_is_null_with_a_warning() {
    more_file relatorio_prot_geral_more.csv 15 Prioridade alta
    sed -i '12,$s/;alta$/;/' relatorio_prot_geral_more.csv
    general_file relatorio_prot_geral.csv 15
    etl load relatorio_prot_geral_more.csv
    expect_equal "the values" "$(sql 'select count("PRIORIDADE") from general_reports')" 10
    etl load relatorio_prot_geral.csv
    expect_code 0
    expect_in log.txt '"event":"columns.missing"'
    expect_in log.txt 'NOTIFICADO, PRIORIDADE"'
    expect_equal "the values that are left" "$(sql 'select count("PRIORIDADE") from general_reports')" 0
    expect_equal "the rows that had a value" "$(written)" 10
    etl load relatorio_prot_geral.csv
    expect_equal "the rows written by the same file again" "$(written)" 0
}

test_columns_come_in_any_file_of_a_window_and_in_any_order() {
    general_file relatorio_prot_geral1.csv 5
    more_file relatorio_prot_geral2.csv 10 'Zona;Alvo' 'z;a'
    sed -i '2,6d' relatorio_prot_geral2.csv
    more_file relatorio_prot_geral3.csv 10 'Alvo;Meio;ZONA' 'a;m;z'
    sed -i '2,6d' relatorio_prot_geral3.csv
    etl load relatorio_prot_geral1.csv relatorio_prot_geral2.csv
    expect_code 0
    expect_in out.txt 'general_reports: new columns, added as text: "ZONA", "ALVO"'
    expect_equal "the values" "$(sql 'select "ZONA", "ALVO", count(*) from general_reports group by 1, 2')" "$(printf '\t\t5\nZ\tA\t5')"
    expect_equal "the bytes in the ledger" "$(sql 'select bytes from etl_windows')" "$(cat relatorio_prot_geral[12].csv | wc -c)"
    expect_equal "the files in the ledger" "$(sql 'select file from etl_windows')" "relatorio_prot_geral1.csv, relatorio_prot_geral2.csv"
    etl load relatorio_prot_geral3.csv --json
    expect_code 0
    expect_in out.txt '"columns_added":["MEIO"]'
    expect_equal "the rows written" "$(written)" 5
    etl load relatorio_prot_geral1.csv relatorio_prot_geral3.csv
    expect_equal "the rows written by the same files again" "$(written)" 0
}

test_a_report_may_ignore_new_columns_or_refuse_them() {
    general_file relatorio_prot_geral.csv 20
    etl load relatorio_prot_geral.csv
    sum=$(table general_reports | sha256sum)
    more_file relatorio_prot_geral_more.csv 20 Prioridade alta

    policy ignore
    etl load relatorio_prot_geral_more.csv --profile profile
    expect_code 0
    expect_in log.txt '"event":"columns.unknown"'
    expect_in log.txt '"ignored":"PRIORIDADE"'
    expect_unchanged_table "$sum"

    policy refuse
    etl load relatorio_prot_geral_more.csv --profile profile
    expect_code 1
    expect_in out.txt 'relatorio_prot_geral_more.csv: columns that the profile does not know: PRIORIDADE; the report says new_columns: refuse'
    expect_equal "the ledger" "$(sql 'select status, count(*) from etl_windows group by 1')" "$(printf 'loaded\t2\nrefused\t1')"
    expect_unchanged_table "$sum"

    etl load relatorio_prot_geral_more.csv # and what was added once belongs to the report
    etl load relatorio_prot_geral_more.csv --profile profile
    expect_code 0
}

test_columns_that_cannot_be_added_are_ignored_with_the_reason() {
    more_file relatorio_prot_geral.csv 20 "Data extracao;DATA_EXTRACAO;_row_key;$(printf 'x%.0s' {1..64});Nota;nota" '1;2;3;4;5;6'
    etl load relatorio_prot_geral.csv
    expect_code 0
    expect_in out.txt 'new column, added as text: "DATA EXTRACAO"'
    expect_in log.txt '"ignored":"DATA_EXTRACAO","reason":"the report has a column of that name"'
    expect_in log.txt '"ignored":"_ROW_KEY","reason":"names that begin with _row_ are'
    expect_in log.txt '"reason":"its name is longer than 63 bytes"'
    expect_in log.txt '"ignored":"NOTA","reason":"the header has it twice"'
    expect_equal "what was added" "$(sql 'select name from etl_columns')" "DATA EXTRACAO"
}

test_a_column_that_an_analyst_added_is_never_touched() {
    general_file relatorio_prot_geral.csv 20
    etl load relatorio_prot_geral.csv
    sql 'alter table general_reports add column prioridade text; update general_reports set prioridade = '"'mine'"
    more_file relatorio_prot_geral_more.csv 20 Prioridade alta
    sed -i 's/Baixado/Cancelado/' relatorio_prot_geral_more.csv
    etl load relatorio_prot_geral_more.csv
    expect_code 0
    expect_in log.txt '"ignored":"PRIORIDADE","reason":"the table has a column of that name that etl-sigos did not add"'
    expect_equal "the rows" "$(sql 'select prioridade, "STATUS", count(*) from general_reports group by 1, 2')" "$(printf 'mine\tCANCELADO\t20')"
    expect_equal "what is remembered" "$(sql 'select count(*) from etl_columns')" 0
}

test_a_column_that_somebody_dropped_comes_back() {
    more_file relatorio_prot_geral.csv 20 Prioridade alta
    etl load relatorio_prot_geral.csv
    sql 'alter table general_reports drop column "PRIORIDADE"'
    general_file relatorio_prot_geral_less.csv 20
    etl load relatorio_prot_geral_less.csv
    expect_code 0
    expect_equal "what is remembered" "$(sql 'select count(*) from etl_columns')" 0
    etl load relatorio_prot_geral.csv
    expect_code 0
    expect_equal "the values" "$(sql 'select "PRIORIDADE", count(*) from general_reports group by 1')" "$(printf 'ALTA\t20')"
}

test_an_export_that_is_not_written_adds_no_column() {
    general_file relatorio_prot_geral.csv 100
    etl load relatorio_prot_geral.csv
    more_file relatorio_prot_geral_held.csv 10 Prioridade alta
    etl load relatorio_prot_geral_held.csv --from 2025-03-01 --to 2025-03-31
    expect_code 4
    { cat relatorio_prot_geral_held.csv; for i in $(seq 30); do echo "broken;$i"; done; } >relatorio_prot_geral_broken.csv
    etl load relatorio_prot_geral_broken.csv
    expect_code 1
    expect_equal "the columns added" "$(sql "select count(*) from etl_columns; select count(*) from pragma_table_info('general_reports') where name = 'PRIORIDADE'")" "$(printf '0\n0')"
    etl load relatorio_prot_geral_held.csv --from 2025-03-01 --to 2025-03-31 --accept-shrink
    expect_code 0
    expect_equal "the values" "$(sql 'select "PRIORIDADE", count(*) from general_reports group by 1')" "$(printf 'ALTA\t10')"
}

test_wrong_use_says_what_is_right() {
    etl load
    expect_code 2
    expect_in log.txt 'no file given'
    : >mystery.csv
    etl load mystery.csv
    expect_code 2
    expect_in log.txt 'mystery.csv: its name is that of no report'
    etl load relatorio_prot_geral.csv --from 2025-03-01
    expect_code 2
    expect_in log.txt '--from and --to belong together'
    etl load x.csv --plan
    expect_code 2
    expect_in log.txt 'are for cycles'
    etl load x.csv --report nothing
    expect_code 2
    expect_in log.txt "there is no report 'nothing'"
    [ ! -e sigos.db ] || fail "a database was made for a wrong command"
}

run_tests "$@"
