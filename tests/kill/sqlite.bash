# The database functions of the kill harness, for SQLite. Sourced by `run`; the database is ./sigos.db.

# shellcheck disable=SC2034 # read by `run`
call_slack=0 # two runs make the same calls

db_start() { :; }
db_stop() { :; }

# Makes an empty database in the current folder.
db_new() {
    rm -f sigos.db sigos.db-wal sigos.db-shm
}

# keep and restore: copy a whole database that no program has open.
db_keep() {
    cp sigos.db "$1.kept"
}

db_restore() {
    db_new
    [ ! -e "$1.kept" ] || cp "$1.kept" sigos.db
}

# Waits until all work of a killed program has ended.
db_settle() { :; }

# Runs a command on a copy, because a reader would repair the database of a killed program, which the program itself
# must do.
db_aside() {
    rm -rf aside
    mkdir aside
    cp sigos.db* aside/ 2>/dev/null
    (cd aside && "$@")
}

bytes() { # prints a column of bytes as text
    echo "hex($1)"
}

db_has() { # whether the table exists
    [ -s sigos.db ] && [ "$(sql "select count(*) from sqlite_master where name = '$1'")" = 1 ]
}

# Queries that return faults of the file and objects that do not belong in it.
db_questions() {
    # shellcheck disable=SC2154 # `run` sets known_tables
    echo "select 'integrity: ' || integrity_check from pragma_integrity_check where integrity_check <> 'ok';
        select 'a foreign key of ' || \"table\" || ' points nowhere' from pragma_foreign_key_check;
        select 'left over: ' || type || ' ' || name from sqlite_master where type in ('table', 'trigger') and name not in ($known_tables);"
}
