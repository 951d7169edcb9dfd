#!/usr/bin/env bash
# Damaged and unusual files: each input of tests/cases is loaded as a person loads it, into each database.
# The numbers (A1, G4, …) are those of docs/edges.md.
. "$(dirname "$0")/../support/e2e.bash"
. "$(dirname "$0")/../support/postgres.bash"
. "$(dirname "$0")/../support/both.bash"

CASES=$ROOT/tests/cases
october=(--from 2026-10-01 --to 2026-10-20)
march=(--from 2024-03-01 --to 2024-03-31)

# load_case FILE [OPTION…]
load_case() {
    local report=general_reports file=$1
    shift
    case $file in retorno*) report=return_reports ;; esac
    etl load --report "$report" "$CASES/$file" "$@"
}

# becomes FILE ROWS REJECTED: loads the file into an empty database and expects these numbers.
becomes() {
    local table=general_reports
    case $1 in retorno*) table=return_reports ;; esac
    load_case "$1"
    [ "$CODE" = 0 ] || fail "$1: exit $CODE: $(cat out.txt)"
    expect_equal "the rows of $1" "$(sql "select count(*) from $table")" "$2"
    expect_equal "the rejects of $1" "$(sql "select sum(rows_rejected) from etl_windows where run_id = (select max(id) from etl_runs)")" "$3"
    expect_equal "marks of lost text in $1" "$(sql "select count(*) from $table where \"EQUIPE\" like '%$(printf '\357\277\275')%' or \"EQUIPE\" like '%\"%'")" 0
    sql "delete from $table" >/dev/null
}

# is_refused FILE WORDS
is_refused() {
    local table=general_reports
    case $1 in retorno*) table=return_reports ;; esac
    load_case "$1"
    [ "$CODE" = 1 ] || fail "$1: exit $CODE instead of 1: $(cat out.txt)"
    expect_in out.txt "$2"
    expect_equal "the rows of $1" "$(sql "select count(*) from $table")" 0
}

texts() { sql "select distinct \"MUNICIPIO\" from general_reports"; }

both_files_of_every_careless_kind_are_read_as_meant() {
    becomes base.csv 30 0
    becomes c01_entity.csv 29 1           # G1: an unquoted separator within a text
    becomes c02_php.csv 30 0              # G1: backslashed quotes
    becomes c03_crcrlf.csv 30 0           # G8
    becomes c04_catbom.csv 30 0           # G7: two files glued together
    becomes c04c_hdrorder.csv 30 0        # G7: the same with two orders of columns
    becomes c05_total.csv 30 0            # G7
    becomes c05b_total_nolf.csv 30 0      # G15
    becomes c05c_ctrlz.csv 30 0           # G15
    becomes c06_cut_utf8.csv 30 0         # G2: the broken byte is in a dropped column
    becomes c08_datetime.csv 30 0         # G3, A10
    becomes c12_space_quote.csv 30 0      # G8
    becomes c16c_cr_with_lf_in_cell.csv 30 0 # G6
    becomes c33_nullmark.csv 26 0         # G21
    becomes c40_blankrows.csv 30 0        # G21
    becomes f_filter.csv 5 0              # G16
    becomes retorno_crash.csv 100 1       # B1
    becomes retorno_u1.csv 100 0
    becomes retorno_u2.csv 100 1          # A9
}

each_text_is_never_made_worse() { # A3, G2, G21
    local file
    for file in c07b_bom_hdr8_rows1.csv c07c_hdr1_rows8.csv c26_nfd.csv c04_catbom.csv; do
        load_case "$file"
        expect_code 0
        expect_equal "the places in $file" "$(texts)" BAGÉ
        sql 'delete from general_reports' >/dev/null
    done
    load_case retorno_joao.csv
    expect_code 0
    expect_equal "the reasons" "$(sql 'select distinct "MOTIVO" from return_reports')" 'JOÃO NÃO'
    sql 'delete from return_reports' >/dev/null
    load_case retorno_bom_latin1.csv
    expect_equal "the reasons" "$(sql 'select distinct "MOTIVO" from return_reports')" 'NÃO EXISTE Ç'
}

each_a_key_is_what_stands_behind_its_wrapping() { # G21
    load_case c09_formula_uc.csv
    expect_code 0
    expect_equal "the first consumer unit" "$(sql 'select min("UC / MD") from general_reports')" 0000012345
}

each_what_cannot_be_read_as_meant_is_refused() {
    is_refused c14f_sql.csv 'SQLSTATE'                       # G5
    is_refused c19_allragged.csv 'no record could be used'   # G9
    is_refused c36d_glued_one.csv 'the line end behind the header' # G6
    is_refused retorno_yy.csv 'which is no date'             # A4, G3
}

each_lines_that_cannot_be_read_delete_no_row() { # A1, G1, G4
    load_case d_good.csv "${october[@]}"
    sum=$(table general_reports | sha256sum)
    for file in d_20bad.csv d_5shift.csv; do
        load_case "$file" "${october[@]}"
        expect_code 0
        expect_unchanged_table "$sum"
    done
    expect_equal "the rows that were kept" "$(sql 'select sum(kept) from etl_windows')" 25
    expect_in out.txt '5 rows were kept'

    load_case retorno_4.csv "${march[@]}"
    load_case retorno_rej.csv "${march[@]}"
    expect_code 0
    expect_equal "the rows" "$(sql 'select count(*) from return_reports')" 100
}

# The same bad line in every export must not stop deletes.
each_a_row_that_is_gone_goes_although_a_bad_line_stays() {
    { cat "$CASES/retorno_4.csv"; echo 'so quem sabe;;;;;;lixo;;;;;;;'; sed -n 2p "$CASES/retorno_4.csv"; } >retorno_a.csv
    grep -v '^7;' retorno_a.csv >retorno_b.csv
    grep -v '^so quem' retorno_b.csv | grep -v '^8;' >retorno_c.csv
    etl load --report return_reports "$CASES/retorno_4.csv" "${march[@]}"
    etl load --report return_reports retorno_a.csv "${march[@]}"
    expect_code 0
    etl load --report return_reports retorno_b.csv "${march[@]}"
    expect_code 0
    expect_equal "the rows without the seventh" "$(sql 'select count(*) from return_reports')" 99

    # A cut line may be the row that is missing since then, whatever is left of it.
    sed 's#^9;05/.*#9;05/0#' retorno_b.csv >retorno_d.csv
    etl load --report return_reports retorno_d.csv "${march[@]}"
    expect_equal "the rows with the ninth" "$(sql 'select count(*) from return_reports')" 99
    etl load --report return_reports retorno_d.csv "${march[@]}"
    expect_equal "the rows with the ninth, an hour later" "$(sql 'select count(*) from return_reports')" 99
    grep -v '^9;' retorno_d.csv >retorno_e.csv
    etl load --report return_reports retorno_e.csv "${march[@]}"
    expect_code 0
    expect_equal "the rows when the line is gone" "$(sql 'select count(*) from return_reports')" 98
}

# A row with a broken byte in its key may be the missing row.
each_a_byte_that_broke_in_a_key_deletes_no_row() { # A1
    sed 's#^9;\(.*\)RS-PEL-1#9;\1RS-P\x05L-1#' "$CASES/retorno_4.csv" >retorno_odd.csv
    etl load --report return_reports "$CASES/retorno_4.csv" "${march[@]}"
    for hour in first second; do
        etl load --report return_reports retorno_odd.csv "${march[@]}"
        expect_code 0
        expect_equal "the rows in the $hour hour" "$(sql 'select count(*) from return_reports')" 101
        expect_in out.txt '1 rows were kept'
    done
    etl load --report return_reports "$CASES/retorno_4.csv" "${march[@]}"
    expect_equal "the rows when the byte is mended" "$(sql 'select count(*) from return_reports')" 100
}

each_dates_with_a_time_behind_them_change_nothing() { # A10, G3
    load_case d_good.csv "${october[@]}"
    sum=$(table general_reports | sha256sum)
    load_case e_15pct_dt.csv "${october[@]}"
    expect_code 0
    expect_unchanged_table "$sum"
    load_case retorno_1row.csv "${march[@]}"
    load_case retorno_1row_yy.csv "${march[@]}"
    expect_code 1
    expect_equal "the rows with a date" "$(sql 'select count("DATA_EXECUCAO") from return_reports')" 10
}

each_a_file_that_was_cut_within_its_last_cell_is_found() { # A7
    load_case retorno_ok.csv "${march[@]}"
    load_case retorno_cut.csv "${march[@]}"
    expect_code 1
    expect_in out.txt 'without a line end'
    expect_equal "the last status" "$(sql "select \"STATUS\" from return_reports where \"UC / MD\" = '99'")" OK
}

each_a_mass_update_of_the_past_is_held_with_its_command() { # C1, C2
    load_case d_good.csv "${october[@]}"
    sum=$(table general_reports | sha256sum)
    awk -F';' -v OFS=';' 'NR > 1 { $2 = "" } { print }' "$CASES/d_good.csv" >relatorio_prot_geral_blank.csv
    etl load relatorio_prot_geral_blank.csv "${october[@]}"
    expect_code 4
    expect_in out.txt 'the export has nothing in column STATUS, the table holds 100 cells there'
    expect_in out.txt "etl-sigos load FILE… --report general_reports ${october[*]} --accept-shrink"
    expect_unchanged_table "$sum"

    awk -F';' -v OFS=';' 'NR > 1 { $11 = "Outro " NR } { print }' "$CASES/d_good.csv" >relatorio_prot_geral_shift.csv
    etl load relatorio_prot_geral_shift.csv "${october[@]}"
    expect_code 4
    expect_in out.txt 'the export changes 100 of the 100 rows that the table holds on past days'
    expect_unchanged_table "$sum"

    etl load relatorio_prot_geral_shift.csv "${october[@]}" --accept-shrink
    expect_code 0
    expect_equal "the changed rows" "$(sql "select count(*) from general_reports where \"TOI ENTREGUE\" like 'OUTRO%'")" 100
}

each_a_column_that_is_new_changes_every_row_and_is_let_through() {
    load_case d_good.csv "${october[@]}"
    awk -v OFS=';' 'NR == 1 { print $0, "Prioridade"; next } { print $0, "alta" }' "$CASES/d_good.csv" >relatorio_prot_geral_new.csv
    etl load relatorio_prot_geral_new.csv "${october[@]}"
    expect_code 0
    expect_equal "the rows with a priority" "$(sql "select count(*) from general_reports where \"PRIORIDADE\" = 'ALTA'")" 100
}

test_accepting_wants_a_report_and_its_days() { # C1
    for wrong in "full --accept-shrink" "full general --accept-shrink" "incremental --from 2026-10-01 --to 2026-10-02 --accept-shrink" \
        "load --report return_reports $CASES/retorno_ok.csv --accept-shrink"; do
        # shellcheck disable=SC2086 # words
        SIGOS_URL=http://127.0.0.1:1 SIGOS_USUARIO=u SIGOS_SENHA=s etl $wrong
        expect_code 2
        expect_in log.txt '--accept-shrink'
    done
}

test_an_option_that_means_nothing_to_a_command_is_refused() { # C1
    while read -r words; do
        # shellcheck disable=SC2086 # words
        etl $words
        expect_code 2
        expect_in log.txt 'is for '
        [ ! -e sigos.db ] || fail "'$words' made a database"
    done <<END
schedule --accept-shrink
schedule --today 2020-01-01
schedule --plan
status --accept-shrink
changes --keep-files
load x.csv --keep-files
rejects --from 2026-01-01
check --limit 3
load x.csv --resume
END
}

run_tests_on_each "$@"
