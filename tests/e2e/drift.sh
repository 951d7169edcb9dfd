#!/usr/bin/env bash
# Columns that are new, missing or moved, in every database: they are added, ignored or refused, and no cell is wrong.
. "$(dirname "$0")/../support/e2e.bash"
. "$(dirname "$0")/../support/postgres.bash"
. "$(dirname "$0")/../support/both.bash"

# more_file FILE COUNT NAME VALUE: writes a file of good rows with one more column.
more_file() {
    general_file "$1" "$2"
    sed -i "1s/\$/;$3/; 2,\$s/\$/;$4/" "$1"
}

written() { # prints the number of rows that the last run wrote
    sql "select inserted + updated + deleted from etl_windows where run_id = (select max(id) from etl_runs)"
}

# policy WORD: makes the built-in profile with another policy for new columns.
policy() {
    rm -rf profile
    cp -r "$ROOT/profiles/sigos" profile
    sed -i "s/^new_columns:.*/new_columns: $1/" profile/*_reports.yaml
    grep -q "^new_columns: $1\$" profile/general_reports.yaml || fail "the profile has no new_columns"
}

each_a_column_that_appears_is_added_and_filled() {
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
    expect_equal "the values" "$(sql "select coalesce(\"PRIORIDADE\", '-') as p, count(*) from general_reports group by p order by p")" "$(printf -- '-\t10\nALTA\t10')"
    expect_equal "the rows without a value that were written" "$(written)" 10
    expect_equal "the changes" "$(sql "select op, column_name, before, after, count(*) from etl_change_columns group by op, column_name, before, after")" \
        "$(printf 'update\tPRIORIDADE\t\tALTA\t10')"
    expect_equal "what is remembered" "$(sql 'select report, name from etl_columns where run_id = (select max(id) from etl_runs)')" "$(printf 'general_reports\tPRIORIDADE')"

    etl load relatorio_prot_geral_more.csv
    expect_code 0
    expect_equal "the rows written by the same file again" "$(written)" 0
    ! grep -q 'columns.added\|columns.unknown' log.txt || fail "the column is new a second time"
    ! grep -q 'new column' out.txt || fail "the summary shows a column that is not new"
}

each_a_column_that_disappears_again_is_null_with_a_warning() {
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

each_columns_come_in_any_file_of_a_window_and_in_any_order() {
    general_file relatorio_prot_geral1.csv 5
    more_file relatorio_prot_geral2.csv 10 'Zona;Alvo' 'z;a'
    sed -i '2,6d' relatorio_prot_geral2.csv
    more_file relatorio_prot_geral3.csv 10 'Alvo;Meio;ZONA' 'a;m;z'
    sed -i '2,6d' relatorio_prot_geral3.csv
    etl load relatorio_prot_geral1.csv relatorio_prot_geral2.csv
    expect_code 0
    expect_in out.txt 'general_reports: new columns, added as text: "ZONA", "ALVO"'
    expect_equal "the values" "$(sql "select coalesce(\"ZONA\", '-') as z, coalesce(\"ALVO\", '-') as a, count(*) from general_reports group by z, a order by z")" "$(printf -- '-\t-\t5\nZ\tA\t5')"
    expect_equal "the bytes in the ledger" "$(sql 'select bytes from etl_windows')" "$(cat relatorio_prot_geral[12].csv | wc -c)"
    expect_equal "the files in the ledger" "$(sql 'select file from etl_windows')" "relatorio_prot_geral1.csv, relatorio_prot_geral2.csv"
    etl load relatorio_prot_geral3.csv --json
    expect_code 0
    expect_in out.txt '"columns_added":["MEIO"]'
    expect_equal "the rows written" "$(written)" 5
    etl load relatorio_prot_geral1.csv relatorio_prot_geral3.csv
    expect_equal "the rows written by the same files again" "$(written)" 0
}

each_a_report_may_ignore_new_columns_or_refuse_them() {
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
    expect_equal "the ledger" "$(sql 'select status, count(*) from etl_windows group by status order by status')" "$(printf 'loaded\t2\nrefused\t1')"
    expect_unchanged_table "$sum"

    etl load relatorio_prot_geral_more.csv # a column that was added belongs to the report
    etl load relatorio_prot_geral_more.csv --profile profile
    expect_code 0
}

each_columns_that_cannot_be_added_are_ignored_with_the_reason() {
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

both_a_column_that_an_analyst_added_is_never_touched() {
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

each_a_key_column_that_is_lost_refuses_the_file() {
    general_file relatorio_prot_geral.csv 50
    etl load relatorio_prot_geral.csv
    expect_code 0
    sum=$(table general_reports | sha256sum)
    for lost in 'UC \/ MD' 'Data execucao' Cod TOI Equipe; do
        sed "1s/$lost/Outra/" relatorio_prot_geral.csv >relatorio_prot_geral_key.csv
        etl load relatorio_prot_geral_key.csv --from 2025-03-01 --to 2025-03-31
        expect_code 1
        expect_in out.txt 'line 1: the header lacks the key column'
        expect_unchanged_table "$sum"
    done
    expect_equal "the ledger" "$(sql 'select status, count(*) from etl_windows group by status order by status')" "$(printf 'loaded\t1\nrefused\t5')"
    expect_equal "the columns added" "$(sql 'select count(*) from etl_columns')" 0
    etl load relatorio_prot_geral.csv --from 2025-03-01 --to 2025-03-31
    expect_code 0
    expect_equal "the rows written by the file as it was" "$(written)" 0
}

both_a_column_that_somebody_dropped_comes_back() {
    more_file relatorio_prot_geral.csv 20 Prioridade alta
    etl load relatorio_prot_geral.csv
    sql 'alter table general_reports drop column "PRIORIDADE"'
    general_file relatorio_prot_geral_less.csv 20
    etl load relatorio_prot_geral_less.csv
    expect_code 0
    expect_equal "what is remembered" "$(sql 'select count(*) from etl_columns')" 0
    etl load relatorio_prot_geral.csv
    expect_code 0
    expect_equal "the values" "$(sql 'select "PRIORIDADE", count(*) from general_reports group by "PRIORIDADE"')" "$(printf 'ALTA\t20')"
}

each_an_export_that_is_not_written_adds_no_column() {
    general_file relatorio_prot_geral.csv 100
    etl load relatorio_prot_geral.csv
    more_file relatorio_prot_geral_held.csv 10 Prioridade alta
    etl load relatorio_prot_geral_held.csv --from 2025-03-01 --to 2025-03-31
    expect_code 4
    { cat relatorio_prot_geral_held.csv; for i in $(seq 30); do echo "broken;$i"; done; } >relatorio_prot_geral_broken.csv
    etl load relatorio_prot_geral_broken.csv
    expect_code 1
    expect_equal "the columns added" "$(sql "select count(*) from etl_columns")/$(columns_of general_reports | grep -c PRIORIDADE)" 0/0
    etl load relatorio_prot_geral_held.csv --from 2025-03-01 --to 2025-03-31 --accept-shrink
    expect_code 0
    expect_equal "the values" "$(sql 'select "PRIORIDADE", count(*) from general_reports group by "PRIORIDADE"')" "$(printf 'ALTA\t10')"
}

# The portal's files have a column that this profile does not mention, in both reports.
each_new_columns_are_added_to_both_reports_and_rehearsed_without() {
    start_portal
    etl full --today "$TODAY"
    cp -r "$ROOT/profiles/sigos" profile
    sed -i '/^  - Empresa$/d; /^  - EMPRESA$/d' profile/*_reports.yaml
    etl full --profile profile --plan --json --today "$TODAY"
    expect_code 0
    expect_equal "the columns of the plan" "$(grep -o '"columns_to_add":\["EMPRESA"\]' out.txt | wc -l)" 2
    expect_equal "the columns added by a plan" "$(sql 'select count(*) from etl_columns')" 0

    etl full --profile profile --today "$TODAY"
    expect_code 0
    expect_in out.txt 'general_reports: new column, added as text: "EMPRESA"'
    expect_in out.txt 'return_reports: new column, added as text: "EMPRESA"'
    expect_equal "the columns added" "$(sql 'select report, name from etl_columns order by report')" "$(printf 'general_reports\tEMPRESA\nreturn_reports\tEMPRESA')"
    expect_equal "added once a run" "$(grep -c '"event":"columns.added"' log.txt)" 2
    for report in general_reports return_reports; do
        expect_equal "changes of $report" "$(sql "select count(*) from etl_changes where report = '$report'")" \
            "$(sql "select count(\"EMPRESA\") from $report where \"EMPRESA\" <> ''")"
        expect_equal "other columns that changed" "$(sql "select count(*) from etl_change_columns where column_name <> 'EMPRESA'")" 0
    done
    [ "$(sql 'select count("EMPRESA") from general_reports')" -gt 100 ] || fail "the new column has no values"
    etl full --profile profile --today "$TODAY"
    expect_equal "the rows written by a cycle without changes" \
        "$(sql 'select sum(inserted + updated + deleted) from etl_windows where run_id = (select max(id) from etl_runs)')" 0
}

run_tests_on_each "$@"
