#!/usr/bin/env bash
# What the pages do with names that are code, with requests that are wrong, with data that is old or missing, and the report
# in one file.
. "$(dirname "$0")/../support/e2e.bash"
. "$(dirname "$0")/../support/postgres.bash"
. "$(dirname "$0")/../support/both.bash"
. "$(dirname "$0")/../support/pages.bash"

as_html() { # TEXT
    sed "s/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/\"/\&quot;/g; s/'/\&#39;/g" <<<"$1"
}

# What is in FILE is text: no element that a name made, no handler of events, only our own scripts.
expect_only_text() { # FILE
    local scripts
    sed 's/<script[^>]*id="dados"[^>]*>.*<.script>//; s/"[^"]*"/""/g' "$1" >tags.txt
    ! grep -oiE '<img|<(script|svg|rect|a|option|input|td|th|span)[^>]* on[a-z]+=' tags.txt || fail "$1 has an element of a name"
    scripts=$(grep -oi '<script[^>]*>' "$1" | sort -u)
    [ "$(grep -vcE '^<script (src="/estatico/[0-9a-f]+/[a-z.]+"( defer(="")?)?|type="application/json"[^>]*|id="dados"[^>]*)>$' <<<"$scripts")" = 0 ] ||
        fail "$1 has scripts: $scripts"
}

both_names_that_are_code_are_text_on_all_pages() {
    local page name
    load_a_year
    start_pages
    for page in 'hoje?dia=2026-11-23' hoje 'produtividade?tudo=1' 'qualidade?periodo=30d' receita 'territorio?periodo=30d&tudo=1' auditoria pipeline \
        linhas 'linhas?relatorio=retornos' 'linhas?relatorio=rejeitadas' 'linhas?relatorio=mudancas'; do
        ask 200 "$page"
        expect_only_text body.txt
        cp body.txt "page.${page%%\?*}"
    done
    for name in "${shown_names[@]}"; do
        for page in produtividade territorio qualidade; do
            grep -qF -- "$(as_html "$name")" "page.$page" || fail "$page does not show $name"
        done
    done
    expect_names_of_links
    expect_names_in_browser
    expect_row_of_names
    stop_pages
}

# The rows of a name are those of the table, and the page says by what it is filtered.
expect_names_of_links() {
    local name team
    for name in "${shown_names[@]}"; do
        team=$(encode "$name")
        ask 200 "linhas?equipe=$team&de=2026-11-01"
        expect_equal "rows of $name" "$(count_in body.txt)" 2
        expect_in body.txt "$(as_html "$name")"
        expect_only_text body.txt
        ask 200 "linhas?municipio=$team&equipe=$team&tipo=$team"
        expect_equal "rows of the type, the town and the team $name" "$(count_in body.txt)" 1
        ask 200 "linhas?relatorio=retornos&motivo=$team"
        expect_equal "returns because of $name" "$(count_in body.txt)" 2
        ask 200 "hoje?dia=2026-11-23&equipe=$team&municipio=$team"
        expect_only_text body.txt
        ask 200 "csv/servicos?equipe=$team"
        ask 200 "api/servicos?equipe=$team"
        expect_equal "the JSON of $name" \
            "$(sqlite3 :memory: "select json_extract(t, '\$.total') from (select cast(readfile('body.txt') as text) as t)")" 2
    done
}

# Chromium runs nothing of a name: the block of data is JSON with the name in it, and the console is silent.
expect_names_in_browser() {
    browse "produtividade?tudo=1"
    ! grep -q '<img' dom.html || fail "a name made an element"
    browse "territorio?periodo=30d&municipio=$(encode "${shown_names[1]}")"
    expect_in dom.html "$(as_html "${shown_names[1]}" | sed 's/&quot;/"/g; s/&#39;/'"'"'/g')"
}

expect_row_of_names() {
    local key
    key=$(sql "select chave from servicos where uc = '900001'")
    ask 200 "linha/servicos/$key"
    expect_in body.txt '&lt;SCRIPT&gt;ALERT(1)&lt;/SCRIPT&gt;'
    expect_only_text body.txt
}

# A cell that begins like a formula has an apostrophe before it, in a field that ends where it seems to.
both_a_csv_has_no_formulas() {
    load_a_year
    start_pages
    ask 200 'csv/servicos?de=2026-11-21'
    tr -d '\r' <body.txt >servicos.csv
    expect_in servicos.csv "'=CMD|'/C CALC'!A1"
    expect_in servicos.csv "'@SUM(1)"
    expect_in servicos.csv "'-2+3"
    expect_in servicos.csv "\"\"\"><IMG SRC=X ONERROR=ALERT(1)>\""
    expect_in servicos.csv "\"'; DROP TABLE GENERAL_REPORTS;--\""
    ask 200 'csv/retornos?formato=iso'
    expect_in body.txt "'=CMD|'/C CALC'!A1"
    for model in servicos retornos ouro_equipe_dia ouro_municipio_mes ouro_retorno_motivo ouro_valor_novo ouro_tipo_mes; do
        ask 200 "csv/$model"
        sed -E 's/""//g; s/"(.)[^"]*"/\1/g' body.txt >begins.txt # of each quoted cell the first character
        ! grep -nE '(^|;)[=+@]' begins.txt || fail "$model has a formula"
        ! grep -oE '(^|;)-[^;]*' begins.txt | grep -vE '^;-[0-9]+(,[0-9]+)?.?$' || fail "$model has a formula"
    done
    sqlite3 :memory: '.mode csv' '.separator ;' '.import servicos.csv t' \
        "select count(*), sum(equipe = '''=CMD|''/C CALC''!A1'), sum(equipe = '''; DROP TABLE GENERAL_REPORTS;--') from t" >count
    expect_equal "the CSV as another program reads it" "$(cat count)" "$(sql "select count(*) from servicos where data_execucao >= '2026-11-21'");2;2"
    stop_pages
}

# expect_refused STATUS PATH WORDS: an answer in Portuguese, without a word of how it is made.
expect_refused() {
    ask "$1" "$2"
    expect_in body.txt "$3"
    ! grep -qiE 'SELECT |resumo_|\.sql|sqlite|postgres|pq_|/tmp|/work|src/' body.txt || fail "$2: people see too much: $(head -c 400 body.txt)"
}

both_what_is_wrong_with_a_request_is_said_in_portuguese() {
    local page
    load_a_year
    start_pages
    for page in hoje produtividade qualidade receita territorio auditoria linhas api/ouro_mes csv/ouro_mes; do
        expect_refused 400 "$page?cor=azul" 'esta página não tem este filtro'
        expect_refused 400 "$page?regional=SUL&regional=NORTE" 'duas vezes'
        expect_refused 400 "$page?regional=$(printf 'A%.0s' {1..1001})" 'é longo demais'
        expect_refused 400 "$page?regional=%zz" 'O endereço'
        ask 200 "$page?regional=&grupo="
        ask 200 "$page?regional=%27%20OR%201%3D1--"
    done
    for page in qualidade receita territorio produtividade linhas api/ouro_mes csv/ouro_mes; do
        expect_refused 400 "$page?de=31/02/2026" 'de: 31/02/2026 não é uma data'
        expect_refused 400 "$page?de=2026-09-30&ate=2026-09-01" 'vem depois de ate'
        expect_refused 400 "$page?de=2020-01-01" 'acrescente tudo=1'
        expect_refused 400 "$page?periodo=30d&de=2026-09-01" 'não vale junto'
        ask 200 "$page?de=2020-01-01&tudo=1"
    done
    expect_refused 400 'pipeline?regional=SUL' 'esta página não tem este filtro'
    expect_refused 400 'linhas?relatorio=retornos&municipio=X' 'esta página não tem este filtro'
    expect_refused 400 'linhas?apos=2026-09-01,x' 'não é uma linha'
    expect_refused 400 'api/ouro_mes?limite=0' 'não é um número de 1 a 5000'
    expect_refused 404 csv/general_reports 'Não há esse modelo'
    expect_refused 404 csv/sqlite_master 'Não há esse modelo'
    expect_refused 404 'api/ouro_mes%3B' 'Não há esse modelo'
    expect_refused 404 api/resumo_dia 'Não há esse modelo'
    expect_refused 404 nada 'não existe'
    expect_refused 404 linha/servicos/../../etc 'não existe'
    ask 404 api/nada
    expect_equal "the JSON of an error" "$(sqlite3 :memory: "select json_extract(cast(readfile('body.txt') as text), '\$.erro.codigo')")" nao_encontrado
    for page in hoje csv/ouro_mes api/ouro_mes linhas; do
        ask 200 "$page" -I
        [ ! -s body.txt ] || [ "$(grep -c . body.txt)" = "$(grep -c . head.txt)" ] || fail "HEAD of $page has a body"
    done
    stop_pages
}

freshness_class() { # of the page /$1
    ask 200 "$1"
    grep -oE '<div class="frescor[a-z ]*"' body.txt | head -n 1 | sed 's/.*"frescor//; s/"//; s/^ //'
}

both_the_head_of_every_page_says_whether_the_figures_can_be_trusted() {
    local page
    load_a_year
    start_pages
    copied_at 2026-11-01T10:00:00-03:00
    sql "update config_expediente set inicio = '00:00:00', fim = '23:59:00'"
    etl layers --refresh
    expect_equal "old data" "$(freshness_class hoje?dia=2026-11-01)" erro
    expect_in body.txt 'de expediente'
    sql "update config_parametro set valor = 1000000 where chave = 'frescor_erro_min'"
    etl layers --refresh
    expect_equal "data that is late" "$(freshness_class hoje?dia=2026-11-01)" aviso
    sql "update config_parametro set valor = 1000000 where chave = 'frescor_aviso_min'"
    etl layers --refresh
    expect_equal "data that is fresh" "$(freshness_class hoje?dia=2026-11-01)" ''
    ! grep -q 'Resumos por refazer' body.txt || fail "summaries that are right are said to be wrong"
    # A file with almost nothing of the month is held.
    { head -n 1 general.csv && grep -a '^900001;' general.csv; } >few.csv
    etl load few.csv --report general --from 2026-11-23 --to 2026-11-23
    expect_code 4
    for page in hoje produtividade qualidade receita territorio auditoria pipeline linhas; do
        expect_equal "$page with a held window" "$(freshness_class "$page")" aviso
        expect_in body.txt 'retido: valem as linhas de antes'
    done
    ask 200 api/frescor
    expect_equal "open windows" "$(sqlite3 :memory: "select json_extract(cast(readfile('body.txt') as text), '\$.janelas_abertas')")" 1
    stop_pages
}

both_a_changed_setting_is_told_until_the_summaries_are_filled_again() {
    local page
    load_a_year
    start_pages
    ask 200 receita
    ! grep -q 'Resumos por refazer' body.txt || fail "summaries that are right are said to be wrong"
    sql "update config_status set produzido = 1 - produzido"
    for page in hoje produtividade qualidade receita territorio auditoria pipeline linhas; do
        ask 200 "$page"
        expect_in body.txt 'Resumos por refazer'
    done
    etl report --out relatorio.html
    expect_in relatorio.html 'Resumos por refazer'
    etl layers --refresh
    expect_code 0
    ask 200 receita
    ! grep -q 'Resumos por refazer' body.txt || fail "the page still says so"
    stop_pages
}

both_a_database_without_layers_or_without_data_says_so() {
    general_file relatorio.csv 3
    etl load relatorio.csv --report general --from 2025-03-01 --to 2025-03-31
    expect_code 0
    start_pages
    ask 503 hoje
    expect_in body.txt 'etl-sigos layers'
    ask 503 api/ouro_mes
    expect_in body.txt '"erro"'
    sql "delete from etl_windows"
    etl layers
    expect_code 0
    ask 503 hoje
    expect_in body.txt 'Nada foi copiado ainda'
    stop_pages
}

both_the_report_is_one_file_with_the_figures_of_its_filters() {
    local services model
    load_a_year
    etl report --out relatorio.html regional=SUL de=01/03/2026 ate=31/08/2026
    expect_code 0
    ! grep -oE '(href|src|action)="[^#"][^"]*"' relatorio.html | grep -vE '"data:(,"|text/csv;charset=utf-8;base64,)' || fail "the file needs others"
    sed 's/<script>/\n<script>/g; s/<.script>/&\n/g' relatorio.html | sed '/<script>/,/<.script>/d' >page.txt
    [ "$(grep -c '<section class="pagina' page.txt)" -ge 7 ] || fail "the file has not all pages"
    ! grep -nE 'https?:' page.txt || fail "the file names an address"
    ! grep -q '"/linhas' relatorio.html || fail "the file links to rows"
    services=$(sql "select count(*) from general_reports where \"DATA_EXECUCAO\" between '2026-03-01' and '2026-08-31' and \"EQUIPE\" like '%PEL%'")
    PAGES=file://$PWD/ browse relatorio.html
    tr '\n' ' ' <dom.html | sed 's/.*id="territorio"//' >territorio.html
    mv territorio.html dom.html
    expect_equal "services in the file" "$(figure_of Serviços | cut -f 1 | tr -d .)" "$services"
    cp relatorio.html before.html
    start_pages
    for model in ouro_mes ouro_retorno_motivo; do
        grep -oE "base64,[^\"]*\" download=\"${model}_2026-03-01_2026-08-31.csv\"" relatorio.html | head -n 1 | sed 's/^base64,//; s/".*//' | base64 -d >link.csv
        ask 200 "csv/$model?regional=SUL&de=2026-03-01&ate=2026-08-31"
        [ "$(wc -l <link.csv)" -gt 6 ] || fail "$model: the link holds $(wc -l <link.csv) lines"
        cmp link.csv body.txt || fail "$model: the CSV in the file's link is not the server's"
    done
    stop_pages
    etl report --out relatorio.html cor=azul
    expect_code 2
    expect_in log.txt 'nenhuma página tem esse filtro'
    etl report --out relatorio.html de=31/02/2026
    expect_code 2
    expect_in log.txt 'não é uma data'
    cmp relatorio.html before.html || fail "a refused report has changed the file"
    expect_equal "files that are left" "$(ls -- *.part 2>/dev/null)" ''
    etl report --out nowhere/relatorio.html
    [ "$CODE" != 0 ] || fail "a file in no folder was written"
}

run_tests_on_both "$@"
