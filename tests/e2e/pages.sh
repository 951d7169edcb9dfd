#!/usr/bin/env bash
# The count behind every figure of the pages equals the rows that its link opens, under every filter, on SQLite and
# PostgreSQL; lists, measures, and the models behind them as CSV and JSON on ClickHouse too (pages_clickhouse.sh).
. "$(dirname "$0")/../support/e2e.bash"
. "$(dirname "$0")/../support/postgres.bash"
. "$(dirname "$0")/../support/both.bash"
. "$(dirname "$0")/../support/pages.bash"

TEAM=equipe=RS-PEL-F001M
TOWN=municipio=$(encode 'SANTO ANTÔNIO DA PATRULHA')
areas=(
    regional=SUL grupo=AT 'regional=NORTE&grupo=BT' "$TEAM" "$TEAM&equipe=POA2A001" "equipe=$(encode 'EQUIPE CAPÃO')" "$TOWN"
    "regional=NORTE&$TOWN" "$TEAM&$TOWN" "equipe=$(encode "${shown_names[0]}")&equipe=$(encode "${shown_names[7]}")"
    "municipio=$(encode "$LONG_NAME")" equipe=NENHUMA
)
periods=(
    periodo=30d periodo=90d periodo=12m periodo=mes 'de=2026-05-10&ate=2026-08-20' ate=2026-03-15 de=01/10/2026
    'de=2020-01-01&ate=2020-02-01' 'de=2022-01-01&tudo=1' 'dia=2026-11-20' tudo=1
)
days=('' dia=2026-11-20 dia=18/09/2026 dia=2026-11-22 dia=2020-01-01)

# Prints the queries that a page is tried with: all on SQLite, on PostgreSQL every third, unless PAGES_ALL is set. The SQL
# is the same text.
queries_of() { # PAGE
    if [ -n "${PG_FOLDER:-}" ] && [ -z "${PAGES_ALL:-}" ]; then
        all_queries_of "$1" | awk 'NR % 3 == 1'
    else
        all_queries_of "$1"
    fi
}

all_queries_of() { # PAGE
    local area period
    case $1 in
    hoje) for period in "${days[@]}"; do for area in '' "${areas[@]}"; do echo "$period&$area"; done; done ;;
    pipeline) echo ;;
    auditoria) printf '%s\n' '' regional=SUL grupo=AT 'regional=NORTE&grupo=BT' mes=2026-05 'mes=2026-09&regional=SUL' ;;
    *)
        for period in '' "${periods[@]}"; do echo "$period"; done
        for area in "${areas[@]}"; do
            echo "$area"
            echo "periodo=30d&$area"
            echo "de=2026-02-10&ate=2026-10-15&$area"
        done
        ;;
    esac | sed 's/^&//; s/&$//' | { if [ "$1" = hoje ]; then cat; else grep -v '^dia='; fi; }
}

# expect_page_counts PAGE LINKS: tries the page under all filters; it must have that many links.
expect_page_counts() {

    queries_of "$1" | sed "s|^|/$1?|; s|?\$||" >asked.txt
    rm -rf seen
    ask_all asked.txt seen
    expect_all_found asked.txt seen
    links_of seen/* >links.tsv
    ! grep -l 'Demorou demais' seen/* || fail "a card of $1 took too long"
    ! grep -l "Não se separa por período" seen/* || fail "a card of $1 cannot be filtered by days"
    expect_counts links.tsv
    echo "$1: $TRIED links of $(wc -l <asked.txt) addresses"
    local least=$2
    [ -z "${PG_FOLDER:-}" ] || least=$(($2 / 6))
    [ "$TRIED" -ge "$least" ] || fail "$1 has only $TRIED links under all its filters"
}

both_the_count_behind_every_figure_is_that_of_the_rows_that_its_link_opens() {
    load_a_year
    start_pages
    expect_page_counts hoje 130
    expect_page_counts produtividade 350
    expect_page_counts qualidade 800
    expect_page_counts receita 700
    expect_page_counts territorio 1200
    expect_page_counts auditoria 10
    expect_page_counts pipeline 7
    stop_pages
}

# Follows "Mais 50" from a list to its end: all its rows, each once.
expect_whole_list() { # PATH
    local path=$1 count
    : >keys
    ask 200 "$path"
    count=$(count_in body.txt | tr -d .)
    while [ -n "$path" ]; do
        ask 200 "$path"
        expect_equal "the count of /$path" "$(count_in body.txt | tr -d .)" "$count"
        grep -oE 'href="/linha/[a-z]*/[0-9a-f]{32}"' body.txt >>keys
        path=$(sed -nE 's/.*href="\/(linhas[^"]*)" class="botao">Mais 50<.*/\1/p' body.txt | sed 's/&amp;/\&/g')
    done
    expect_equal "rows of the whole list" "$(wc -l <keys)" "$count"
    expect_equal "different rows of the whole list" "$(sort -u keys | wc -l)" "$count"
    [ "$count" -gt "$2" ] || fail "$1 has only $count rows"
}

each_the_next_fifty_are_the_rows_that_follow_to_the_end() {
    local kind key
    load_a_year
    start_pages
    expect_whole_list 'linhas?regional=SUL&de=2026-09-01' 300
    expect_whole_list 'linhas?relatorio=retornos&aberto=1' 100
    expect_whole_list 'linhas?anomalia=sem_data' 0
    for kind in servicos retornos; do
        key=$(sql "select chave from $kind where data_execucao = '2026-11-23' order by 1" | head -n 1)
        ask 200 "linha/$kind/$key"
        expect_in body.txt '<td class="larga">I01</td>'
    done
    key=$(sql "select chave from servicos where data_execucao < '2026-09-01' and _row_key in
               (select row_key from etl_changes where op = 'update' and report = 'general_reports') order by 1" | head -n 1)
    ask 200 "linha/servicos/$key"
    expect_in body.txt '<td>mudou</td>'
    ask 404 linha/servicos/nothing
    ask 200 linha/servicos/00000000000000000000000000000000
    expect_in body.txt 'não está mais na tabela'
    stop_pages
}

# The measures are those that a refusal lists; of each, the rows it counts.
each_every_measure_counts_the_rows_that_it_sums() {
    local measure sum
    load_a_year
    start_pages
    ask 400 'linhas?conta=nada'
    sed -n 's/.*<p class="vazio">.*; use \(.*\)<\/p>.*/\1/p' body.txt | tr -d ' ' | tr , '\n' | sed 's/<.*//' >measures
    [ "$(grep -c . measures)" -ge 18 ] || fail "the refusal lists $(wc -l <measures) measures"
    while read -r measure; do
        sum=$(sql "select sum($measure) from resumo_dia")
        ask 200 "linhas?conta=$measure"
        expect_equal "rows that $measure counts" "$(count_in body.txt | tr -d .)" "$sum"
        sum=$(sql "select coalesce(sum($measure), 0) from resumo_dia where mes = '2026-08-01' and regional = 'SUL'")
        ask 200 "linhas?conta=$measure&mes=2026-08&regional=SUL"
        expect_equal "rows that $measure counts in August" "$(count_in body.txt | tr -d .)" "$sum"
    done <measures
    stop_pages
}

# The records of a CSV end with CRLF; what is within quotes belongs to a cell.
records_of() { # FILE
    awk '{ line = $0; quotes += gsub(/"/, "") } line ~ /\r$/ && quotes % 2 == 0 { n++ } END { print n + 0 }' "$1"
}

each_every_model_is_a_csv_and_json_of_all_its_rows() {
    local model rows
    load_a_year
    start_pages
    sql "select distinct relacao from etl_dicionario where relacao like 'ouro%' or relacao like 'teste%' or relacao in
         ('servicos', 'retornos') order by 1" >models
    [ "$(wc -l <models)" -ge 30 ] || fail "only $(wc -l <models) models"
    while read -r model; do
        rows=$(sql "select count(*) from $model")
        ask 200 "csv/$model"
        expect_equal "lines of the CSV of $model" "$(records_of body.txt)" $((rows + 1))
        expect_equal "its first bytes" "$(head -c 3 body.txt | od -An -tx1)" ' ef bb bf'
        expect_equal "its type" "$(header Content-Type)" 'text/csv; charset=utf-8'
        case $(header Content-Disposition) in
        "attachment; filename=\"$model.csv\"") ;;
        *) fail "$model: $(header Content-Disposition)" ;;
        esac
        ask 200 "csv/$model?formato=iso"
        expect_equal "lines of the ISO CSV of $model" "$(records_of body.txt)" $((rows + 1))
        ask 200 "api/$model?limite=5000"
        expect_equal "the JSON of $model" \
            "$(sqlite3 :memory: "select json_valid(t), json_extract(t, '\$.total'), json_array_length(t, '\$.linhas'),
               json_extract(t, '\$.cortado') from (select cast(readfile('body.txt') as text) as t)")" \
            "1|$rows|$((rows < 5000 ? rows : 5000))|$((rows > 5000))"
    done <models
    expect_figures_as_csv
    stop_pages
}

# Dates, decimals and sums as a spreadsheet in Brazil reads them.
expect_figures_as_csv() {
    local services
    services=$(sql "select sum(servicos) from ouro_mes where mes between '2026-03-01' and '2026-05-01' and regional = 'SUL'")
    ask 200 'csv/ouro_mes?de=2026-03-01&ate=2026-05-31&regional=SUL'
    expect_equal "the file's name" "$(header Content-Disposition)" 'attachment; filename="ouro_mes_2026-03-01_2026-05-31.csv"'
    awk -F';' 'NR == 1 { for (i = 1; i <= NF; i++) { sub(/\r$/, "", $i); if ($i == "servicos") s = i; if ($i ~ /taxa_retorno/) t = i } next }
               $1 !~ /^01\/0[345]\/2026$/ || $t !~ /^0,[0-9]+$|^0$/ { print "bad line: " $0 }
               { sum += $s } END { print sum }' body.txt >sums
    expect_equal "services in the CSV" "$(cat sums)" "$services"
    ask 200 'csv/ouro_mes?mes=2026-03&formato=iso'
    grep -qE '^2026-03-01;' body.txt || fail "no ISO date: $(sed -n 2p body.txt)"
    grep -qE ';0\.[0-9]+;' body.txt || fail "no decimal point: $(sed -n 2p body.txt)"
}

run_tests_on_each "$@"
