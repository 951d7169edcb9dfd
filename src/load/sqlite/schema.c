/* SPDX-License-Identifier: MIT */
/* Runs the numbered migrations of the SQLite schema, makes reports' tables, and inspects a file
 * without changing it. */
#include "load/sqlite/schema.h"

#include "base/buf.h"
#include "base/mem.h"
#include "load/migration.h"
#include "load/sqlite/columns.h"
#include "load/sqlite/index.h"
#include "load/sqlite/sql.h"

MIGRATION_EMBED(sqlite_sql_001_ledger, "sql/sqlite/001_ledger.sql");
MIGRATION_EMBED(sqlite_sql_002_lease, "sql/sqlite/002_lease.sql");
MIGRATION_EMBED(sqlite_sql_003_columns, "sql/sqlite/003_columns.sql");
MIGRATION_EMBED(sqlite_sql_004_doubts, "sql/sqlite/004_doubts.sql");

static const struct migration migrations[] = {
    {"ledger, change log and rejects", sqlite_sql_001_ledger},
    {"lease", sqlite_sql_002_lease},
    {"added columns", sqlite_sql_003_columns},
    {"lines that could not be read", sqlite_sql_004_doubts},
};
enum { SCHEMA_VERSION = sizeof(migrations) / sizeof(migrations[0]), LEASE_VERSION = 2 };

/* "ETLS": the application id in the file's header, by which `file` and this program recognise the
 * database. */
enum { APPLICATION_ID = 0x45544C53 };

static bool read_number(struct sqlite_destination *dest, const char *purpose, const char *sql,
                        int64_t *out, struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};
    bool row;

    if (!statement_open(&st, dest, purpose, sql, err) || !statement_next(&st, &row, err))
        return false;
    *out = row ? sqlite3_column_int64(st.stmt, 0) : 0;
    return true;
}

static bool read_identity(struct sqlite_destination *dest, int64_t *application, int64_t *version,
                          struct error *err)
{
    return read_number(dest, "read the file", "PRAGMA application_id", application, err) &&
           read_number(dest, "read the file", "PRAGMA user_version", version, err);
}

/* A database without application id and version is new, or belongs to a person whose tables
 * etl-sigos may join. */
bool sqlite_check_schema(struct sqlite_destination *dest, struct error *err)
{
    int64_t application, version;

    if (!read_identity(dest, &application, &version, err))
        return false;
    if (application != APPLICATION_ID && (application || version))
        return error_set(err, ERROR_DATABASE,
                         "sqlite %s: it belongs to another program (application_id %lld, "
                         "user_version %lld) and was left as it is: choose another name",
                         dest->path, (long long)application, (long long)version);
    if (version > SCHEMA_VERSION)
        return error_set(err, ERROR_DATABASE,
                         "sqlite %s: its schema is version %lld, this program knows version %d: "
                         "run a newer etl-sigos",
                         dest->path, (long long)version, SCHEMA_VERSION);
    return true;
}

static bool note_migration(struct sqlite_destination *dest, int number, const char *name,
                           struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};
    char sql[96];

    if (!statement_open(&st, dest, "note a migration",
                        "INSERT INTO etl_migrations (version, name, applied_at) VALUES (?, ?, ?)",
                        err))
        return false;
    statement_int(&st, number);
    statement_text(&st, name);
    statement_instant(&st, clock_now());
    if (!statement_run(&st, err))
        return false;
    sqlite3_snprintf(sizeof(sql), sql, "PRAGMA application_id = %d; PRAGMA user_version = %d",
                     APPLICATION_ID, number);
    return sqlite_run(dest, "number the schema", sql, err);
}

static bool migrate_schema(struct sqlite_destination *dest, int last, struct error *err)
{
    int64_t application, version;

    if (!read_identity(dest, &application, &version, err))
        return false;
    for (int number = (int)version + 1; number <= last; number++) {
        const struct migration *migration = &migrations[number - 1];
        if (!sqlite_run(dest, migration->name, migration->sql, err) ||
            !note_migration(dest, number, migration->name, err))
            return error_context(err, "migration %d", number);
    }
    return true;
}

static const char *needed_column(const struct report *report, size_t i)
{
    if (i < report->column_count)
        return report->columns[i].name;
    return i == report->column_count ? COLUMN_ROW_KEY : COLUMN_ROW_HASH;
}

static bool has_column(struct statement *st, const char *table, const char *column, bool *out,
                       struct error *err)
{
    statement_text(st, table);
    statement_text(st, column);
    if (!statement_next(st, out, err))
        return false;
    statement_reset(st);
    return true;
}

/* Refuses a view, which has columns but no rows of its own, and a virtual table, which has no
 * indexes. */
static bool check_kind(struct sqlite_destination *dest, const struct report *report,
                       struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};
    bool other;

    if (!statement_open(&st, dest, "look at a report's table",
                        "SELECT type FROM pragma_table_list WHERE schema = 'main'"
                        " AND name = ? COLLATE NOCASE AND type <> 'table'",
                        err))
        return false;
    statement_text(&st, report->name);
    if (!statement_next(&st, &other, err))
        return false;
    if (!other)
        return true;
    const struct cell kind = statement_read_cell(&st, 0);
    return error_set(
        err, ERROR_DATABASE,
        "sqlite %s: %s is a %s%s, not a table of its own; it was left as it is: rename it, or "
        "choose another file",
        dest->path, report->name, kind.text, strcmp(kind.text, "view") == 0 ? "" : " table");
}

/* Sets *exists: whether there is a table of that name; adds to `missing` the needed columns that it
 * lacks. */
static bool examine_table(struct sqlite_destination *dest, const struct report *report,
                          bool *exists, struct buf *missing, struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};
    bool found;

    if (!check_kind(dest, report, err) ||
        !statement_open(&st, dest, "look at a report's table",
                        "SELECT 1 FROM pragma_table_info(?1)"
                        " WHERE ?2 IS NULL OR name = ?2 COLLATE NOCASE",
                        err) ||
        !has_column(&st, report->name, NULL, exists, err))
        return false;
    for (size_t i = 0; *exists && i < report->column_count + 2; i++) {
        const char *name = needed_column(report, i);
        if (!has_column(&st, report->name, name, &found, err))
            return false;
        if (!found)
            buf_addf(missing, "%s\"%s\"", missing->len ? ", " : "", name);
    }
    return true;
}

static bool refuse_missing(struct sqlite_destination *dest, const struct report *report,
                           const struct buf *missing, struct error *err)
{
    return error_set(err, ERROR_DATABASE,
                     "sqlite %s: table %s is there but lacks %s%s; it was left as it is: rename "
                     "it, or choose another file",
                     dest->path, report->name, buf_text(missing), missing->full ? ", …" : "");
}

static bool create_table(struct sqlite_destination *dest, const struct report *report,
                         struct error *err)
{
    MEM_FREE_TEXT char *sql = sqlite_sql_create_table(report);

    return sqlite_run(dest, "make a report's table", sql, err);
}

static bool migrate_table(struct sqlite_destination *dest, const struct report *report,
                          struct error *err)
{
    BUF_DONE struct buf missing = BUF_INIT(512); /* a longer list is cut in the message */
    bool exists;

    if (!examine_table(dest, report, &exists, &missing, err))
        return false;
    if (missing.len)
        return refuse_missing(dest, report, &missing, err);
    if ((exists || create_table(dest, report, err)) && sqlite_make_indexes(dest, report, err) &&
        sqlite_forget_columns(dest, report, err))
        return true;
    return error_context(err, "%s", report->name);
}

/* Refuses a file in which a load would have to change tables first: inspect changes nothing. */
static bool refuse_older(struct sqlite_destination *dest, const char *what, struct error *err)
{
    return error_set(err, ERROR_DATABASE,
                     "sqlite %s: %s: `etl-sigos check` brings its tables up to date", dest->path,
                     what);
}

static bool inspect_table(struct sqlite_destination *dest, const struct report *report,
                          int64_t version, enum destination_state *out, struct error *err)
{
    BUF_DONE struct buf missing = BUF_INIT(512);
    bool exists, columns;

    if (!examine_table(dest, report, &exists, &missing, err))
        return false;
    if (missing.len)
        return refuse_missing(dest, report, &missing, err);
    *out = exists ? DESTINATION_READY : DESTINATION_EMPTY;
    if (!exists)
        return true;
    if (version == 0)
        return refuse_older(dest, "it has a table of etl-sigos, but no ledger", err);
    if (!sqlite_columns_are_there(dest, report, &columns, err))
        return false;
    return columns || refuse_older(dest, "a column that etl-sigos had added was dropped", err);
}

bool sqlite_inspect(struct destination *base, const struct report *report,
                    enum destination_state *out, struct error *err)
{
    struct sqlite_destination *dest = sqlite_of(base);
    enum destination_state state;
    int64_t application, version;

    if (!sqlite_check_schema(dest, err) || !read_identity(dest, &application, &version, err))
        return false;
    if (version != 0 && version != SCHEMA_VERSION)
        return refuse_older(dest, "its schema is that of an older etl-sigos", err);
    state = version == 0 ? DESTINATION_EMPTY : DESTINATION_READY;
    if (report && !inspect_table(dest, report, version, &state, err))
        return false;
    *out = state;
    return true;
}

/* With a write-ahead log readers see the old window while the new one is written. It is set last,
 * because it writes the file, and a file that is refused must stay as it was. */
static bool use_wal(struct sqlite_destination *dest, struct error *err)
{
    return sqlite_run(dest, "use a write-ahead log", "PRAGMA journal_mode = WAL", err);
}

/* Checks the schema again under the write lock: another process may have migrated meanwhile. */
static bool migrate_all(struct sqlite_destination *dest, const struct report *report,
                        struct error *err)
{
    return sqlite_check_schema(dest, err) &&
           migrate_schema(dest, report ? SCHEMA_VERSION : LEASE_VERSION, err) &&
           (!report || migrate_table(dest, report, err)) &&
           sqlite_run(dest, "end the migration", "COMMIT", err);
}

static bool has_lease(struct sqlite_destination *dest, bool *out, struct error *err)
{
    int64_t application, version;

    if (!sqlite_check_schema(dest, err) || !read_identity(dest, &application, &version, err))
        return false;
    *out = version >= LEASE_VERSION;
    return true;
}

bool sqlite_migrate(struct destination *base, const struct report *report, struct error *err)
{
    struct sqlite_destination *dest = sqlite_of(base);
    bool done = false;

    if (!report && !has_lease(dest, &done, err))
        return false;
    if (done)
        return true;
    if (!sqlite_transaction_begin(dest, "begin to migrate", err))
        return false;
    if (!migrate_all(dest, report, err)) {
        sqlite_transaction_rollback(dest);
        return false;
    }
    return !report || use_wal(dest, err);
}
