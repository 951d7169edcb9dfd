#!/usr/bin/env bash
# Adoption of the Python program's tables, with all their faults: one full cycle makes them the truth, and readers see
# no gap meanwhile.
. "$(dirname "$0")/../support/e2e.bash"
. "$(dirname "$0")/../support/postgres.bash"

# Names and types as the Python program has them, taken from its documents and not from the profile.
make_tables_of_the_python_program() {
    pg 'create table general_reports ("UC / MD" text, "STATUS" text, "MUNICIPIO" text, "TIPO SERVICO" text, "DATA_EXECUCAO" date,
            "COD" text, "DATA AFERICAO" date, "TOI" text, "TOI ENTREGUE" text, "AR" text, "DATA AR" date, "MD ENCONTRADO" text,
            "MD INSTALADO" text, "TIPO MEDICAO" text, "EQUIPE" text, "RAMAL MONO" text, "RAMAL BI" text, "RAMAL TRI" text,
            "SERV DE PEDREIRO" text, "PARCELAMENTO" text, "RS NEGOCIADO" text, "BACKOFFICE" text, "DATA BAIXADO" date,
            "HORA INICIO SERVICO" time, "HORA FIM SERVICO" time, "COD FINANCIAMENTO" text, "QTD PARCELA(S)" text, "REGIONAL" text,
            "GRUPO" text, "DATA_EXTRACAO" timestamp, "NOTIFICADO" text);
        create table return_reports ("UC / MD" text, "DATA_EXECUCAO" date, "CODIGO" text, "TOI" text, "MD INSTALADO" text,
            "EQUIPE" text, "DATA RESOLVIDO" date, "MOTIVO" text, "MOTIVO DETALHADO" text, "MOTIVO DETALHADO 2" text, "STATUS" text,
            "REGIONAL" text, "GRUPO" text, "DATA_EXTRACAO" timestamp)' || fail "the tables could not be made"
}

# Fills a table with the rows of an older past: every twentieth row twice, as on boundary days; undated rows three
# times; a key with a stray blank; and a row that the portal never had.
fill_tables() {
    local alias table columns
    for alias in general return; do
        table=${alias}_reports
        truth "$alias" "$first_day" "$TODAY" 0 >old.tsv
        columns=$(head -n 1 old.tsv | sed 's/\t/","/g; s/^/"/; s/$/"/')
        { tail -n +2 old.tsv; tail -n +2 old.tsv | awk 'NR % 20 == 0'; } |
            "$PGBIN"/psql -X -q -v ON_ERROR_STOP=1 -c "copy $table ($columns) from stdin" || fail "the old rows could not be copied"
        pg "insert into $table select t.* from $table as t, generate_series(1, 2) where \"DATA_EXECUCAO\" is null;
            insert into $table (\"UC / MD\", \"DATA_EXECUCAO\") select ' ' || \"UC / MD\", \"DATA_EXECUCAO\" from $table where \"DATA_EXECUCAO\" is not null limit 1;
            insert into $table (\"UC / MD\", \"DATA_EXECUCAO\") values ('GHOST', '2025-01-15');
            update $table set \"DATA_EXTRACAO\" = '2026-01-01'"
    done
    [ "$(pg 'select count(*) from general_reports where "DATA_EXECUCAO" is null')" -gt 2 ] || fail "no undated row piled up"
    [ "$(pg 'select count(*) from (select from general_reports group by general_reports having count(*) > 1) as d')" -gt 100 ] || fail "there are no duplicates"
}

shape_of() { # prints a table's columns without those that the program adds
    pg "select column_name, data_type from information_schema.columns where table_name = '$1' and column_name not like '\\_row\\_%' order by ordinal_position"
}

# Counts the table's rows and months in the background, as fast as it can, each time in a new transaction. Each count
# is a line of `seen`.
start_reader() {
    local look="select count(*), count(distinct date_trunc('month', \"DATA_EXECUCAO\"))"
    while [ ! -e reader.stop ]; do
        echo "select (select x from ($look from general_reports) as x), (select x from ($look from return_reports) as x);"
    done | "$PGBIN"/psql -X -q -A -t -v ON_ERROR_STOP=1 | tr -d '()' | tr '|' ',' >seen &
    reader=$!
    SECONDS=0
    until [ -s seen ]; do
        [ "$SECONDS" -lt 20 ] || fail "the reader sees nothing"
    done
}

stop_reader() {
    : >reader.stop
    wait "$reader" || fail "the reader was refused"
}

# Expects at least nine tenths of the rows and all months in every count.
expect_no_gap() {
    awk -F, 'NR == 1 { for (i = 1; i <= 4; i++) first[i] = $i }
        { if ($1 < 0.9 * first[1] || $3 < 0.9 * first[3] || $2 < first[2] || $4 < first[4]) { print "look " NR ": " $0 ", at first " first[1] "," first[2] "," first[3] "," first[4]; bad = 1 }
          if ($0 != last) { states++; last = $0 } }
        END { if (NR < 50 || states < 10) { print NR " looks saw " states + 0 " states"; bad = 1 } exit bad }' seen >gaps.txt || {
        head -n 5 gaps.txt
        fail "a reader saw a gap, or nothing"
    }
}

test_one_full_cycle_makes_the_tables_the_truth_and_readers_see_no_gap() {
    start_portal --generation 1
    GENERATION=1
    start_postgres
    make_tables_of_the_python_program
    fill_tables
    for table in general_reports return_reports; do shape_of "$table"; done >shapes.before
    pg 'create view a_dashboard as select "REGIONAL", count(*) as services from general_reports group by 1'
    start_reader
    etl full --today "$TODAY"
    expect_code 0
    stop_reader
    expect_no_gap
    expect_pg_is_truth general general_reports
    expect_pg_is_truth return return_reports
    for table in general_reports return_reports; do shape_of "$table"; done >shapes.after
    cmp -s shapes.before shapes.after || fail "the columns changed: $(diff shapes.before shapes.after | head -n 3)"
    expect_equal "rows without a key" "$(pg 'select (select count(*) from general_reports where _row_key is null) + (select count(*) from return_reports where _row_key is null)')" 0
    expect_equal "the dashboard's sum" "$(pg 'select sum(services) from a_dashboard')" "$(pg 'select count(*) from general_reports')"
    expect_equal "changes of the past that the portal did not make" "$(pg "select count(*) from etl_changes where op <> 'delete' or window_date is not null")" 0
    etl full --today "$TODAY"
    expect_code 0
    expect_equal "rows written by the next cycle" \
        "$(pg 'select sum(inserted + updated + deleted) from etl_windows where run_id = (select max(id) from etl_runs)')" 0
}

# The Python program runs on for a while. The next cycle takes over the rows that it writes.
test_what_the_python_program_writes_after_that_is_taken_over_too() {
    start_portal --generation 1
    GENERATION=1
    start_postgres
    make_tables_of_the_python_program
    fill_tables
    etl full --today "$TODAY"
    expect_code 0
    pg "create temp table again as select * from general_reports where \"DATA_EXECUCAO\" >= '2026-10-01';
        alter table again drop column _row_key, drop column _row_hash;
        delete from general_reports where \"DATA_EXECUCAO\" >= '2026-10-01';
        insert into general_reports select * from again union all select * from again where \"DATA_EXECUCAO\" = '2026-11-01'"
    etl incremental --today "$TODAY"
    expect_code 0
    expect_pg_is_truth general general_reports 2026-09-24 "$TODAY"
    expect_equal "rows without a key" "$(pg 'select count(*) from general_reports where _row_key is null')" 0
}

test_a_plan_before_the_adoption_is_what_the_cycle_does_and_leaves_the_tables_alone() {
    local before planned
    start_portal --generation 1
    start_postgres
    make_tables_of_the_python_program
    fill_tables
    counts() { sed -n 's/^\(general\|return\)_reports  *//p' out.txt | awk '{print $1, $2, $6, $7, $9}'; }
    before=$(pg "select attname from pg_attribute where attrelid = 'general_reports'::regclass order by attnum; select count(*) from general_reports")
    etl full --plan --today "$TODAY"
    expect_code 0
    planned=$(counts)
    expect_equal "the table" "$(pg "select attname from pg_attribute where attrelid = 'general_reports'::regclass order by attnum; select count(*) from general_reports")" "$before"
    expect_equal "our tables" "$(pg "select count(*) from pg_class where relname like 'etl\\_%'")" 0
    etl full --today "$TODAY"
    expect_code 0
    expect_equal "what the cycle did" "$(counts)" "$planned"
}

# The guard counts rows that it cannot compare, in a rehearsal too.
test_an_export_with_far_fewer_rows_than_the_table_is_held() {
    local sum
    start_portal --generation 1
    start_postgres
    make_tables_of_the_python_program
    fill_tables
    pg "insert into return_reports (\"UC / MD\", \"DATA_EXECUCAO\") select 'MORE ' || n, date '2026-11-01' from generate_series(1, 3000) as n"
    sum=$(pg_table return_reports | sha256sum)
    for words in "full --plan" full; do
        # shellcheck disable=SC2086 # words
        etl $words return --today $TODAY
        expect_code 4
        expect_in out.txt "the export lacks"
        expect_equal "the held days after $words" "$(pg "select count(*) from return_reports where \"UC / MD\" like 'MORE %'")" 3000
        [ "$words" = full ] || expect_equal "the table after the plan" "$(pg_table return_reports | sha256sum)" "$sum"
    done
}

run_tests "$@"
