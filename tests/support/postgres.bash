# A private PostgreSQL for the end-to-end tests, on a Unix socket in the test's own folder. Sourced after
# e2e.bash. PostgreSQL refuses to run as root, so root lends it the user that its package made.

PGBIN=/usr/lib/postgresql/15/bin

as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && exec setpriv --reuid postgres --regid postgres --clear-groups "$@")
    else
        "$@"
    fi
}

# start_postgres: an empty database; sets DATABASE_URL and PGHOST for psql.
start_postgres() {
    PG_FOLDER=$(mktemp -d /tmp/etl-pg.XXXXXX) # short: the path of a socket has a limit
    [ "$(id -u)" != 0 ] || chown postgres: "$PG_FOLDER"
    as_postgres $PGBIN/initdb -D "$PG_FOLDER/data" -U etl -A trust -E UTF8 --locale=C --no-sync >/dev/null ||
        fail "initdb failed"
    as_postgres $PGBIN/pg_ctl -D "$PG_FOLDER/data" -l "$PG_FOLDER/log" -w -s \
        -o "-k $PG_FOLDER -c listen_addresses='' -c fsync=off -c full_page_writes=off" start || {
        tail "$PG_FOLDER/log"
        fail "PostgreSQL did not start"
    }
    export PGHOST=$PG_FOLDER PGUSER=etl PGDATABASE=postgres
    export DATABASE_URL="postgres://etl@/postgres?host=$PG_FOLDER"
}

stop_postgres() {
    [ -n "${PG_FOLDER:-}" ] || return 0
    as_postgres $PGBIN/pg_ctl -D "$PG_FOLDER/data" -m immediate -s -w stop 2>/dev/null
    rm -rf "$PG_FOLDER"
    PG_FOLDER=
}

pg() { # the result of a query, unaligned
    $PGBIN/psql -X -q -A -t -F '	' -v ON_ERROR_STOP=1 -c "$1"
}

# The table's content in the form of `truth`: COPY's text is that form. $2: a condition.
pg_table() {
    local columns header
    columns=$(pg "select string_agg(quote_ident(column_name), ', ' order by ordinal_position) from information_schema.columns
                  where table_name = '$1' and column_name not in ('DATA_EXTRACAO', '_row_key', '_row_hash')")
    header=$(pg "select string_agg(column_name, E'\\t' order by ordinal_position) from information_schema.columns
                 where table_name = '$1' and column_name not in ('DATA_EXTRACAO', '_row_key', '_row_hash')")
    printf '%s\n' "$header"
    pg "copy (select $columns from $1 where ${2:-true}) to stdout" | sort
}
