#!/usr/bin/env bash
# The dbt project is made from our SQL, and its models give the rows of the layers. dbt itself is not needed: of its language
# the models use references only, which sed replaces here.
. "$(dirname "$0")/../support/e2e.bash"
. "$(dirname "$0")/../support/postgres.bash"

MADE=dbt_teste # the schema in which the models are run

test_the_project_is_what_our_sql_makes_and_changed_settings_are_kept() {
    cp -r "$ROOT/dbt" project
    rm -r project/models project/seeds/config_parametro.csv project/seeds/schema.yml
    echo TALVEZ >>project/seeds/config_sim.csv
    ETL=$ETL "$ROOT/scripts/make_dbt" project || fail "make_dbt failed"
    diff -r -x config_sim.csv "$ROOT/dbt" project >difference.txt || {
        head -n 20 difference.txt
        fail "dbt/ is not what scripts/make_dbt makes: run it, and commit the result"
    }
    expect_in project/seeds/config_sim.csv TALVEZ
}

run_sql() { # FILE: with no schema in the path, so that a name that is no reference fails
    PGOPTIONS='-c search_path=' "$PGBIN/psql" -X -q -v ON_ERROR_STOP=1 -f "$1" >psql.txt 2>&1 || {
        head -n 20 psql.txt
        fail "$1 fails"
    }
}

render() { # FILE
    sed -E "/^\{\{ config\(/d; s/\{\{ ref\('([a-z_]+)'\) \}\}/$MADE.\1/g; s/\{\{ source\('sigos', '([a-z_]+)'\) \}\}/public.\1/g" "$1"
}

load_seeds() {
    local name types
    sed -nE 's/^  - name: //p; s/.*column_types: \{(.*)\}/\1/p' project/seeds/schema.yml | paste - - >seeds.txt
    while IFS=$'\t' read -r name types; do
        printf 'CREATE TABLE %s.%s (%s);\n\\copy %s.%s from project/seeds/%s.csv csv header\n' "$MADE" "$name" "${types//:/}" "$MADE" "$name" "$name" >seed.sql
        run_sql seed.sql
    done <seeds.txt
    [ "$(wc -l <seeds.txt)" = "$(find project/seeds -name '*.csv' | wc -l)" ] || fail "not every seed is described"
}

# Runs the models after those that they read.
build() {
    local model file kind
    pg "CREATE SCHEMA $MADE"
    load_seeds
    for file in project/models/*/*.sql; do
        model=$(basename "$file" .sql)
        echo "$model $model"
        grep -o "{{ ref('[a-z_]*') }}" "$file" | sed "s/.*('\(.*\)').*/\1 $model/"
    done | tsort >order.txt || fail "the models read each other in a circle"
    while IFS= read -r model; do
        file=$(echo project/models/*/"$model.sql")
        [ -e "$file" ] || continue # a seed
        case $file in */passos/* | */resumos/*) kind=TABLE ;; *) kind=VIEW ;; esac
        { echo "CREATE $kind $MADE.$model AS (" && render "$file" && echo ");"; } >"$model.sql"
        grep -o "{'columns': \[[^]]*\]" "$file" | sed "s/.*\[\(.*\)\]/CREATE INDEX ON $MADE.$model (\1);/; s/'//g" >>"$model.sql"
        [ "$kind" = VIEW ] || echo "ANALYZE $MADE.$model;" >>"$model.sql" # as dbt_project.yml has it
        run_sql "$model.sql"
    done <order.txt
}

columns_in() { # SCHEMA RELATION
    pg "select attname, format_type(atttypid, atttypmod) from pg_attribute where attrelid = '$1.$2'::regclass and attnum > 0 and not attisdropped order by attnum"
}

expect_same_rows() { # RELATION
    expect_equal "the columns of $1" "$(columns_in "$MADE" "$1")" "$(columns_in public "$1")"
    expect_equal "rows of $1 that the layers lack, and have more" \
        "$(pg "select (select count(*) from (table $MADE.$1 except all table public.$1) as x), (select count(*) from (table public.$1 except all table $MADE.$1) as x)")" \
        "0	0"
}

# Prints the tests of the models and seeds as queries for what violates them.
tests_as_sql() {
    awk -v schema="$MADE" -v q="'" '
        function violated(what, condition) {
            printf "SELECT %s%s: %s%s WHERE EXISTS (%s);\n", q, model, what, q, condition
        }
        /^  - name: / { model = $3; from = " FROM " schema "." model; next }
        /^      - name: / { column = substr($0, 16, length($0) - 16); next }
        /^          - not_null$/ { violated(column " not_null", "SELECT" from " WHERE " column " IS NULL") }
        /^          - unique$/ { violated(column " unique", "SELECT" from " WHERE " column " IS NOT NULL GROUP BY " column " HAVING count(*) > 1") }
        /^          - accepted_values: / {
            sub(/.*\[/, ""); sub(/\].*/, "")
            violated(column " accepted_values", "SELECT" from " WHERE " column " NOT IN (" $0 ")")
        }
        /^          colunas: / {
            sub(/.*\[/, ""); sub(/\].*/, "")
            violated("chave_unica", "SELECT" from " GROUP BY " $0 " HAVING count(*) > 1")
        }' project/models/schema.yml project/seeds/schema.yml
}

failed_tests() { "$PGBIN/psql" -X -q -A -t -v ON_ERROR_STOP=1 -f tests.sql || fail "the tests cannot be run"; }

# As the README of the project says it.
bring_settings() {
    sed -n '/^<!-- configuracoes -->$/,/^```$/p' project/README.md | sed '1,2d; $d' >settings.sh
    [ -s settings.sh ] || fail "the README does not say how settings are brought"
    (cd project && PATH=$PGBIN:$PATH bash -eu ../settings.sh) || fail "the README's commands fail"
}

test_the_models_give_the_rows_of_the_layers() {
    local relation compared=0 ROWS=4
    start_postgres
    start_portal
    etl layers
    etl full --today "$TODAY"
    expect_code 0
    pg "update config_status set produzido = 1 - produzido, origem = 'ajustado' where status = (select max(status) from config_status)"
    pg "update config_tipo_servico set origem = 'ajustado' where inspecao = 1"
    pg "update config_parametro set valor = 3 where chave = 'prazo_baixa_dias'"
    audit 1
    etl full --today "$TODAY"
    expect_code 0
    audit 2
    etl incremental --today "$TODAY"
    expect_code 0

    pg analyze
    cp -r "$ROOT/dbt" project
    bring_settings
    build
    for relation in $(pg "select nome from etl_camadas where nome not in ('etl_dicionario', 'resumo_estado') and nome not like 'indice%' order by 1"); do
        expect_same_rows "$relation"
        compared=$((compared + 1))
    done
    expect_equal "layers that were compared" "$compared" "$(pg "select count(*) - 2 from etl_camadas where nome not like 'indice%'")"
    for relation in resumo_dia resumo_tipo resumo_distribuicao resumo_coorte resumo_cobertura ouro_mes ouro_efeito_auditoria ouro_auditoria historico_retornos; do
        [ "$(pg "select count(*) from $MADE.$relation")" -gt 10 ] || fail "$relation has too few rows to prove anything"
    done

    tests_as_sql >tests.sql
    [ "$(wc -l <tests.sql)" -gt 150 ] || fail "only $(wc -l <tests.sql) tests were found"
    expect_equal "tests that fail" "$(failed_tests)" ''
    pg "insert into $MADE.config_status values ('NOVO', 7, 'ajustado'), ('NOVO', 7, null);
        insert into $MADE.resumo_coorte select * from $MADE.resumo_coorte limit 1"
    expect_equal "tests that fail after wrong rows" "$(failed_tests | grep -v ouro | sort | paste -sd,)" \
        "config_status: origem not_null,config_status: produzido accepted_values,config_status: status unique,resumo_coorte: chave_unica"
}

run_tests "$@"
