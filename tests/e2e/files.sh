#!/usr/bin/env bash
# Files exported by hand, good and bad: every line is loaded, or rejected with file, line and reason.
. "$(dirname "$0")/../support/e2e.bash"

export_file() { # ALIAS FROM TO FILE
    "$SIM" export --report "$1" --from "$2" --to "$3" --seed "$SEED" --rows "$ROWS" --today "$TODAY" >"$4"
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

test_settings_of_the_log_may_stand_in_the_env_file_and_come_through_a_pipe() {
    export_file general 2025-01-01 2025-01-31 relatorio_prot_geral.csv
    unset LOG_FORMAT
    printf 'LOG_LEVEL=error\n' >.env
    chmod 644 .env # a warning about the mode would follow
    etl load relatorio_prot_geral.csv
    expect_code 0
    [ ! -s log.txt ] || fail "there are lines below the level: $(cat log.txt)"
    LOG_LEVEL=info etl load relatorio_prot_geral.csv
    expect_in log.txt '"event":"window.loaded"'
    etl load relatorio_prot_geral.csv --env-file <(printf 'LOG_FORMAT=text\nDATABASE_URL=sqlite:other.db\n')
    expect_code 0
    expect_in log.txt 'window.loaded general_reports 2025-01-01..01-31 +'
    [ -e other.db ] || fail "what stood behind it was not read"
    printf 'LOG_LEVEL=loud\n' >.env
    etl load relatorio_prot_geral.csv
    expect_code 2
    expect_in log.txt 'LOG_LEVEL=loud: use debug, info, warn or error'
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
        printf 'trailing;05/03/2025;C1;;T;Baixado;;\r\n'                       # a separator that has strayed into it
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
    expect_equal "the ledger" "$(sql 'select rows_read, rows_loaded, rows_duplicates, rows_boundary, rows_rejected from etl_windows')" "$(printf '109\t104\t0\t0\t5')"
    expect_equal "the rejects" "$(sql 'select file, line, reason from etl_rejects order by line')" \
"relatorio_prot_geral.csv	105	has 3 fields, the header has 6
relatorio_prot_geral.csv	106	has 7 fields, the header has 6
relatorio_prot_geral.csv	107	holds a NUL byte
relatorio_prot_geral.csv	108	has 8 fields, the header has 6
relatorio_prot_geral.csv	111	a quote is opened and never closed"
    expect_equal "what is no record" "$(sql 'select rows_left_out from etl_windows')" 3
    expect_equal "the raw text" "$(sql 'select raw from etl_rejects where line = 105')" "ragged;05/03/2025;C1"
    expect_equal "the long cell" "$(sql "select length(\"STATUS\") from general_reports where \"UC / MD\" = 'MEGABYTE'")" 1048576
    expect_equal "the quoted cell" "$(sql "select \"STATUS\" from general_reports where \"UC / MD\" = 'QUOTED'")" "$(printf 'TWO\nLINES; AND "QUOTES"')"
    expect_equal "the badly quoted cell" "$(sql "select count(*) from general_reports where \"UC / MD\" = '\"POSTE\" CAIDO'")" 1
    expect_equal "the record without a line end" "$(sql "select count(*) from general_reports where \"UC / MD\" = 'LAST'")" 1
    etl load relatorio_prot_geral.csv
    expect_equal "the rejects after the same file again" "$(sql 'select count(*) from etl_rejects')" 5
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

    { cat relatorio_prot_geral.csv; for i in $(seq 30); do echo "broken;$i"; done; tail -n 1 relatorio_prot_geral.csv; } >relatorio_prot_geral_broken.csv
    etl load relatorio_prot_geral_broken.csv --from 2025-03-01 --to 2025-03-31
    expect_code 1
    expect_in out.txt 'too many unusable records: 30 of 81'
    expect_unchanged_table "$sum"

    etl load nowhere/relatorio_prot_geral.csv
    expect_code 1
    expect_in log.txt 'nowhere/relatorio_prot_geral.csv: No such file'
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
    for _ in 1 2 3; do
        etl load relatorio_prot_geral.csv --from 2025-03-01 --to 2025-03-31
        expect_code 0
    done
    expect_equal "the undated rows" "$(sql 'select count(*) from general_reports where DATA_EXECUCAO is null')" 1
    expect_equal "the undated row" "$(sql "select \"STATUS\" from general_reports where DATA_EXECUCAO is null")" ABERTO
}

test_what_comes_out_of_a_pipe_is_loaded_once_and_its_new_columns_too() {
    general_file relatorio_prot_geral.csv 30
    etl load --report general_reports <(sed '1s/$/;Novo/; 2,$s/$/;x/' relatorio_prot_geral.csv)
    expect_code 0
    expect_equal "the rows with what is new" "$(sql 'select count(*) from general_reports where "NOVO" is not null')" 30
    mkfifo relatorio_prot_geral_fifo.csv
    cat relatorio_prot_geral.csv >relatorio_prot_geral_fifo.csv &
    etl load relatorio_prot_geral_fifo.csv
    expect_code 0
    etl load /dev/stdin --report general_reports <relatorio_prot_geral.csv
    expect_code 0
    etl load /dev/null --report general_reports
    expect_code 1
    expect_in out.txt '/dev/null is not a file: it is a device'
    [ -z "$(ls -d etl-sigos-pipes* 2>/dev/null)" ] || fail "a copy of a pipe was left behind"
}

test_the_newest_download_of_a_file_is_read_last_and_that_is_said() {
    general_file relatorio_prot_geral.csv 10
    sed 's/Baixado/Cancelado/' relatorio_prot_geral.csv >'relatorio_prot_geral (2).csv'
    sed 's/Baixado/Aberto/' relatorio_prot_geral.csv >'relatorio_prot_geral (10).csv'
    etl load relatorio_prot_geral*.csv
    expect_code 0
    expect_equal "the newest status" "$(sql 'select distinct "STATUS" from general_reports')" ABERTO
    expect_in log.txt '"event":"files.ordered"'
    expect_in log.txt 'relatorio_prot_geral.csv, relatorio_prot_geral (2).csv, relatorio_prot_geral (10).csv'
    etl load relatorio_prot_geral.csv
    ! grep -q files.ordered log.txt || fail "an order was told that was the one given"
}

as_excel() { # FILE: tab-separated UTF-16 with a byte order mark, "Unicode text"
    printf '\xff\xfe'
    tr ';' '\t' <"$1" | iconv -f UTF-8 -t UTF-16LE
}

# expect_loaded FILE: expects the table that the plain file makes, and in the ledger the hash of the file as it came.
expect_loaded() {
    local sum
    rm -f sigos.db*
    etl load relatorio_prot_geral.csv
    sum=$(table general_reports | sha256sum)
    rm -f sigos.db*
    etl load --report general_reports "$1"
    expect_code 0
    expect_unchanged_table "$sum"
    expect_equal "the hash in the ledger" "$(sql 'select sha256 from etl_windows')" "$(sha256sum "$1" | cut -d' ' -f1)"
}

test_packed_files_and_utf16_are_loaded_as_what_is_in_them() {
    general_file relatorio_prot_geral.csv 40
    sed -i 's/Baixado/Não executado – ção/' relatorio_prot_geral.csv
    gzip -k relatorio_prot_geral.csv
    expect_loaded relatorio_prot_geral.csv.gz
    cp relatorio_prot_geral.csv.gz relatorio_prot_geral_x.csv
    expect_loaded relatorio_prot_geral_x.csv
    as_excel relatorio_prot_geral.csv >relatorio_prot_geral.txt
    expect_loaded relatorio_prot_geral.txt
    iconv -f UTF-8 -t UTF-16BE relatorio_prot_geral.csv >relatorio_prot_geral_be.csv
    expect_equal "the first byte of UTF-16 without a mark" "$(head -c 1 relatorio_prot_geral_be.csv | od -An -tx1)" " 00"
    expect_loaded relatorio_prot_geral_be.csv
    gzip -c relatorio_prot_geral.txt >relatorio_prot_geral.gz
    expect_loaded relatorio_prot_geral.gz
    mkdir folder
    mv relatorio_prot_geral.csv.gz folder
    cp "$ROOT/tests/cases/parts.zip" folder/other.zip # a zip may hold any files
    etl load folder
    expect_code 0
    etl load --report general_reports <(cat folder/relatorio_prot_geral.csv.gz)
    expect_code 0
}

# tests/cases/parts.zip was made by Python. In it part 10 comes before part 2.
test_a_zip_is_loaded_and_its_rejects_name_the_file_in_it() {
    cp "$ROOT/tests/cases/parts.zip" relatorio_prot_geral.zip
    etl load relatorio_prot_geral.zip
    expect_code 0
    expect_equal "the rows by status" "$(sql 'select "STATUS", count(*) from general_reports group by 1 order by 1')" \
        "$(printf 'DE FEVEREIRO\t3\nDE JANEIRO\t2')"
    expect_equal "the rejects" "$(sql 'select file, line, reason from etl_rejects')" \
        "relatorio_prot_geral.zip: dados/parte 2.csv	3	has 2 fields, the header has 6"
    expect_equal "the ledger" "$(sql 'select file, rows_read, rows_loaded, rows_duplicates, rows_rejected from etl_windows')" \
        "$(printf 'relatorio_prot_geral.zip\t7\t5\t1\t1')"
    expect_in log.txt '"event":"archive.left_out"'
    expect_in log.txt 'leia-me.txt'
}

test_a_packed_file_that_is_not_whole_is_refused_and_nothing_of_it_loaded() {
    general_file relatorio_prot_geral.csv 400
    gzip -k relatorio_prot_geral.csv
    etl load relatorio_prot_geral.csv
    sum=$(table general_reports | sha256sum)
    head -c -9 relatorio_prot_geral.csv.gz >relatorio_prot_geral_cut.csv.gz
    etl load relatorio_prot_geral_cut.csv.gz --from 2025-03-01 --to 2025-03-31
    expect_code 1
    expect_in out.txt 'relatorio_prot_geral_cut.csv.gz: the gzip file was cut'
    expect_unchanged_table "$sum"
    head -c -9 "$ROOT/tests/cases/parts.zip" >relatorio_prot_geral_cut.zip
    etl load relatorio_prot_geral_cut.zip --from 2025-03-01 --to 2025-03-31
    expect_code 1
    expect_in out.txt 'relatorio_prot_geral_cut.zip: the zip file was cut'
    gzip -c relatorio_prot_geral.csv.gz >relatorio_prot_geral_twice.csv.gz
    etl load relatorio_prot_geral_twice.csv.gz --from 2025-03-01 --to 2025-03-31
    expect_code 1
    expect_in out.txt 'what is packed in it is a gzip file'
    head -c 300000000 /dev/zero | gzip >relatorio_prot_geral_bomb.csv.gz
    etl load relatorio_prot_geral_bomb.csv.gz --from 2025-03-01 --to 2025-03-31
    expect_code 1
    expect_in out.txt "at most 2048 MiB, and 250 times the packed size"
    expect_unchanged_table "$sum"
}

test_a_folder_stands_for_the_exports_in_it() {
    mkdir folder empty
    general_file folder/RELATORIO_PROT_GERAL.CSV 10
    sed 's/Baixado/Cancelado/' folder/RELATORIO_PROT_GERAL.CSV >'folder/RELATORIO_PROT_GERAL (1).CSV'
    echo 'no export' >folder/notes.txt
    etl load folder
    expect_code 0
    expect_equal "the newest status" "$(sql 'select distinct "STATUS" from general_reports')" CANCELADO
    etl load empty
    expect_code 1
    expect_in log.txt 'the folder empty holds no CSV file'
    : >folder/retorno_reprovado.csv
    echo "$header" >folder/other.csv
    etl load folder
    expect_code 2
    expect_in log.txt 'say which with --report NAME'
    rm folder/other.csv
    etl load folder --report general_reports
    expect_code 0
}

test_a_file_without_any_record_is_warned_of() {
    echo "$header" >relatorio_prot_geral.csv
    etl load relatorio_prot_geral.csv
    expect_code 0
    expect_in log.txt '"event":"report.empty"'
    expect_in out.txt 'there was no record in any export'
    general_file relatorio_prot_geral.csv 1
    etl load relatorio_prot_geral.csv --json
    expect_in out.txt '"empty":false'
}

test_wrong_use_says_what_is_right() {
    etl load
    expect_code 2
    expect_in log.txt 'no file given'
    : >mystery.csv
    etl load mystery.csv
    expect_code 2
    expect_in log.txt 'mystery.csv: its name is that of no report'
    etl load nada.csv
    expect_code 1
    expect_in log.txt 'nada.csv: No such file'
    : >relatorio_prot_geral.csv
    etl load relatorio_prot_geral.csv --from 2025-03-01
    expect_code 2
    expect_in log.txt '--from and --to belong together'
    etl load x.csv --plan
    expect_code 2
    expect_in log.txt 'is for incremental and full'
    : >x.csv
    etl load x.csv --report nothing
    expect_code 2
    expect_in log.txt "there is no report 'nothing'"
    DATABASE_URL=mysql://me:x@host/db SIGOS_JOBS=9 etl load nada.csv
    expect_code 2
    expect_in log.txt 'SIGOS_JOBS must be a number from 1 to 4; unknown kind of database "mysql"'
    expect_in log.txt 'nada.csv: No such file'
    SIGOS_SENHA='' etl incremental
    expect_code 2
    expect_in log.txt 'no credentials for the portal: set SIGOS_SENHA'
    CHROME_BIN=/nowhere/chromium etl incremental
    expect_code 2
    expect_in log.txt 'CHROME_BIN: cannot run /nowhere/chromium'
    [ ! -e sigos.db ] || fail "a database was made for a wrong command"
}

run_tests "$@"
