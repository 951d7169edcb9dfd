#!/usr/bin/env bash
# Silver and gold in ClickHouse, where the summaries are views: the same columns, rows and figures as in SQLite after the
# same cycles and audits.
. "$(dirname "$0")/../support/e2e.bash"
. "$(dirname "$0")/../support/clickhouse.bash"

on_clickhouse() { # COMMAND…
    DATABASE_URL=$CLICKHOUSE_URL "$@"
}

on_both() { # CODE ARGS: the program on SQLite, then on ClickHouse
    local code=$1
    shift
    etl "$@"
    expect_code "$code"
    on_clickhouse etl "$@"
    expect_code "$code"
}

# What differs between two databases although both are right: when a run was, and so its name. Numbers are written one way.
normalise() { # RUNS
    awk '{ print "s/" $1 "/run " NR "/g" }' "$1" >runs.sed
    sed -E -f runs.sed -e 's/([0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9]{2}:[0-9]{2}:[0-9]{2}([-+][0-9]{2}:[0-9]{2})?/\1 some time/g' |
        awk -F'\t' -v OFS='\t' '{
            for (i = 1; i <= NF; i++)
                if ($i ~ /^-?[0-9]+\.[0-9]+$/) { $i = sprintf("%.9f", $i); sub(/\.?0+$/, "", $i) }
            print
        }' | sort
}

# The columns but those that are different on purpose: the binary key, which silver has as a text, and ids of the log.
columns_of() { # MODEL
    sql "select name from pragma_table_info('$1') where name not in ('_row_key', 'row_key', 'id') order by cid"
}

expect_equal_model() { # MODEL
    local model=$1 name cells='' names=''
    expect_equal "the columns of $model" "$(ch "select name from system.columns where database = currentDatabase()
        and table = '$model' and name not in ('_row_key', 'row_key', 'id')")" "$(columns_of "$model")"
    while IFS= read -r name; do
        names="$names${names:+, }\"$name\""
        cells="$cells${cells:+, }coalesce(replace(replace(replace(replace(\"$name\", '\\', '\\\\'), char(9), '\\t'), char(10), '\\n'), char(13), '\\r'), '\\N')"
    done < <(columns_of "$model")
    sql "select $cells from $model" | normalise runs.sqlite >rows.sqlite
    ch "select $names from $model" >rows || fail "$model cannot be read"
    normalise runs.clickhouse <rows >rows.clickhouse
    diff rows.sqlite rows.clickhouse >difference.txt || {
        head -n 10 difference.txt
        fail "$model is not the same ($(grep -c '^[<>]' difference.txt) lines differ)"
    }
    ROWS_COMPARED=$((ROWS_COMPARED + $(wc -l <rows.sqlite)))
}

# Every model: gold, and what it is made of. The state of the summaries names the settings that they were made with; values
# that nobody confirmed are no settings in ClickHouse; resumo_coorte_execucoes is ClickHouse's alone.
expect_equal_models() { # [EXCEPT]
    local models model
    ROWS_COMPARED=0
    sql 'select id from etl_runs order by id' >runs.sqlite
    ch 'select id from etl_runs order by id' >runs.clickhouse
    models=$(sql "select nome from etl_camadas where nome not like 'indice%' and nome not in
        ('etl_dicionario', 'resumo_estado', 'config_status', 'config_tipo_servico', '${1:-}') order by 1")
    expect_equal "models of ClickHouse alone" "$(ch 'select nome from etl_camadas order by nome' |
        grep -vxF -f <(sql 'select nome from etl_camadas'))" resumo_coorte_execucoes
    for model in $models; do
        expect_equal_model "$model"
    done
    [ "$(wc -w <<<"$models")" -gt 50 ] || fail "there are only $(wc -w <<<"$models") models"
}

cycle() { # GENERATION MODE
    audit "$1"
    on_both 0 "$2" --from 2025-10-01 --to 2026-11-22 --today "$TODAY"
}

test_every_model_has_the_figures_of_sqlite_through_three_audits() {
    start_clickhouse
    start_portal
    on_both 0 layers
    expect_in out.txt "layers created"
    cycle 0 full
    expect_equal_models
    cycle 1 full
    cycle 2 incremental
    cycle 3 full
    general_file few.csv 2
    sed -i 's/2025/2026/' few.csv
    on_both 4 load few.csv --report general --from 2026-03-01 --to 2026-03-31
    expect_equal "windows that are open" "$(ch 'select count() from ouro_janela_aberta')" 1
    expect_equal_models
    [ "$(sql 'select count(*) from mudancas_antigas')" -gt 100 ] || fail "the audits changed too little"
    [ "$ROWS_COMPARED" -gt 50000 ] || fail "only $ROWS_COMPARED rows were compared"
}

# As in layers.sh: the log does not have what comes on a day that is still going on.
load_today() { # HOUR UC:STATUS…
    local at service
    at=$(TZ=America/Sao_Paulo date -d "$TODAY 0$1:00" +%s)
    shift
    {
        echo "$header"
        for service in "$@"; do
            echo "${service%:*};$(date -d "$TODAY" +%d/%m/%Y);101;;RS-PEL-F001M;${service#*:}"
        done
    } >today.csv
    touch -d "@$((at + 30))" today.csv
    ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" LD_PRELOAD=$BUILD/clock_shim.so CLOCK_AT=$at \
        on_both 0 load today.csv --report general --from "$TODAY" --to "$TODAY"
}

test_the_past_of_a_day_that_went_on_is_that_of_sqlite() {
    start_clickhouse
    on_both 0 layers
    load_today 1 1:BAIXADO 2:BAIXADO 3:BAIXADO
    load_today 2 1:BAIXADO 2:BAIXADO 3:BAIXADO 4:PENDENTE
    load_today 3 1:BAIXADO 2:PENDENTE
    load_today 4 1:PENDENTE 2:PENDENTE 3:BAIXADO
    load_today 5 1:PENDENTE 2:PENDENTE 3:PENDENTE
    expect_equal "versions of the services" "$(ch 'select count() > 5 from historico_servicos')" 1
    expect_equal_models ouro_valor_novo # SQLite still lists a status that no service has any more
    expect_equal "values to confirm" "$(ch 'select valor from ouro_valor_novo order by valor' | paste -sd,)" ,PENDENTE
}

test_every_column_is_described_as_in_sqlite() {
    start_clickhouse
    general_file relatorio.csv 3
    sed -i '1s/$/;Coluna Nova/; 2,$s/$/;valor/' relatorio.csv
    on_both 0 layers
    on_both 0 load relatorio.csv --report general --from 2025-03-01 --to 2025-03-31
    on_both 0 layers
    sql 'select * from etl_dicionario' | sort >dictionary.sqlite
    ch "select * from etl_dicionario where relacao <> 'resumo_coorte_execucoes'" | sort >dictionary.clickhouse
    grep -q extra_coluna_nova dictionary.sqlite || fail "the added column has no description"
    diff dictionary.sqlite dictionary.clickhouse || fail "etl_dicionario is not the same"
    expect_equal "the added column in silver" "$(ch 'select distinct extra_coluna_nova from servicos_retorno')" VALOR
    expect_equal "and in the past" "$(ch 'select distinct extra_coluna_nova from historico_servicos')" VALOR
}

test_a_setting_counts_at_once() {
    start_clickhouse
    general_file relatorio.csv 30
    on_clickhouse etl load relatorio.csv --report general --from 2025-03-01 --to 2025-03-31
    expect_code 0
    on_clickhouse etl layers
    expect_code 0
    expect_equal "services that count as produced" "$(ch 'select sum(produzidos) from ouro_mes')" 30
    expect_equal "the status to confirm" "$(ch "select valor, conta from ouro_valor_novo where coluna = 'STATUS'" | tr '\t' ' ')" 'BAIXADO 1'
    ch "insert into config_status (status, produzido) values ('BAIXADO', 0)"
    expect_equal "produced services of a confirmed status" "$(ch 'select sum(produzidos) from ouro_mes')" 0
    expect_equal "statuses to confirm" "$(ch "select count() from ouro_valor_novo where coluna = 'STATUS'")" 0
    on_clickhouse etl layers --refresh
    expect_code 0
    expect_in out.txt "0 layers created, 0 replaced"
    if grep -q filled out.txt; then fail "something was filled"; fi
    expect_equal "the state" "$(ch 'select situacao from resumo_estado')" prontos
}

test_an_upgrade_changes_what_changed_and_finishes_what_was_cut_short() {
    start_clickhouse
    general_file relatorio.csv 30
    on_clickhouse etl load relatorio.csv --report general --from 2025-03-01 --to 2025-03-31
    on_clickhouse etl layers
    expect_code 0
    ch 'create view minha_taxa as select mes, taxa_retorno from ouro_mes'
    ch "insert into config_sim (texto) values ('OK')"
    ch "insert into etl_camadas_log (n, nome, sha256) select 1000 + number, arrayJoin(['ouro_mes', 'servicos', 'config_sim']), 'of an older version' from system.numbers limit 3"
    on_clickhouse etl layers
    expect_code 0
    expect_in out.txt "0 layers created, 3 replaced"
    expect_equal "the view of others" "$(ch 'select count() from minha_taxa')" 1
    ch "insert into etl_camadas_log (n, nome, sha256) values (5000, 'ouro_dia', 'unfinished'), (5001, 'ouro_semana', 'unfinished')"
    ch 'drop table ouro_dia'
    on_clickhouse etl layers
    expect_code 0
    expect_in out.txt "0 layers created, 2 replaced"
    expect_equal "the days" "$(ch 'select count() from ouro_dia')" 1
    on_clickhouse etl layers --drop
    expect_code 0
    expect_equal "layers that are left" "$(ch "select name from system.tables where database = currentDatabase() and match(name, '^(resumo|ouro|servicos|retornos|historico|teste)')")" ''
    on_clickhouse etl layers
    expect_code 0
    expect_equal "what a person added to the settings" "$(ch "select count() from config_sim where texto = 'OK'")" 1
    expect_equal "and the settings of the program, once each" "$(ch 'select count() from config_parametro')" 10
}

test_a_model_can_be_printed_and_pasted() {
    start_clickhouse
    general_file relatorio.csv 30
    on_clickhouse etl load relatorio.csv --report general --from 2025-03-01 --to 2025-03-31
    on_clickhouse etl layers
    before=$(ch 'select * from ouro_mes')
    on_clickhouse etl layers --print ouro_mes
    expect_code 0
    ch 'drop table ouro_mes'
    ch "$(sed '$s/;$//' out.txt)"
    expect_equal "the pasted model" "$(ch 'select * from ouro_mes')" "$before"
    on_clickhouse etl layers --print indice_servicos_uc
    expect_code 2
    on_clickhouse etl layers --print general_reports_historico
    expect_in out.txt "CREATE VIEW general_reports_historico"
}

run_tests "$@"
