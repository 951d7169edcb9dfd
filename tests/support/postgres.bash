# A PostgreSQL server for the end-to-end tests, on a Unix socket in the test's folder. Sourced after
# e2e.bash. PostgreSQL refuses to run as root, so root runs it as the user of its package.

PGBIN=/usr/lib/postgresql/15/bin
BUILT_FOLDER=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/build

as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && exec setpriv --reuid postgres --regid postgres --clear-groups "$@")
    else
        "$@"
    fi
}

# A cluster is made once for each user and then copied, which takes a quarter of the time. Several tests may be the first.
make_cluster() { # FOLDER
    local made
    made=$BUILT_FOLDER/cluster.$(id -u)
    (
        flock 8
        [ ! -e "$made" ] || exit 0
        rm -rf "$made.new" # of a run that was ended here
        as_postgres $PGBIN/initdb -D "$1" -U etl -A trust -E UTF8 --locale=C --no-sync >/dev/null &&
            cp -a "$1" "$made.new" && mv "$made.new" "$made"
    ) 8>"$made.lock" || fail "initdb failed"
    [ -e "$1" ] || cp -a "$made" "$1" || fail "$made cannot be copied"
}

# start_postgres: starts a server with an empty database; sets DATABASE_URL and PGHOST for psql.
start_postgres() {
    PG_FOLDER=$(mktemp -d /tmp/etl-pg.XXXXXX) # short: the path of a socket has a limit
    [ "$(id -u)" != 0 ] || chown postgres: "$PG_FOLDER"
    make_cluster "$PG_FOLDER/data"
    start_server
    export PGHOST=$PG_FOLDER PGUSER=etl PGDATABASE=postgres
    export DATABASE_URL="postgres://etl@/postgres?host=$PG_FOLDER"
}

start_server() { # [FOLDER]: of an existing cluster
    local folder=${1:-$PG_FOLDER}
    as_postgres env CLUSTER_FOLDER="$folder" ${PG_PRELOAD:+LD_PRELOAD="$PG_PRELOAD"} $PGBIN/pg_ctl -D "$folder/data" -l "$folder/log" -w -s \
        -o "-k $folder -c listen_addresses='' -c fsync=off -c full_page_writes=off" start || {
        tail "$folder/log"
        fail "PostgreSQL did not start"
    }
}

stop_server() { # [FOLDER]: at once, as in a crash
    as_postgres $PGBIN/pg_ctl -D "${1:-$PG_FOLDER}/data" -m immediate -s -w stop 2>/dev/null
}

# start_pooler: starts pgbouncer in transaction mode; DATABASE_URL goes through it from now on.
start_pooler() {
    printf '%s\n' '[databases]' "postgres = host=$PG_FOLDER user=etl pool_mode=transaction" '[pgbouncer]' listen_port=6543 \
        "unix_socket_dir = $PG_FOLDER" auth_type=any "logfile = $PG_FOLDER/pooler.log" "pidfile = $PG_FOLDER/pooler.pid" \
        server_login_retry=1 >"$PG_FOLDER/pooler.ini"
    [ "$(id -u)" != 0 ] || chown postgres: "$PG_FOLDER/pooler.ini"
    as_postgres /usr/sbin/pgbouncer -q -d "$PG_FOLDER/pooler.ini" || fail "pgbouncer did not start"
    SECONDS=0 # pgbouncer returns before it has written its pid file
    until $PGBIN/pg_isready -q -h "$PG_FOLDER" -p 6543 && [ -s "$PG_FOLDER/pooler.pid" ]; do
        [ $SECONDS -lt 20 ] || fail "pgbouncer does not answer"
    done
    PG_POOLER=$(cat "$PG_FOLDER/pooler.pid")
    export DATABASE_URL="postgres://etl@/postgres?host=$PG_FOLDER&port=6543"
}

stop_pooler() { # with all its connections
    [ -n "${PG_POOLER:-}" ] || return 0
    kill -KILL "$PG_POOLER"
    timeout 10 tail --pid="$PG_POOLER" -s 0.02 -f /dev/null
    rm -f "$PG_FOLDER"/pooler.pid "$PG_FOLDER"/.s.PGSQL.6543*
    PG_POOLER=
}

stop_postgres() {
    [ -n "${PG_FOLDER:-}" ] || return 0
    stop_pooler
    [ ! -e "$PG_FOLDER/standby" ] || stop_server "$PG_FOLDER/standby"
    stop_server
    rm -rf "$PG_FOLDER"
    PG_FOLDER=
}

# Starts a replica of the server, in $PG_FOLDER/standby.
start_standby() {
    mkdir "$PG_FOLDER/standby"
    [ "$(id -u)" != 0 ] || chown postgres: "$PG_FOLDER/standby"
    as_postgres $PGBIN/pg_basebackup -h "$PG_FOLDER" -U etl -D "$PG_FOLDER/standby/data" -R -X stream -c fast || fail "no copy could be made"
    start_server "$PG_FOLDER/standby"
}

pg() { # prints the result of a query, unaligned
    $PGBIN/psql -X -q -A -t -F '	' -v ON_ERROR_STOP=1 -c "$1"
}

# Prints the table in the form of `truth`, which is the text form of COPY. $2: a condition.
pg_table() {
    local columns header
    columns=$(pg "select string_agg(quote_ident(column_name), ', ' order by ordinal_position) from information_schema.columns
                  where table_name = '$1' and column_name not in ('DATA_EXTRACAO', '_row_key', '_row_hash')")
    header=$(pg "select string_agg(column_name, E'\\t' order by ordinal_position) from information_schema.columns
                 where table_name = '$1' and column_name not in ('DATA_EXTRACAO', '_row_key', '_row_hash')")
    printf '%s\n' "$header"
    pg "copy (select $columns from $1 where ${2:-true}) to stdout" | sort
}

# expect_pg_is_truth REPORT-ALIAS TABLE [FROM TO]: compares cell for cell; with days, without the undated rows.
expect_pg_is_truth() {
    local condition=true
    truth "$1" "${3:-$first_day}" "${4:-$TODAY}" >truth.tsv || fail "no truth"
    if [ $# -gt 2 ]; then
        condition="\"DATA_EXECUCAO\" between '$3' and '$4'"
        awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "DATA_EXECUCAO") c = i } NR == 1 || $c != "\\N"' truth.tsv >t && mv t truth.tsv
    fi
    pg_table "$2" "$condition" >table.tsv
    [ "$(wc -l <truth.tsv)" -gt 10 ] || fail "the truth of $1 has only $(wc -l <truth.tsv) lines"
    diff truth.tsv table.tsv >difference.txt || {
        head -n 10 difference.txt
        fail "$2 is not the truth ($(grep -c '^[<>]' difference.txt) lines differ)"
    }
}
