/* SPDX-License-Identifier: MIT */
/* The ClickHouse destination: opening and closing, migration, and the ops table. */
#include "load/clickhouse/destination.h"

#include "base/mem.h"
#include "load/clickhouse/add_column.h"
#include "load/clickhouse/apply.h"
#include "load/clickhouse/columns.h"
#include "load/clickhouse/commit.h"
#include "load/clickhouse/compact.h"
#include "load/clickhouse/connect.h"
#include "load/clickhouse/import.h"
#include "load/clickhouse/lease.h"
#include "load/clickhouse/ledger.h"
#include "load/clickhouse/notes.h"
#include "load/clickhouse/read.h"
#include "load/clickhouse/repair.h"
#include "load/clickhouse/schema.h"
#include "load/clickhouse/table.h"
#include "load/clickhouse/window.h"

#include <stdlib.h>
#include <string.h>

/* --- opening and closing --------------------------------------------------------------------- */

static void close_destination(struct destination *base)
{
    struct clickhouse_destination *dest = clickhouse_of(base);

    clickhouse_rollback(base);
    clickhouse_disconnect(dest);
    free(dest->warning);
    free(dest);
}

static bool is_this_machine(const struct clickhouse_address *address)
{
    static const char *const origins[] = {"http://127.", "http://localhost", "http://[::1]"};

    for (size_t i = 0; i < sizeof(origins) / sizeof(*origins); i++)
        if (strncmp(address->origin, origins[i], strlen(origins[i])) == 0)
            return true;
    return false;
}

static void find_weakness(struct clickhouse_destination *dest)
{
    const struct clickhouse *ch = &dest->ch;

    if (!ch->address.tls && !is_this_machine(&ch->address))
        dest->warning =
            mem_copy("the connection to ClickHouse is not encrypted, so others may read"
                     " its password and rows: use clickhouses:// and the port of HTTPS");
    else if (!clickhouse_is_modern(ch))
        dest->warning =
            mem_format("the server is ClickHouse %d.%d; from 24.3 on queries are faster,"
                       " and dates go from 1900 to 2299",
                       ch->year, ch->month);
    dest->base.warning = dest->warning;
}

static bool set_up(struct clickhouse_destination *dest, enum destination_use use, struct error *err)
{
    int64_t version;

    if (!clickhouse_connect(dest, err) || !clickhouse_schema_version(dest, &version, err))
        return false;
    dest->ch.reads_only = use == DESTINATION_READ;
    dest->rehearses = use == DESTINATION_REHEARSE;
    find_weakness(dest);
    return true;
}

static bool open_as(const struct destination_ops *ops, const char *url, enum destination_use use,
                    struct destination **out, struct error *err)
{
    struct clickhouse_address address;

    if (!clickhouse_address_read(url, &address, err))
        return false;
    struct clickhouse_destination *dest = mem_alloc(sizeof(*dest));
    *dest = (struct clickhouse_destination){.base.ops = ops};
    clickhouse_init(&dest->ch, &address);
    if (!set_up(dest, use, err)) {
        close_destination(&dest->base);
        return false;
    }
    *out = &dest->base;
    return true;
}

static bool open_plain(const char *url, enum destination_use use, struct destination **out,
                       struct error *err)
{
    return open_as(&clickhouse_destination, url, use, out, err);
}

static bool open_encrypted(const char *url, enum destination_use use, struct destination **out,
                           struct error *err)
{
    return open_as(&clickhouses_destination, url, use, out, err);
}

/* --- the schema ------------------------------------------------------------------------------ */

/* Refuses tables that a load would have to change first: inspect changes nothing. */
static bool inspect_table(struct clickhouse_destination *dest, const struct report *report,
                          bool has_ledger, enum destination_state *out, struct error *err)
{
    static const char purpose[] = "look at a report's table";
    enum destination_state state;
    bool there = true;

    if (!clickhouse_find_table(dest, report, &state, err))
        return false;
    if (state == DESTINATION_READY && !has_ledger)
        return clickhouse_report_error(&dest->ch, purpose, err,
                                       "it has a table of etl-sigos, but no ledger: `etl-sigos"
                                       " check` brings its tables up to date");
    if (state == DESTINATION_READY && !clickhouse_columns_are_there(dest, report, &there, err))
        return false;
    if (!there)
        return clickhouse_report_error(&dest->ch, purpose, err,
                                       "a column that etl-sigos had added was dropped: `etl-sigos"
                                       " check` brings its tables up to date");
    *out = state;
    return true;
}

static bool inspect(struct destination *base, const struct report *report,
                    enum destination_state *out, struct error *err)
{
    struct clickhouse_destination *dest = clickhouse_of(base);
    enum destination_state state;
    int64_t version;

    dest->ch.heed_stop = true;
    if (!clickhouse_schema_version(dest, &version, err))
        return false;
    state = version ? DESTINATION_READY : DESTINATION_EMPTY;
    if (report && !inspect_table(dest, report, version != 0, &state, err))
        return false;
    *out = state;
    return true;
}

static bool migrate(struct destination *base, const struct report *report, struct error *err)
{
    struct clickhouse_destination *dest = clickhouse_of(base);

    dest->ch.heed_stop = true;
    return clickhouse_schema_migrate(dest, err) &&
           (!report || clickhouse_make_table(dest, report, err));
}

/* --- work ------------------------------------------------------------------------------------ */

/* Each statement of it takes effect at once: nothing in ClickHouse takes a DDL statement back. */
static bool begin_work(struct destination *base, struct error *err)
{
    (void)err;
    clickhouse_of(base)->ch.heed_stop = true;
    return true;
}

static bool commit_work(struct destination *base, struct error *err)
{
    (void)base;
    (void)err;
    return true;
}

static bool execute(struct destination *base, const char *purpose, const char *sql,
                    struct error *err)
{
    return clickhouse_run_all(&clickhouse_of(base)->ch, purpose, sql, err);
}

/* No table is kept beside a report's: what follows its changes is a view here. */
static bool touch(struct destination *base, const struct touched_row *rows, size_t count,
                  struct error *err)
{
    (void)rows;
    (void)count;
    return clickhouse_report_error(&clickhouse_of(base)->ch, "note what a window changes", err,
                                   "there are no temporary tables");
}

static void rollback(struct destination *base)
{
    clickhouse_end_read(clickhouse_of(base));
    clickhouse_rollback(base);
}

#define CLICKHOUSE_OPS(the_scheme, opener)                                                         \
    {                                                                                              \
        .scheme = (the_scheme), .dialect = DIALECT_CLICKHOUSE, .notes = &clickhouse_notes,         \
        .open = (opener), .inspect = inspect, .migrate = migrate,                                  \
        .start_run = clickhouse_start_run, .end_run = clickhouse_end_run,                          \
        .take_lease = clickhouse_take_lease, .renew_lease = clickhouse_renew_lease,                \
        .keep_lease = clickhouse_renew_lease, .release_lease = clickhouse_release_lease,           \
        .add_column = clickhouse_add_column, .query = clickhouse_read_values,                      \
        .repair = clickhouse_repair, .compact = clickhouse_compact, .begin = clickhouse_begin,     \
        .snapshot = clickhouse_snapshot, .read_rows = clickhouse_read_rows,                        \
        .loaded_days = clickhouse_loaded_days, .apply = clickhouse_apply,                          \
        .reject = clickhouse_reject, .touch = touch, .import = clickhouse_import,                  \
        .execute = execute, .begin_work = begin_work, .commit_work = commit_work,                  \
        .begin_read = clickhouse_begin_read, .commit = clickhouse_commit, .rollback = rollback,    \
        .record = clickhouse_record, .close = close_destination,                                   \
    }

const struct destination_ops clickhouse_destination = CLICKHOUSE_OPS("clickhouse", open_plain);
const struct destination_ops clickhouses_destination =
    CLICKHOUSE_OPS("clickhouses", open_encrypted);
