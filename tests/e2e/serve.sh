#!/usr/bin/env bash
# `etl-sigos serve` as a browser sees it, and as a cycle beside it does.
. "$(dirname "$0")/../support/e2e.bash"
. "$(dirname "$0")/../support/postgres.bash"
. "$(dirname "$0")/../support/pages.bash"

# The page's figures and rows belong to src/pages; here is what the server does with any of them.

load_a_month() {
    "$SIM" export --report general --from 2026-10-01 --to 2026-10-31 --seed "$SEED" --rows "$ROWS" --today "$TODAY" >relatorio_prot_geral.csv
    etl load relatorio_prot_geral.csv --from 2026-10-01 --to 2026-10-31
    expect_code 0
    etl layers
    expect_code 0
}

test_every_answer_has_the_headers_that_protect_a_browser() {
    local path
    load_a_month
    start_pages
    for path in '' hoje nothing metrics estatico/0/x 'hoje?a=%ff'; do
        curl -s -o body.txt -D head.txt "$PAGES$path"
        expect_equal "nosniff of /$path" "$(header X-Content-Type-Options)" nosniff
        expect_equal "frames of /$path" "$(header X-Frame-Options)" DENY
        expect_equal "referrer of /$path" "$(header Referrer-Policy)" same-origin
        expect_equal "opener of /$path" "$(header Cross-Origin-Opener-Policy)" same-origin
        case $(header Content-Security-Policy) in
        "default-src 'none'; script-src 'self'; style-src 'self';"*"frame-ancestors 'none'") ;;
        *) fail "the policy of /$path is $(header Content-Security-Policy)" ;;
        esac
    done
    ask 303 ''
    expect_equal "where / leads" "$(header Location)" /hoje
    stop_pages
}

test_only_known_names_and_whole_requests_are_answered() {
    load_a_month
    start_pages
    ask 400 hoje -H 'Host: evil.example'
    ask 400 hoje -H 'Host: localhost.evil.example:80'
    ask 400 'hoje?de=1&de=2'
    ask 400 'hoje?de=%00'
    ask 405 hoje -X DELETE
    ask 404 executar -X POST
    ask 414 "hoje?x=$(head -c 5000 /dev/zero | tr '\0' a)"
    # A head of a request that is longer than all memory for it.
    curl -s -o body.txt -w '%{http_code}' -H "X: $(head -c 60000 /dev/zero | tr '\0' a)" "${PAGES}hoje" >code.txt
    grep -qE '^(431|413|000)$' code.txt || fail "a long head gives $(cat code.txt)"
    stop_pages
}

test_an_address_that_others_reach_needs_a_password() {
    etl serve --address 0.0.0.0:0
    expect_code 2
    expect_in log.txt SERVE_PASSWORD_HASH
    SERVE_PASSWORD_HASH=nonsense etl serve --address 0.0.0.0:0
    expect_code 2
    etl serve --address nonsense
    expect_code 2
    etl serve --hash-password <<<curta
    expect_code 2
}

test_a_password_opens_the_pages() {
    local origin cookie
    load_a_month
    etl serve --hash-password <<<'uma senha longa'
    expect_code 0
    cp out.txt hash
    export SERVE_PASSWORD_HASH_FILE=$PWD/hash
    start_pages
    origin="Origin: ${PAGES%/}"
    ask 303 'hoje?a=b'
    expect_equal "where it leads" "$(header Location)" '/entrar?volta=%2Fhoje%3Fa%3Db'
    ask 401 api/ouro_mes
    ask 200 entrar
    expect_in body.txt 'name="senha"'
    ask 403 entrar -d 'senha=uma senha longa' # without Origin
    ask 403 entrar -d 'senha=uma senha longa' -H 'Origin: http://evil.example'
    ask 303 entrar -H "$origin" --data-urlencode 'senha=uma senha longa' --data-urlencode 'volta=/receita'
    expect_equal "where it leads" "$(header Location)" /receita
    cookie=$(header Set-Cookie)
    case $cookie in
    sessao=*"; HttpOnly; SameSite=Lax; Path=/; Max-Age=43200") ;;
    *) fail "the cookie is $cookie" ;;
    esac
    curl -s -o body.txt -w '%{http_code}' -b "${cookie%%;*}" "${PAGES}hoje" >code.txt
    [ "$(cat code.txt)" != 303 ] || fail "the session opens nothing"
    ask 413 entrar -H "$origin" -d "senha=$(head -c 5000 /dev/zero | tr '\0' a)"
    for _ in 1 2 3 4 5; do ask 401 entrar -H "$origin" -d senha=errada; done
    ask 429 entrar -H "$origin" -d 'senha=uma senha longa'
    [ "$(header Retry-After)" -gt 0 ] || fail "no Retry-After"
    ask 303 sair -H "$origin" -b "${cookie%%;*}" -d ''
    ask 303 hoje -b "${cookie%%;*}"
    ! grep -F 'senha longa' serve.log || fail "the log has the password"
    stop_pages
}

test_files_are_kept_for_ever_and_are_those_of_the_program() {
    local path
    etl serve --hash-password <<<'uma senha longa'
    SERVE_PASSWORD_HASH=$(cat out.txt) start_pages
    ask 200 entrar
    path=$(grep -o '/estatico/[0-9a-f]*/painel.css' body.txt)
    ask 200 "${path#/}"
    cmp body.txt "$ROOT/src/pages/static/painel.css" || fail "the style is another one"
    expect_equal "caching" "$(header Cache-Control)" 'public, max-age=31536000, immutable'
    expect_equal "type" "$(header Content-Type)" 'text/css; charset=utf-8'
    ask 404 estatico/0000000000000000/painel.css
    stop_pages
}

test_a_page_of_the_same_data_is_not_sent_twice() {
    local tag
    load_a_month
    start_pages
    ask 200 hoje
    tag=$(header ETag)
    ask 304 hoje -H "If-None-Match: $tag"
    expect_equal "the body" "$(wc -c <body.txt)" 0
    etl load relatorio_prot_geral.csv --from 2026-10-01 --to 2026-10-31
    expect_code 0
    ask 200 hoje -H "If-None-Match: $tag"
    stop_pages
}

test_metrics_tell_of_the_ledger_and_need_the_token_if_there_is_one() {
    load_a_month
    start_pages
    ask 200 metrics
    expect_in body.txt 'etl_sigos_database_up 1'
    expect_in body.txt 'etl_sigos_runs{mode="load"} 1'
    expect_in body.txt 'etl_sigos_last_loaded_timestamp_seconds{report="general_reports"} '
    ask 401 metrics -H 'X-Forwarded-For: 10.0.0.1'
    stop_pages
    SERVE_METRICS_TOKEN=segredo start_pages
    ask 401 metrics
    ask 200 metrics -H 'Authorization: Bearer segredo'
    stop_pages
}

test_idle_connections_stop_neither_a_load_nor_the_server_for_long() {
    local fds=() fd
    load_a_month
    start_pages
    trap '' PIPE # the server closes those that are too many
    for _ in $(seq 200); do
        exec {fd}<>"/dev/tcp/127.0.0.1/$PAGES_PORT" || fail "the server accepts nobody"
        fds+=("$fd")
        { printf 'GET /hoje HTTP/1.1\r\nX: ' >&"$fd"; } 2>/dev/null # and never ends
    done
    etl load relatorio_prot_geral.csv --from 2026-10-01 --to 2026-10-31
    expect_code 0
    for fd in "${fds[@]}"; do exec {fd}<&-; done
    ask 200 metrics
    stop_pages
    expect_equal "exit code" "$PAGES_CODE" 143
}

test_a_slow_reader_of_a_csv_stops_no_load() {
    local fd line
    load_a_month
    start_pages
    exec {fd}<>"/dev/tcp/127.0.0.1/$PAGES_PORT"
    printf 'GET /csv/servicos?tudo=1 HTTP/1.1\r\nHost: localhost\r\n\r\n' >&"$fd"
    IFS= read -r -t 20 line <&"$fd" || fail "no answer"
    expect_equal "the answer" "${line%$'\r'}" 'HTTP/1.1 200 OK'
    etl load relatorio_prot_geral.csv --from 2026-10-01 --to 2026-10-31 # the rest is not read yet
    expect_code 0
    exec {fd}<&-
    stop_pages
}

test_it_ends_at_once_by_a_signal_with_connections_open() {
    local fd began
    load_a_month
    start_pages
    exec {fd}<>"/dev/tcp/127.0.0.1/$PAGES_PORT"
    printf 'GET /hoje HTTP/1.1\r\n' >&"$fd"
    began=$SECONDS
    stop_pages
    [ $((SECONDS - began)) -lt 5 ] || fail "it took $((SECONDS - began)) s"
    expect_equal "exit code" "$PAGES_CODE" 143
    exec {fd}<&-
    start_pages
    stop_pages INT
    expect_equal "exit code" "$PAGES_CODE" 130
}

test_a_database_that_was_never_loaded_is_no_failure_of_the_server() {
    start_pages
    ask 503 hoje
    grep -q 'referência' body.txt || fail "no reference"
    [ ! -e sigos.db ] || fail "a database was made"
    load_a_month
    curl -s -o body.txt -D head.txt "${PAGES}hoje"
    ! grep -q '^HTTP/1.1 503' head.txt || fail "it does not see the database"
    stop_pages
}

test_a_database_goes_away_and_comes_back() {
    start_postgres
    load_a_month
    start_pages
    ask 200 hoje
    ask 200 metrics
    expect_in body.txt 'etl_sigos_database_up 1'
    stop_server
    ask 200 hoje # the last one that was made, and says so
    expect_in body.txt 'O banco de dados não responde. Esta página foi feita em '
    [ -z "$(header ETag)" ] || fail "an old page has a tag"
    ask 503 receita
    ! grep -iE 'SELECT|postgres|127\.0\.0\.1|/tmp' body.txt || fail "people see too much"
    [ "$(header Retry-After)" -gt 0 ] || fail "no Retry-After"
    ask 200 metrics
    expect_in body.txt 'etl_sigos_database_up 0'
    start_server
    SECONDS=0
    until curl -s "${PAGES}metrics" | grep -q 'database_up 1'; do
        [ "$SECONDS" -lt 30 ] || fail "it does not come back"
    done
    stop_pages
}

test_a_cycle_is_started_by_a_form_of_this_server_only() {
    local origin
    start_portal
    load_a_month
    start_pages
    ask 404 executar -H "Origin: ${PAGES%/}" -d csrf=0 # not switched on
    stop_pages
    start_pages --allow-run
    origin="Origin: ${PAGES%/}"
    ask 405 executar
    ask 403 executar -d csrf=0
    ask 403 executar -H "$origin" -d csrf=0
    stop_pages
}

run_tests "$@"
