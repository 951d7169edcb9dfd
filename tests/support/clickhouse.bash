# A ClickHouse server for the end-to-end tests, Debian's, or today's engine with CLICKHOUSE_ENGINE in the environment
# (support/clickhouse_server.h). Sourced after e2e.bash.

# start_clickhouse [SERVERS]: starts them with an empty database; sets CLICKHOUSE_URL to the first. They end with the test.
start_clickhouse() {
    exec {clickhouse_in}> >(exec "$BUILD/clickhouse_stand" "${1:-1}" >clickhouse.urls 2>clickhouse.log)
    SECONDS=0
    until [ "$(wc -l <clickhouse.urls 2>/dev/null)" = "${1:-1}" ]; do
        [ $SECONDS -lt 60 ] || fail "ClickHouse did not start: $(cat clickhouse.log)"
        read -r -t 0.05 <> <(:)
    done
    CLICKHOUSE_URL=$(head -n 1 clickhouse.urls)
    export CLICKHOUSE_URL
}

stop_clickhouse() {
    [ -z "${clickhouse_in:-}" ] || exec {clickhouse_in}>&-
}

# ch SQL [SERVER]: the rows, separated by tabs and escaped as `truth` does.
ch() {
    local port
    port=$(sed -n "${2:-1}s/.*@127.0.0.1:\([0-9]*\).*/\1/p" clickhouse.urls)
    curl -sS --fail-with-body "http://127.0.0.1:$port/?database=sigos&wait_end_of_query=1" --data-binary "$1" | sed "s/\\\\'/'/g"
}

ch_columns() { ch "select name from system.columns where database = 'sigos' and table = '$1'"; }

# Prints the table in the form of `truth`: header, then sorted lines. $2: a condition.
ch_table() {
    local names
    names=$(ch_columns "$1" | grep -vxE 'DATA_EXTRACAO|_row_key|_row_hash')
    paste -sd '\t' <<<"$names"
    ch "select $(awk '{ print "\"" $0 "\"" }' <<<"$names" | paste -sd,) from $1 where ${2:-1}" | sort
}
