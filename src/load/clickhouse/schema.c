/* SPDX-License-Identifier: MIT */
/* Makes the schema, statement by statement: ClickHouse takes one a request. */
#include "load/clickhouse/schema.h"

#include "base/clock.h"
#include "base/mem.h"
#include "load/clickhouse/sql.h"
#include "load/migration.h"

#include <inttypes.h>
#include <string.h>

MIGRATION_EMBED(clickhouse_sql_tables, "sql/clickhouse/tables.sql");
MIGRATION_EMBED(clickhouse_sql_merges, "sql/clickhouse/merges.sql");
MIGRATION_EMBED(clickhouse_sql_views, "sql/clickhouse/views.sql");

enum { SCHEMA_VERSION = 3, SQL_MAX = 256 * 1024 };

static const char purpose[] = "make the schema";

void clickhouse_expand(struct buf *out, const char *sql, bool merges, const char *committed)
{
    const struct {
        const char *name, *text;
    } parts[] = {
        {"{date}", merges ? "Date32" : "Date"},
        {"{to_date}", merges ? "toDate32" : "toDate"},
        {"{all}", merges ? "_all" : "_log"},
        {"{committed}", committed},
    };
    enum { COUNT = sizeof(parts) / sizeof(*parts) };

    while (*sql) {
        size_t i = 0;
        while (i < COUNT && strncmp(sql, parts[i].name, strlen(parts[i].name)) != 0)
            i++;
        if (i == COUNT) {
            buf_add_char(out, *sql++);
            continue;
        }
        buf_add_text(out, parts[i].text);
        sql += strlen(parts[i].name);
    }
}

void clickhouse_add_own_changes(struct buf *out, bool merges, uint64_t tx)
{
    static const char create[] = "CREATE VIEW IF NOT EXISTS " CLICKHOUSE_CHANGE_COLUMNS " AS";
    const char *select = strstr(clickhouse_sql_views, create) + sizeof(create) - 1;
    MEM_FREE_TEXT char *sql = mem_copy_n(select, (size_t)(strstr(select, ";\n") - select));
    MEM_FREE_TEXT char *own = mem_format("(%" PRIu64 ")", tx);

    buf_add_char(out, '(');
    clickhouse_expand(out, sql, merges, own);
    buf_add_char(out, ')');
}

static bool run_all(struct clickhouse_destination *dest, const char *sql, struct error *err)
{
    BUF_DONE struct buf text = BUF_INIT(SQL_MAX);

    clickhouse_expand(&text, sql, clickhouse_is_modern(&dest->ch), CLICKHOUSE_COMMITTED);
    return clickhouse_run_all(&dest->ch, purpose, buf_text(&text), err);
}

bool clickhouse_schema_version(struct clickhouse_destination *dest, int64_t *out, struct error *err)
{
    static const char what[] = "read the schema's version";
    uint64_t there, version = 0;

    if (!clickhouse_number(&dest->ch, what,
                           "SELECT count() FROM system.tables WHERE database = currentDatabase()"
                           " AND name = 'etl_migrations'",
                           &there, err) ||
        (there && !clickhouse_number(&dest->ch, what, "SELECT max(version) FROM etl_migrations",
                                     &version, err)))
        return false;
    if (version > SCHEMA_VERSION)
        return clickhouse_report_error(&dest->ch, what, err,
                                       "its schema is version %" PRIu64
                                       ", this program knows version %d: run a newer etl-sigos",
                                       version, SCHEMA_VERSION);
    *out = (int64_t)version;
    return true;
}

/* Leases of some days came with version 2, and entries of the ledger that are no windows. An old
 * server cannot be asked to add a column only where there is none. */
static bool bring_from_version_1(struct clickhouse_destination *dest, struct error *err)
{
    uint64_t there;

    return clickhouse_number(&dest->ch, purpose,
                             "SELECT count() FROM system.columns WHERE database ="
                             " currentDatabase() AND table = 'etl_lease_log' AND name = 'name'",
                             &there, err) &&
           (there || clickhouse_run(&dest->ch, purpose,
                                    "ALTER TABLE etl_lease_log ADD COLUMN name String"
                                    " DEFAULT 'writer'",
                                    err)) &&
           clickhouse_run(&dest->ch, purpose, "DROP TABLE IF EXISTS etl_lease", err) &&
           clickhouse_run(&dest->ch, purpose, "DROP TABLE IF EXISTS etl_windows", err);
}

/* Each version adds what was not there, so all statements are run again. The version's row comes
 * last, so a schema that was made in part is made again. */
bool clickhouse_schema_migrate(struct clickhouse_destination *dest, struct error *err)
{
    BUF_DONE struct buf row = BUF_INIT(1024);
    char now[CLOCK_STAMP_SIZE];
    int64_t version = 0;

    if (!clickhouse_schema_version(dest, &version, err))
        return false;
    if (version == SCHEMA_VERSION)
        return true;
    buf_addf(&row, "%d\tledger, change log, leases, compactions\t%s\n", SCHEMA_VERSION,
             clock_format_zoned(clock_now(), now));
    return (version != 1 || bring_from_version_1(dest, err)) &&
           run_all(dest, clickhouse_sql_tables, err) &&
           (!clickhouse_is_modern(&dest->ch) || run_all(dest, clickhouse_sql_merges, err)) &&
           run_all(dest, clickhouse_sql_views, err) &&
           clickhouse_insert(&dest->ch, purpose, "INSERT INTO etl_migrations FORMAT TabSeparated",
                             &row, err);
}
