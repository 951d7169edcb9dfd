/* SPDX-License-Identifier: MIT */
/* The PostgreSQL destination: opening and closing, windows, and the ops table. */
#include "load/postgres/destination.h"

#include "base/mem.h"
#include "load/journal_import.h"
#include "load/notes.h"
#include "load/postgres/advice.h"
#include "load/postgres/apply.h"
#include "load/postgres/cause.h"
#include "load/postgres/columns.h"
#include "load/postgres/connection.h"
#include "load/postgres/ledger.h"
#include "load/postgres/lease.h"
#include "load/postgres/query.h"
#include "load/postgres/schema.h"
#include "load/postgres/snapshot.h"
#include "load/postgres/sql.h"
#include "load/postgres/touched.h"
#include "load/postgres/transaction.h"

#include <stdlib.h>
#include <string.h>

static const struct postgres_timeouts default_timeouts = {
    .connect = 15 * 1000,
    .lock = 30 * 1000,
    /* over a second, the time in which autovacuum notices that it blocks and gives way */
    .reshape = 2 * 1000,
    .statement = 10 * 60 * 1000,
    .idle = 2 * 60 * 1000,
    .answer = 15 * 1000,
    .closing = 5 * 1000,
    .resolve = 60 * 1000,
};

static void postgres_close(struct destination *base)
{
    struct postgres_destination *dest = postgres_of(base);

    postgres_disconnect(dest); /* an open transaction is rolled back */
    explicit_bzero(dest->url, strlen(dest->url));
    free(dest->url);
    free(dest->name);
    free(dest);
}

static bool open_as(const struct destination_ops *ops, const char *url, enum destination_use use,
                    struct destination **out, struct error *err)
{
    struct postgres_destination *dest = mem_alloc(sizeof(*dest));

    dest->base.ops = ops;
    dest->url = mem_copy(url);
    dest->timeouts = default_timeouts;
    dest->heed_stop = true;
    dest->read_only = use == DESTINATION_READ;
    if (!postgres_connect(dest, err)) {
        postgres_close(&dest->base);
        return false;
    }
    *out = &dest->base;
    return true;
}

static bool postgres_open(const char *url, enum destination_use use, struct destination **out,
                          struct error *err)
{
    return open_as(&postgres_destination, url, use, out, err);
}

static bool postgresql_open(const char *url, enum destination_use use, struct destination **out,
                            struct error *err)
{
    return open_as(&postgresql_destination, url, use, out, err);
}

/* Gives the undated legacy rows a key at the end of a full cycle: see postgres/table.c. */
static bool key_undated(struct postgres_destination *dest, const struct report *report,
                        struct window window, struct error *err)
{
    MEM_FREE_TEXT char *sql = postgres_sql_key_undated(report);

    if (!dest->may_hold_legacy_rows || !window.ends_cycle)
        return true;
    if (postgres_run(dest, "take over the undated rows of another program", sql, err))
        return true;
    postgres_add_cause(dest, report, err);
    postgres_transaction_rollback(dest);
    return false;
}

static bool postgres_begin(struct destination *base, const struct report *report,
                           struct window window, struct error *err)
{
    struct postgres_destination *dest = postgres_of(base);
    MEM_FREE_TEXT char *adopted_sql = postgres_sql_is_adopted(report);
    RESULT_CLEAR PGresult *adopted = NULL;

    dest->heed_stop = true;
    if (!postgres_transaction_begin(dest, "begin a window", ONLY_WRITER, adopted_sql, &adopted,
                                    err))
        return false;
    dest->may_hold_legacy_rows = PQntuples(adopted) && *PQgetvalue(adopted, 0, 0) == 't';
    clock_format_zoned(clock_now(), dest->begun_at);
    return key_undated(dest, report, window, err);
}

static bool postgres_begin_work(struct destination *base, struct error *err)
{
    struct postgres_destination *dest = postgres_of(base);

    dest->heed_stop = true;
    return postgres_transaction_begin(dest, "begin a transaction", ONLY_WRITER, NULL, NULL, err);
}

static bool postgres_commit_work(struct destination *base, struct error *err)
{
    return postgres_transaction_commit(postgres_of(base), "commit", NULL, err);
}

static void postgres_rollback(struct destination *base)
{
    postgres_transaction_rollback(postgres_of(base));
    postgres_of(base)->read_timeout = 0;
}

#define POSTGRES_OPS(the_scheme, opener)                                                           \
    {                                                                                              \
        .scheme = (the_scheme), .dialect = DIALECT_POSTGRES, .notes = &notes_in_place,             \
        .open = (opener), .inspect = postgres_inspect, .migrate = postgres_migrate,                \
        .start_run = postgres_start_run, .end_run = postgres_end_run,                              \
        .take_lease = postgres_take_lease, .renew_lease = postgres_renew_lease,                    \
        .keep_lease = postgres_keep_lease, .release_lease = postgres_release_lease,                \
        .add_column = postgres_add_column, .query = postgres_read_values,                          \
        .advise = postgres_advise, .begin = postgres_begin, .snapshot = postgres_snapshot,         \
        .read_rows = postgres_read_rows, .loaded_days = postgres_loaded_days,                      \
        .apply = postgres_apply, .reject = postgres_reject, .execute = postgres_execute,           \
        .touch = postgres_touch, .begin_work = postgres_begin_work,                                \
        .commit_work = postgres_commit_work, .begin_read = postgres_begin_read,                    \
        .commit = postgres_commit, .rollback = postgres_rollback, .record = postgres_record,       \
        .import = journal_import_in_place, .close = postgres_close,                                \
    }

const struct destination_ops postgres_destination = POSTGRES_OPS("postgres", postgres_open);
const struct destination_ops postgresql_destination = POSTGRES_OPS("postgresql", postgresql_open);
