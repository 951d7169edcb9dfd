#!/usr/bin/env bash
# Silver, summaries and gold, kept by cycles, on both databases: what the loads leave equals a recount, and the past is
# as it was.
. "$(dirname "$0")/../support/e2e.bash"
. "$(dirname "$0")/../support/postgres.bash"
. "$(dirname "$0")/../support/both.bash"

summaries=(resumo_dia resumo_mes resumo_tipo resumo_distribuicao resumo_cobertura resumo_auditoria)

dump_summaries() { # FILE
    local table
    for table in "${summaries[@]}"; do
        sql "select * from $table" | sed "s/^/$table|/"
    done | sort >"$1"
}

# The summaries that the loads have kept equal those that are made anew.
expect_right_summaries() { # WHEN
    dump_summaries kept.txt
    etl layers --refresh
    expect_code 0
    dump_summaries anew.txt
    diff kept.txt anew.txt >difference.txt || {
        head -n 10 difference.txt
        fail "the summaries $1 are not those of a refill ($(grep -c '^[<>]' difference.txt) lines differ)"
    }
}

# Counts again from the portal's truth, with no SQL: services, services with a record of irregularity, and services that
# a return explains by either rule, of each month.
recount_truth() {
    truth return "$first_day" "$TODAY" >returns.tsv
    truth general "$first_day" "$TODAY" >services.tsv
    awk -F'\t' '
        FNR == 1 { delete at; for (i = 1; i <= NF; i++) at[$i] = i; next }
        { day = $(at["DATA_EXECUCAO"]); uc = $(at["UC / MD"]); toi = $(at["TOI"]); team = $(at["EQUIPE"]) }
        day == "\\N" { next }
        function is_blank(v) { return v == "" || v == "\\N" }
        FILENAME == "returns.tsv" {
            cod = $(at["CODIGO"])
            if (is_blank(uc)) next
            if (!is_blank(cod) && !is_blank(team)) exact[day, uc, cod, team] = 1
            if (!is_blank(toi)) by_toi[day, uc, toi] = 1
            next
        }
        {
            month = substr(day, 1, 7) "-01"
            services[month]++
            if (!is_blank(toi)) records[month]++
            cod = $(at["COD"])
            if (is_blank(uc)) next
            if ((!is_blank(cod) && !is_blank(team) && (day, uc, cod, team) in exact) ||
                (!is_blank(toi) && (day, uc, toi) in by_toi)) returned[month]++
        }
        END { for (m in services) print m "\t" services[m] "\t" records[m] + 0 "\t" returned[m] + 0 }' returns.tsv services.tsv | sort
}

expect_recount() { # WHEN
    recount_truth >expected.tsv
    sql "select mes, sum(servicos), sum(toi), sum(retornos) from ouro_mes group by mes order by 1" >gold.tsv
    [ "$(wc -l <expected.tsv)" -gt 12 ] || fail "the truth has only $(wc -l <expected.tsv) months"
    diff expected.tsv gold.tsv >difference.txt || {
        head -n 10 difference.txt
        fail "ouro_mes $1 is not the recount"
    }
}

remember_tables() { # as the run that has just ended left them
    local table
    RUNS=$((${RUNS:-0} + 1))
    for table in general_reports return_reports; do
        sql "create table copy_of_${table}_$RUNS as select * from $table"
    done
    sql "select max(id) from etl_runs" >"run.$RUNS"
}

# The history as of each remembered run is the tables as they were then, all columns.
expect_past() {
    local run table columns past was n
    for ((n = 1; n <= RUNS; n++)); do
        run=$(cat "run.$n")
        for table in general_reports return_reports; do
            columns=$(columns_of "$table" | sed 's/.*/"&"/' | grep -v '"_row_hash"' | paste -sd,)
            past="select $columns from ${table}_historico where valido_de <= '$run' and (valido_ate is null or valido_ate > '$run')"
            was="select $columns from copy_of_${table}_$n"
            expect_equal "rows of $table that only the history as of run $n has" "$(sql "select count(*) from ($past except $was) as x")" 0
            expect_equal "rows of $table that the history as of run $n lacks" "$(sql "select count(*) from ($was except $past) as x")" 0
        done
    done
}

# A month's figures after each run, as the loads kept them, equal those that are counted from the history.
expect_right_cohorts() {
    sql "select * from resumo_coorte" | sort >kept.txt
    etl layers --refresh
    expect_code 0
    sql "select * from resumo_coorte" | sort >anew.txt
    [ -s anew.txt ] || fail "no month is closed"
    diff kept.txt anew.txt >difference.txt || {
        head -n 10 difference.txt
        fail "resumo_coorte is not what the history says ($(grep -c '^[<>]' difference.txt) lines differ)"
    }
}

both_the_summaries_and_the_past_follow_the_portal_through_three_audits() {
    start_portal
    etl layers
    expect_code 0
    expect_in out.txt "layers created"
    etl full --today "$TODAY"
    expect_code 0
    expect_equal "the state after the first load" "$(sql 'select situacao from resumo_estado')" prontos
    expect_recount "of the first load"
    expect_right_summaries "of the first load"
    remember_tables
    audit 1
    etl full --today "$TODAY"
    expect_code 0
    expect_recount "after a full cycle"
    remember_tables
    audit 2
    etl incremental --today "$TODAY"
    expect_code 0
    remember_tables
    audit 3
    etl full --today "$TODAY"
    expect_code 0
    expect_recount "after the third audit"
    remember_tables
    expect_right_cohorts
    expect_right_summaries "after three audits"
    expect_past
}

# Loads a day that is still going on, an hour after the last time by the program's clock: runs are told apart by the time of
# the file, which is of the first minute of its run.
load_today() { # UC:STATUS…
    local service at
    LOADS=$((${LOADS:-0} + 1))
    at=$(TZ=America/Sao_Paulo date -d "$TODAY 0$LOADS:00" +%s)
    {
        echo "$header"
        for service in "$@"; do
            echo "${service%:*};$(date -d "$TODAY" +%d/%m/%Y);101;;RS-PEL-F001M;${service#*:}"
        done
    } >today.csv
    touch -d "@$((at + 30))" today.csv
    ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" LD_PRELOAD=$BUILD/clock_shim.so CLOCK_AT=$at \
        etl load today.csv --report general --from "$TODAY" --to "$TODAY"
    expect_code 0
    remember_tables
}

both_the_past_of_a_day_that_went_on_is_as_it_was() {
    etl layers
    expect_code 0
    load_today 1:BAIXADO 2:BAIXADO 3:BAIXADO
    load_today 1:BAIXADO 2:BAIXADO 3:BAIXADO 4:PENDENTE
    load_today 1:BAIXADO 2:PENDENTE
    load_today 1:PENDENTE 2:PENDENTE 3:BAIXADO
    load_today 1:PENDENTE 2:PENDENTE 3:PENDENTE
    expect_equal "rows after each run" "$(for n in 1 2 3 4 5; do sql "select count(*) from copy_of_general_reports_$n"; done | paste -sd' ')" "3 4 2 3 3"
    expect_equal "inserts in the log" "$(sql "select count(*) from etl_changes where op = 'insert'")" 0
    expect_past
    expect_right_summaries "of a day that went on"
}

small_database() { # a few services, with the layers over them
    general_file relatorio.csv 30
    etl load relatorio.csv --report general --from 2025-03-01 --to 2025-03-31
    expect_code 0
    etl layers
    expect_code 0
}

both_every_column_is_described() {
    general_file relatorio.csv 3
    sed -i '1s/$/;Coluna Nova/; 2,$s/$/;valor/' relatorio.csv
    etl load relatorio.csv --report general --from 2025-03-01 --to 2025-03-31
    expect_code 0
    etl layers
    expect_code 0
    expect_equal "columns without a description" "$(sql "select relacao || '.' || coluna from etl_dicionario where descricao is null")" ''
    expect_equal "the added column in silver" "$(sql 'select distinct extra_coluna_nova from servicos')" VALOR
    expect_equal "its description" "$(sql "select descricao from etl_dicionario where relacao = 'servicos' and coluna = 'extra_coluna_nova'")" \
        "Coluna que as exportações acrescentaram, texto"
}

both_a_changed_setting_refills_the_summaries() {
    small_database
    expect_equal "services that count as produced" "$(sql 'select sum(produzidos) from ouro_mes')" 30
    expect_equal "the status to confirm" "$(sql "select valor, conta from ouro_valor_novo where coluna = 'STATUS'" | tr '\t' ' ')" 'BAIXADO 1'
    sql "update config_status set produzido = 0, origem = 'ajustado'"
    sed -i '2s/Baixado/Executado/' relatorio.csv
    etl load relatorio.csv --report general --from 2025-03-01 --to 2025-03-31
    expect_code 0
    expect_equal "produced services after the next load" "$(sql 'select sum(produzidos) from ouro_mes')" 1
    expect_equal "the state" "$(sql 'select situacao from resumo_estado')" prontos
    sql "update config_status set produzido = 1"
    etl layers
    expect_in out.txt "summaries filled"
    expect_equal "produced services after layers" "$(sql 'select sum(produzidos) from ouro_mes')" 30
    expect_equal "what a person adjusted is kept" "$(sql "select origem from config_status where status = 'BAIXADO'")" ajustado
    expect_right_summaries "after changed settings"
}

both_an_upgrade_changes_what_changed_and_leaves_the_views_of_others() {
    small_database
    sql 'create view minha_taxa as select mes, taxa_retorno from ouro_mes'
    sql 'create view meus_servicos as select "UC / MD", "STATUS" from general_reports'
    etl layers
    expect_in out.txt "0 layers created, 0 replaced"
    sql "update etl_camadas set sha256 = 'of an older version' where nome in ('ouro_mes', 'servicos', 'config_sim')"
    etl layers
    expect_code 0
    expect_in out.txt "0 layers created, 3 replaced"
    expect_equal "the views of others" "$(sql 'select count(*) from minha_taxa; select count(*) from meus_servicos' | paste -sd' ')" "1 30"
    sql "update etl_camadas set sha256 = 'of an older version' where nome = 'resumo_tipo'"
    sql "create table resumo_futuro (dia date); insert into etl_camadas (nome, sha256) values ('resumo_futuro', 'of a newer version')"
    etl layers
    expect_code 0
    expect_in out.txt "summaries filled"
    sql 'drop table resumo_futuro'
    etl layers --drop
    if [ "$CODE" = 0 ]; then # SQLite looks a view up when it is read
        expect_equal "layers that are left" "$(tables_there | grep -c '^resumo')" 0
    else
        expect_code 2
        expect_in log.txt "minha_taxa reads ouro_mes"
        sql 'drop view minha_taxa'
        etl layers --drop
        expect_code 0
    fi
    expect_equal "the other view" "$(sql 'select count(*) from meus_servicos')" 30
    expect_equal "the settings" "$(sql "select valor from config_parametro where chave = 'prazo_ar_dias'")" 15
    etl layers
    expect_code 0
}

# A table that was dropped and loaded anew has lost its index.
both_indexes_come_and_go_with_the_layers() {
    small_database
    expect_equal "indexes of services" "$(indexes_of general_reports | grep indice)" indice_servicos_uc
    expect_equal "indexes of returns" "$(indexes_of return_reports | grep indice)" indice_retornos_abertos
    sql 'drop index indice_servicos_uc'
    etl layers --drop
    expect_code 0
    expect_equal "indexes after --drop" "$(indexes_of general_reports | grep -c indice; indexes_of return_reports | grep -c indice)" $'0\n0'
    etl layers
    expect_code 0
    expect_equal "indexes of services, again" "$(indexes_of general_reports | grep indice)" indice_servicos_uc
}

test_a_view_that_must_be_made_anew_under_a_view_of_others_stops_the_upgrade() {
    use_postgres
    small_database
    sql 'drop view servicos cascade' 2>/dev/null
    sql 'create view servicos as select 1 as coluna_antiga'
    sql 'create view minha as select coluna_antiga from servicos'
    sql "update etl_camadas set sha256 = 'of an older version' where nome = 'servicos'"
    before=$(sql 'select * from etl_camadas order by 1')
    etl layers
    expect_code 2
    expect_in log.txt "minha reads servicos, which has to be made anew"
    expect_equal "etl_camadas after the refusal" "$(sql 'select * from etl_camadas order by 1')" "$before"
    expect_equal "the view of others" "$(sql 'select * from minha')" 1
    sql 'drop view minha'
    etl layers
    expect_code 0
    expect_equal "the services" "$(sql 'select count(*) from servicos')" 30
}

both_a_model_can_be_printed_and_pasted() {
    small_database
    before=$(sql 'select * from ouro_mes')
    etl layers --print ouro_mes
    expect_code 0
    sql 'drop view ouro_funil_mes'
    sql 'drop view ouro_mes'
    sql "$(cat out.txt)"
    expect_equal "the pasted model" "$(sql 'select * from ouro_mes')" "$before"
    etl layers --print nothing
    expect_code 2
    expect_in log.txt "there is no model 'nothing'"
    etl layers --print
    expect_in out.txt "CREATE VIEW historico_servicos"
}

both_layers_do_not_run_beside_a_cycle() {
    small_database
    sql "update etl_lease set run_id = 'another', holder = 'elsewhere 1', expires_at = 9999999999"
    etl layers
    expect_code 5
    expect_in log.txt "another"
}

run_tests_on_both "$@"
