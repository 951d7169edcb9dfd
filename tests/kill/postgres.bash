# The database functions of the kill harness, for PostgreSQL. Sourced by `run`; see sqlite.bash. The database is
# etl_kill_PID, on a private server or on that of --url; kept databases are templates of it.
. "$ROOT/tests/support/postgres.bash"

db_name=etl_kill_$$
# shellcheck disable=SC2034 # read by `run`
call_slack=30 # the number of pieces of a server's answer varies

# SQL that no other database may be in the way of.
admin() {
    $PGBIN/psql -X -q -v ON_ERROR_STOP=1 -v VERBOSITY=terse -d "$admin_url" "$@" 2>&1 | sed '/NOTICE/d'
}

# Prints the URL of another database of the same server.
url_of() { # DATABASE
    local rest=${admin_url#*://} parameters=
    [[ $rest != *\?* ]] || parameters="?${rest#*\?}"
    rest=${rest%%\?*}
    echo "postgres://${rest%%/*}/$1$parameters"
}

db_start() {
    [ "$url" ] || start_postgres
    admin_url=${url:-$DATABASE_URL}
    DATABASE_URL=$(url_of $db_name)
    export DATABASE_URL
}

db_stop() {
    local name
    [ -n "${admin_url:-}" ] || return 0
    [ -n "${PG_FOLDER:-}" ] || for name in $db_name ${kept:-}; do admin -c "drop database if exists $name with (force)"; done
    stop_postgres
}

copy_database() { # FROM TO
    admin -c "drop database if exists $2 with (force)" -c "create database $2 template $1"
}

db_new() {
    copy_database template0 $db_name
}

db_keep() {
    kept="${kept:-} ${db_name}_${1##*/}"
    copy_database $db_name "${db_name}_${1##*/}"
}

db_restore() {
    case "${kept:-} " in
    *" ${db_name}_${1##*/} "*) copy_database "${db_name}_${1##*/}" $db_name ;;
    *) db_new ;;
    esac
}

# The server notices a client's death only after the client's last statement, which may be a COMMIT.
db_settle() {
    pg "do \$\$
        begin
            while exists (select from pg_stat_activity where application_name = 'etl-sigos' and datname = current_database()) loop
                assert clock_timestamp() < now() + interval '20 s', 'the session of a killed program does not end';
                perform pg_stat_clear_snapshot();
            end loop;
        end \$\$" || fail "the server does not settle"
}

db_aside() { # a reader repairs nothing in PostgreSQL
    "$@"
}

sql() {
    pg "$1"
}

pg() {
    $PGBIN/psql -X -q -A -t -F '	' -v ON_ERROR_STOP=1 -d "$DATABASE_URL" -c "$1"
}

# As pg_table, in one session instead of three: a session takes as long as the tested program.
table() {
    local columns="from information_schema.columns where table_name = '$1' and column_name not in ('DATA_EXTRACAO', '_row_key', '_row_hash')"
    local condition=${2:-true}
    $PGBIN/psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$DATABASE_URL" <<END | { IFS= read -r header && printf '%s\n' "$header" && sort; }
        select string_agg(column_name, chr(9) order by ordinal_position) $columns;
        select format('copy (select %s from $1 where %s) to stdout', string_agg(quote_ident(column_name), ', ' order by ordinal_position),
                      \$\$${condition/DATA_EXECUCAO/\"DATA_EXECUCAO\"}\$\$) $columns \gexec
END
}

bytes() { # see sqlite.bash
    echo "$1::text"
}

db_has() {
    [ "$(pg "select to_regclass('$1') is not null")" = t ]
}

db_questions() {
    # shellcheck disable=SC2154 # `run` sets known_tables
    echo "select 'left over: table ' || nspname || '.' || relname from pg_class as c join pg_namespace as n on n.oid = relnamespace
         where relkind in ('r', 'p', 'm', 'f') and nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
           and (nspname <> 'public' or relpersistence <> 'p' or relname not in ($known_tables));
        select 'left over: function ' || proname from pg_proc where pronamespace = 'public'::regnamespace;
        select 'left over: prepared transaction ' || gid from pg_prepared_xacts where database = current_database();
        select 'left over: advisory lock of process ' || pid from pg_locks as l join pg_database as d on d.oid = l.database
         where locktype = 'advisory' and datname = current_database();
        select 'left over: trigger ' || tgname from pg_trigger where not tgisinternal;
        select 'an index is not valid: ' || indexrelid::regclass from pg_index where not indisvalid;"
}
