# A ClickHouse of its own for a test. Sourced after e2e.bash. With CLICKHOUSE_ENGINE it is today's engine, else Debian's
# server (tests/clickhouse/stand.c).

# Sets CLICKHOUSE_URL, of an empty database.
start_clickhouse() {
    [ -x "$BUILD/clickhouse_stand" ] || make -s -C "$ROOT" VARIANT="${VARIANT:-release}" "build/${VARIANT:-release}/clickhouse_stand"
    mkfifo clickhouse.url
    exec {clickhouse_in}> >(exec "$BUILD/clickhouse_stand" 1 >clickhouse.url)
    CLICKHOUSE_PID=$!
    IFS= read -r -t 60 CLICKHOUSE_URL <clickhouse.url || fail "ClickHouse did not start"
}

stop_clickhouse() {
    [ -n "${CLICKHOUSE_PID:-}" ] || return 0
    exec {clickhouse_in}>&-
    wait "$CLICKHOUSE_PID" 2>/dev/null
}

# clickhouse SQL: prints the rows as TabSeparated; a single quote has no backslash, whatever the version.
clickhouse() {
    local address=http${CLICKHOUSE_URL#clickhouse}
    curl -sS --fail-with-body "${address%/*}/?database=${address##*/}&wait_end_of_query=1" --data-binary "$1" >answer.txt || {
        cat answer.txt >&2
        return 1
    }
    sed "s/\\\\'/'/g" answer.txt
}
