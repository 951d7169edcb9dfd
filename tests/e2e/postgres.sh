#!/usr/bin/env bash
# Whole cycles into PostgreSQL: portal, browser, rows, database.
. "$(dirname "$0")/../support/e2e.bash"
. "$(dirname "$0")/../support/postgres.bash"

# Prints the change log, sorted, without the columns that differ from run to run.
changes_of() { # DATABASE-URL
    DATABASE_URL=$1 "$ETL" changes --limit 1000000 --json |
        sed 's/"run_id":"[^"]*","changed_at":"[^"]*",//; s/, "/,"/g; s/": /":/g' | grep -v '"column_name":"DATA_EXTRACAO"' | sort
}

test_the_same_cycles_leave_the_same_rows_and_changes_as_in_sqlite() {
    start_portal
    start_postgres
    for generation in 0 1 2; do
        audit "$generation"
        etl full --today "$TODAY"
        expect_code 0
        expect_pg_is_truth general general_reports
        expect_pg_is_truth return return_reports
        DATABASE_URL=sqlite:sigos.db etl full --today "$TODAY"
        expect_code 0
    done
    changes_of "$DATABASE_URL" >postgres.json
    changes_of sqlite:sigos.db >sqlite.json
    [ "$(wc -l <sqlite.json)" -gt 100 ] || fail "there are only $(wc -l <sqlite.json) changes"
    diff sqlite.json postgres.json | head -n 6
    cmp -s sqlite.json postgres.json || fail "the change logs differ"
    etl full --today "$TODAY"
    expect_code 0
    expect_equal "rows written by an unchanged cycle" \
        "$(pg 'select sum(inserted + updated + deleted) from etl_windows where run_id = (select max(id) from etl_runs)')" 0
}

test_an_export_that_shrinks_or_is_of_another_period_is_held() {
    start_postgres
    line() { printf '%07d;%s;C1;;RS-PEL-F001M;Baixado\n' "$1" "$2"; }
    header='UC / MD;Data execucao;Cod;TOI;Equipe;Status'
    { echo "$header"; for i in $(seq 100); do line "$i" 05/03/2025; done; } >relatorio_prot_geral.csv
    echo "$header" >relatorio_prot_geral_header.csv
    head -n 11 relatorio_prot_geral.csv >relatorio_prot_geral_tenth.csv
    sed 's#05/03/2025#05/04/2025#' relatorio_prot_geral.csv >relatorio_prot_geral_period.csv
    etl load relatorio_prot_geral.csv
    expect_code 0
    sum=$(pg_table general_reports | sha256sum)
    for bad in header tenth period; do
        etl load relatorio_prot_geral_"$bad".csv --from 2025-03-01 --to 2025-03-31
        expect_code 4
        expect_in out.txt --accept-shrink
        expect_equal "the table's content after $bad" "$(pg_table general_reports | sha256sum)" "$sum"
    done
    etl load relatorio_prot_geral_tenth.csv --from 2025-03-01 --to 2025-03-31 --accept-shrink
    expect_code 0
    expect_equal "the rows" "$(pg 'select count(*) from general_reports')" 10
}

test_a_plan_on_postgres_writes_nothing() {
    start_portal
    start_postgres
    etl full general --today "$TODAY"
    expect_code 0
    audit 1
    sum=$(pg_table general_reports | sha256sum)
    etl full general --plan --today "$TODAY"
    expect_code 0
    planned=$(sed -n 's/^general_reports  *//p' out.txt | awk '{print $6, $7, $8, $9}' | head -n 1)
    expect_equal "the table after the plan" "$(pg_table general_reports | sha256sum)" "$sum"
    etl full general --today "$TODAY"
    expect_equal "what the cycle did" "$(sed -n 's/^general_reports  *//p' out.txt | awk '{print $6, $7, $8, $9}' | head -n 1)" "$planned"
}

test_check_warns_of_tables_that_everybody_may_read_and_the_sql_it_prints_mends_it() {
    start_postgres
    etl check --offline
    expect_code 0
    expect_in out.txt 'have no row level security'
    pg 'create role anon; grant select on all tables in schema public to anon'
    etl check --offline
    expect_in out.txt 'REVOKE ALL ON public.general_reports FROM anon'
    grep -o 'ALTER TABLE .*' out.txt >mend.sql
    "$PGBIN"/psql -X -q -v ON_ERROR_STOP=1 -f mend.sql || fail "the SQL that check prints does not run"
    etl check --offline
    expect_code 0
    ! grep -q 'row level' out.txt || fail "check still warns"
    expect_equal "what anon may read" "$(pg "select count(*) from pg_tables where schemaname = 'public' and has_table_privilege('anon', schemaname || '.' || tablename, 'select')")" 0
}

test_the_readonly_role_reads_everything_and_writes_nothing() {
    start_postgres
    "$SIM" export --report general --from 2025-01-01 --to 2025-01-31 --seed "$SEED" --rows "$ROWS" --today "$TODAY" >relatorio_prot_geral.csv
    etl load relatorio_prot_geral.csv
    expect_code 0
    etl layers
    expect_code 0
    etl check --offline
    pg "$(grep -o 'ALTER TABLE.*ENABLE ROW LEVEL SECURITY;' out.txt)"
    expect_equal "tables without row level security" "$(pg "select count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and not relrowsecurity")" 0
    for _ in 1 2; do
        "$PGBIN"/psql -X -q -v role=painel -f "$ROOT/sql/postgres/readonly_role.sql" >/dev/null || fail "the script failed"
    done
    expect_equal "what the role reads" "$(PGUSER=painel pg 'select count(*) from general_reports')" "$(pg 'select count(*) from general_reports')"
    local model
    for model in $(pg "select nome from etl_camadas where nome not like 'indice%'"); do
        expect_equal "what the role reads of $model" "$(PGUSER=painel pg "select count(*) from $model")" "$(pg "select count(*) from $model")"
    done
    PGUSER=painel pg 'select count(*) from etl_change_columns' >/dev/null || fail "the role cannot read the change log"
    ! PGUSER=painel pg 'set transaction read write; delete from general_reports' 2>err.txt || fail "the role may delete"
    expect_in err.txt 'permission denied'
}

run_tests "$@"
