#!/usr/bin/env bash
# The pages on ClickHouse: those of SQLite, and of one state while windows are committed.
. "$(dirname "$0")/../support/e2e.bash"
. "$(dirname "$0")/../support/clickhouse.bash"
. "$(dirname "$0")/../support/pages.bash"

addresses=(
    hoje 'hoje?dia=2026-11-20' 'hoje?dia=2026-11-20&regional=SUL' produtividade 'produtividade?equipe=RS-PEL-F001M'
    qualidade 'qualidade?de=2026-02-10&ate=2026-10-15&regional=SUL' receita 'receita?tudo=1&grupo=AT' territorio
    'territorio?ordem=-acerto' 'territorio?ordem=municipio&tudo=1&regional=SUL' 'territorio?ordem=ultima' pipeline
    auditoria 'auditoria?mes=2026-09&regional=SUL' linhas 'linhas?relatorio=retornos&aberto=1'
    'linhas?relatorio=retornos&reincidente=uc' 'linhas?relatorio=rejeitadas' 'linhas?relatorio=mudancas&auditoria=STATUS'
    'linhas?anomalia=sem_data' 'linhas?anomalia=sem_horario' 'linhas?conta=retornos' api/frescor
)

# What differs although both are right: names of runs, when they were, how old the copy is.
normalise() {
    sed -E 's/há [0-9]+[^<"\\]*expediente/há X/g; s/[0-9]{8}T[0-9]{6}\.[0-9]+-[0-9a-f]{8}/RUN/g
        s/("label">|>|")[0-9]{2}\/[0-9]{2}\/[0-9]{4} [0-9]{2}:[0-9]{2}/\1TIME/g
        s/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}/TIME/g; s/></>\n</g
        s/(^|[^0-9])([0-9]+\.[0-9]*[1-9])0+([^0-9]|$)/\1\2\3/g; s/([0-9])\.0+([^0-9]|$)/\1\2/g'
}

# keep_pages FOLDER: all addresses, the row behind the first link, and the report.
keep_pages() {
    local i=0 address
    mkdir "$1"
    load_a_year
    start_pages
    for address in "${addresses[@]}"; do
        i=$((i + 1))
        ask 200 "$address" --max-time 60
        ! grep -q 'Demorou demais' body.txt || [ -n "${CLICKHOUSE_ENGINE:-}" ] || fail "a card of $address took too long"
        normalise <body.txt >"$1/$i"
    done
    ask 200 "linha/servicos/$ROW_KEY" --max-time 60
    expect_in body.txt "<td>mudou</td>"
    normalise <body.txt >"$1/row"
    stop_pages
    etl report --out report.html de=2026-09-01 ate=2026-11-23
    expect_code 0
    normalise <report.html | grep -v 'data:text/csv' >"$1/report"
}

test_every_page_is_that_of_sqlite() {
    local name
    ROW_KEY=053316418aada3550a4611b238120334 # one with a past
    keep_pages sqlite
    start_clickhouse
    export DATABASE_URL=$CLICKHOUSE_URL
    keep_pages clickhouse
    for name in sqlite/*; do
        diff "$name" "clickhouse/${name#*/}" >difference.txt && continue
        grep -q 'Demorou demais' "clickhouse/${name#*/}" && continue # today's engine as a library, on a slow machine
        head -n 6 difference.txt | cut -c 1-300
        case ${name#*/} in
        [0-9]*) fail "${addresses[${name#*/} - 1]} is not that of SQLite" ;;
        *) fail "the ${name#*/} is not that of SQLite" ;;
        esac
    done
}

# Loads ten rows and thirty in turn until the file `enough` is there.
commit_windows() {
    until [ -e enough ]; do
        "$ETL" load ten.csv --report general --from 2025-03-01 --to 2025-03-31 --accept-shrink
        "$ETL" load thirty.csv --report general --from 2025-03-01 --to 2025-03-31
    done >loads.txt 2>&1
}

test_a_page_made_while_windows_are_committed_is_of_one_state() {
    local loader code count rows tries=0
    start_clickhouse
    export DATABASE_URL=$CLICKHOUSE_URL
    general_file ten.csv 10
    general_file thirty.csv 30
    etl load thirty.csv --report general --from 2025-03-01 --to 2025-03-31
    expect_code 0
    etl layers
    expect_code 0
    start_pages
    commit_windows &
    loader=$!
    : >counts
    until [ "$tries" = 60 ]; do
        tries=$((tries + 1))
        code=$(curl -s -o body.txt -w '%{http_code}' --max-time 60 "${PAGES}linhas?de=2025-03-0$((1 + tries % 5))")
        if [ "$code" = 503 ]; then # four times in a row
            expect_in body.txt 'Os dados mudaram enquanto a página era feita'
            continue
        fi
        expect_equal "the status" "$code" 200
        count=$(count_in body.txt)
        rows=$(grep -o '<th scope="row"' body.txt | wc -l)
        expect_equal "rows below the count" "$rows" "$count"
        echo "$count" >>counts
    done
    touch enough
    wait "$loader"
    stop_pages
    expect_equal "states that were seen" "$(sort -u counts | paste -sd' ')" '10 30'
    [ "$(wc -l <counts)" -ge 30 ] || fail "only $(wc -l <counts) of 60 pages were made"
}

test_the_edition_the_metrics_and_the_actions_know_the_ledger() {
    local tag id
    start_clickhouse
    export DATABASE_URL=$CLICKHOUSE_URL
    start_pages
    ask 503 hoje
    general_file thirty.csv 30
    general_file ten.csv 10
    etl load thirty.csv --report general --from 2025-03-01 --to 2025-03-31
    etl layers
    stop_pages
    start_pages --allow-accept
    ask 200 'linhas'
    tag=$(header ETag)
    ask 304 'linhas' -H "If-None-Match: $tag"
    etl load ten.csv --report general --from 2025-03-01 --to 2025-03-31
    expect_code 4
    ask 200 'linhas' -H "If-None-Match: $tag"
    ask 200 metrics
    expect_in body.txt 'etl_sigos_database_up 1'
    expect_in body.txt 'etl_sigos_windows_open{status="held"} 1'
    expect_in body.txt 'etl_sigos_runs{mode="load"} 2'
    ask 200 pipeline
    id=$(grep -o '/janelas/[0-9]*/aceitar' body.txt | head -n 1)
    [ -n "$id" ] || fail "the held window has no button"
    tag=$(grep -o 'name="csrf" value="[^"]*"' body.txt | tail -n 1 | cut -d '"' -f 4)
    ask 409 "${id#/}" -H "Origin: ${PAGES%/}" -d "csrf=$tag&linhas=20" -b "$(header Set-Cookie | cut -d ';' -f 1)"
    expect_in body.txt 'só pode ser aceita com o comando' # it came from a file
    stop_pages
}

run_tests "$@"
