/* SPDX-License-Identifier: MIT */
/* Runs the numbered migrations of the PostgreSQL schema, and inspects a database without changing
 * it. */
#include "load/postgres/schema.h"

#include "base/mem.h"
#include "load/migration.h"
#include "load/postgres/cause.h"
#include "load/postgres/columns.h"
#include "load/postgres/table.h"
#include "load/postgres/transaction.h"

#include <inttypes.h>
#include <stdlib.h>

MIGRATION_EMBED(postgres_sql_001_ledger, "sql/postgres/001_ledger.sql");
MIGRATION_EMBED(postgres_sql_002_lease, "sql/postgres/002_lease.sql");
MIGRATION_EMBED(postgres_sql_003_columns, "sql/postgres/003_columns.sql");
MIGRATION_EMBED(postgres_sql_004_doubts, "sql/postgres/004_doubts.sql");

static const struct migration migrations[] = {
    {"ledger, change log and rejects", postgres_sql_001_ledger},
    {"lease", postgres_sql_002_lease},
    {"added columns", postgres_sql_003_columns},
    {"lines that could not be read", postgres_sql_004_doubts},
};
enum { SCHEMA_VERSION = sizeof(migrations) / sizeof(migrations[0]), LEASE_VERSION = 2 };

/* Reads the schema's version, 0 without a schema. The query scans pg_class, because to_regclass
 * alone may miss a table that another process has just made: a server process learns of it only
 * when it locks a table, and waiting for the advisory lock does not count. */
static bool read_version(struct postgres_destination *dest, int64_t *out, struct error *err)
{
    static const char purpose[] = "read the schema's version";
    RESULT_CLEAR PGresult *table = postgres_query(
        dest, purpose, "SELECT FROM pg_class WHERE oid = to_regclass('etl_migrations')", NULL, err);

    *out = 0;
    if (!table || PQntuples(table) == 0)
        return table != NULL;
    RESULT_CLEAR PGresult *version = postgres_query(
        dest, purpose, "SELECT coalesce(max(version), 0) FROM etl_migrations", NULL, err);
    if (version)
        *out = strtoll(PQgetvalue(version, 0, 0), NULL, 10);
    return version != NULL;
}

static bool note_migration(struct postgres_destination *dest, int number, const char *name,
                           struct error *err)
{
    struct parameters p = {0};

    parameter_int(&p, number);
    parameter_text(&p, name);
    parameter_instant(&p, clock_now());
    RESULT_CLEAR PGresult *res = postgres_query(
        dest, "note a migration",
        "INSERT INTO etl_migrations (version, name, applied_at) VALUES ($1, $2, $3)", &p, err);
    return res != NULL;
}

static bool check_version(struct postgres_destination *dest, int64_t *version, struct error *err)
{
    if (!read_version(dest, version, err))
        return false;
    if (*version > SCHEMA_VERSION)
        return postgres_report_error(dest, "read the schema's version", err,
                                     "its schema is version %" PRId64
                                     ", this program knows version %d: run a newer etl-sigos",
                                     *version, SCHEMA_VERSION);
    return true;
}

static bool migrate_schema(struct postgres_destination *dest, int last, struct error *err)
{
    int64_t version;

    if (!check_version(dest, &version, err))
        return false;
    for (int number = (int)version + 1; number <= last; number++) {
        const struct migration *migration = &migrations[number - 1];
        if (!postgres_run(dest, migration->name, migration->sql, err) ||
            !note_migration(dest, number, migration->name, err))
            return error_context(err, "migration %d", number);
    }
    return true;
}

static bool check_ready(struct postgres_destination *dest, const struct report *report, bool *out,
                        struct error *err)
{
    int64_t version;
    bool table = false, columns = true;

    if (!check_version(dest, &version, err))
        return false;
    if (!report) {
        *out = version >= LEASE_VERSION;
        return true;
    }
    if (!postgres_table_is_ready(dest, report, &table, err) ||
        (version == SCHEMA_VERSION && !postgres_columns_are_there(dest, report, &columns, err)))
        return false;
    *out = version == SCHEMA_VERSION && table && columns;
    return true;
}

static bool is_ready(struct postgres_destination *dest, const struct report *report, bool *out,
                     struct error *err)
{
    if (!postgres_transaction_begin(dest, "look at the schema", ANY_WRITER, NULL, NULL, err))
        return false;
    bool ok = check_ready(dest, report, out, err);
    postgres_transaction_rollback(dest);
    return ok;
}

/* Refuses a database in which a load would have to change tables first: inspect changes nothing. */
static bool refuse_older(struct postgres_destination *dest, const char *what, struct error *err)
{
    return postgres_report_error(dest, "look at the schema", err,
                                 "%s: `etl-sigos check` brings its tables up to date", what);
}

static bool inspect_table(struct postgres_destination *dest, const struct report *report,
                          int64_t version, enum destination_state *out, struct error *err)
{
    bool columns = true;

    if (!postgres_find_table(dest, report, out, err))
        return false;
    if (*out != DESTINATION_READY)
        return true;
    if (version == 0)
        return refuse_older(dest, "it has a table of etl-sigos, but no ledger", err);
    if (!postgres_columns_are_there(dest, report, &columns, err))
        return false;
    return columns || refuse_older(dest, "a column that etl-sigos had added was dropped", err);
}

static bool inspect_all(struct postgres_destination *dest, const struct report *report,
                        enum destination_state *out, struct error *err)
{
    int64_t version;

    if (!check_version(dest, &version, err))
        return false;
    if (version != 0 && version != SCHEMA_VERSION)
        return refuse_older(dest, "its schema is that of an older etl-sigos", err);
    *out = version == 0 ? DESTINATION_EMPTY : DESTINATION_READY;
    return !report || inspect_table(dest, report, version, out, err);
}

bool postgres_inspect(struct destination *base, const struct report *report,
                      enum destination_state *out, struct error *err)
{
    struct postgres_destination *dest = postgres_of(base);
    enum destination_state state = DESTINATION_EMPTY;

    dest->heed_stop = true;
    if (!postgres_transaction_begin(dest, "look at the schema", ANY_WRITER, NULL, NULL, err))
        return false;
    bool ok = inspect_all(dest, report, &state, err);
    postgres_transaction_rollback(dest);
    if (ok)
        *out = state;
    return ok;
}

/* Checks first without the lock of the only writer: a run that finds everything ready must not wait
 * for the window of another run, because the lease refuses it anyway. The work is done as the only
 * writer, after another check: two processes may migrate at once. */
bool postgres_migrate(struct destination *base, const struct report *report, struct error *err)
{
    struct postgres_destination *dest = postgres_of(base);
    bool ready;

    dest->heed_stop = true;
    if (!is_ready(dest, report, &ready, err))
        return false;
    if (ready)
        return true;
    if (!postgres_transaction_begin(dest, "begin to migrate", ONLY_WRITER, NULL, NULL, err))
        return false;
    bool ok = postgres_shorten_lock_wait(dest, err) &&
              migrate_schema(dest, report ? SCHEMA_VERSION : LEASE_VERSION, err) &&
              (!report || (postgres_migrate_table(dest, report, err) &&
                           postgres_forget_columns(dest, report, err))) &&
              postgres_transaction_commit(dest, "end the migration", NULL, err);
    if (!ok && report)
        postgres_add_cause(dest, report, err);
    postgres_transaction_rollback(dest);
    return ok;
}
