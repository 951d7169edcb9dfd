# What the kill harness needs of a database, for SQLite. Sourced by `run`; the database is ./sigos.db.

# shellcheck disable=SC2034 # read by `run`
call_slack=0 # two runs make the same calls

db_start() { :; }
db_stop() { :; }

# A database of its own for the folder that we are in, empty.
db_new() {
    rm -f sigos.db sigos.db-wal sigos.db-shm
}

# keep and restore: a database that no program has open, as a whole.
db_keep() {
    cp sigos.db "$1.kept"
}

db_restore() {
    db_new
    [ ! -e "$1.kept" ] || cp "$1.kept" sigos.db
}

# Waits until what a killed program left at work has ended.
db_settle() { :; }

# Runs a command on a copy: a reader would repair what a killed program left, and the program is to do that itself.
db_aside() {
    rm -rf aside
    mkdir aside
    cp sigos.db* aside/ 2>/dev/null
    (cd aside && "$@")
}

bytes() { # a column of bytes, as text
    echo "hex($1)"
}

db_has() { # whether there is a table of that name
    [ -s sigos.db ] && [ "$(sql "select count(*) from sqlite_master where name = '$1'")" = 1 ]
}

# Queries whose answers say what is wrong with the file, and what does not belong there.
db_questions() {
    # shellcheck disable=SC2154 # `run` sets known_tables
    echo "select 'integrity: ' || integrity_check from pragma_integrity_check where integrity_check <> 'ok';
        select 'a foreign key of ' || \"table\" || ' points nowhere' from pragma_foreign_key_check;
        select 'left over: ' || type || ' ' || name from sqlite_master where type in ('table', 'trigger') and name not in ($known_tables);"
}
