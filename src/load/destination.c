/* SPDX-License-Identifier: MIT */
/* Passes the calls of destination.h on to the kind of database, checks their order and handles the
 * lease. */
#include "load/destination.h"

#include "load/journal.h"
#include "load/lease_claim.h"
#include "load/rehash.h"

#include <assert.h>

/* Windows are committed seconds apart, so that a read that was lost is seldom lost again. */
enum { READ_TRIES = 4 };

bool destination_inspect(struct destination *dest, const struct report *report,
                         enum destination_state *out, struct error *err)
{
    assert(!dest->report);
    return dest->ops->inspect(dest, report, out, err);
}

bool destination_migrate(struct destination *dest, const struct report *report, struct error *err)
{
    assert(!dest->report);
    return dest->ops->migrate(dest, report, err);
}

bool destination_start_run(struct destination *dest, const struct run *run, struct error *err)
{
    return dest->ops->start_run(dest, run, err);
}

bool destination_end_run(struct destination *dest, const struct run *run, int exit_code,
                         time_t ended_at, struct error *err)
{
    assert(!dest->report);
    return dest->ops->end_run(dest, run, exit_code, ended_at, err);
}

bool destination_take_lease(struct destination *dest, const struct lease *lease, struct error *err)
{
    assert(!dest->report && !dest->token);
    if (!dest->ops->take_lease(dest, lease, &dest->token, err))
        return false;
    dest->lease = *lease;
    return true;
}

bool destination_keep_lease(struct destination *dest, struct error *err)
{
    if (!dest || !dest->token)
        return true;
    assert(!dest->report);
    return dest->ops->keep_lease(dest, err);
}

void destination_release_lease(struct destination *dest)
{
    struct error ignored; /* it expires by itself */

    if (dest->token)
        dest->ops->release_lease(dest, &ignored);
    dest->token = 0;
}

bool destination_add_column(struct destination *dest, const struct report *report, const char *name,
                            const struct run *run, bool *added, struct error *err)
{
    assert(!dest->report);
    return dest->ops->add_column(dest, report, name, run, added, err);
}

static bool query(struct destination *dest, const char *sql, const char *const *values,
                  size_t value_count, destination_row *row, void *arg, struct error *err)
{
    assert(!dest->hands_over);
    dest->hands_over = dest->reads;
    const bool ok = dest->ops->query(dest, sql, values, value_count, row, arg, err);
    dest->hands_over = false;
    dest->read_failed |= dest->reads && !ok;
    return ok;
}

bool destination_query(struct destination *dest, const char *sql, destination_row *row, void *arg,
                       struct error *err)
{
    return query(dest, sql, NULL, 0, row, arg, err);
}

bool destination_query_values(struct destination *dest, const char *sql, const char *const *values,
                              size_t value_count, destination_row *row, void *arg,
                              struct error *err)
{
    return query(dest, sql, values, value_count, row, arg, err);
}

bool destination_begin_read(struct destination *dest, int timeout_ms, struct error *err)
{
    assert(!dest->report && !dest->works && !dest->reads && timeout_ms > 0);
    if (!dest->ops->begin_read(dest, timeout_ms, err))
        return false;
    dest->reads = true;
    dest->read_failed = dest->read_lost = false;
    return true;
}

bool destination_read(struct destination *dest, int timeout_ms, destination_reading *reading,
                      void *arg, struct error *err)
{
    for (int i = 1;; i++) {
        if (!destination_begin_read(dest, timeout_ms, err))
            return false;
        const bool ok = reading(arg, dest, err);
        destination_end_read(dest);
        if (ok || !dest->read_lost || i == READ_TRIES)
            return ok;
    }
}

void destination_end_read(struct destination *dest)
{
    if (!dest->reads)
        return;
    dest->ops->rollback(dest);
    dest->reads = false;
}

bool destination_advise(struct destination *dest, destination_row *advice, void *arg,
                        struct error *err)
{
    assert(!dest->report);
    return !dest->ops->advise || dest->ops->advise(dest, advice, arg, err);
}

bool destination_repair(struct destination *dest, const struct report *report,
                        destination_row *told, void *arg, struct error *err)
{
    assert(!dest->report);
    return !dest->ops->repair || dest->ops->repair(dest, report, told, arg, err);
}

bool destination_compact(struct destination *dest, const struct report *report, bool few_too,
                         struct compaction *out, struct error *err)
{
    assert(!dest->report && !dest->works && !dest->reads);
    if (dest->token && !lease_is_for_all(&dest->lease))
        return error_set(err, ERROR_LOCKED, "this run may write %s only, and so removes nothing",
                         lease_name(&dest->lease));
    if (dest->ops->compact)
        return dest->ops->compact(dest, report, few_too, out, err);
    *out = (struct compaction){.outcome = COMPACTION_NOTHING};
    return true;
}

/* Renews the lease, if there is one, in the transaction that has just begun; rolls it back if
 * another run has taken the lease. */
static bool renew_lease(struct destination *dest, struct error *err)
{
    if (!dest->token || dest->ops->renew_lease(dest, err))
        return true;
    dest->ops->rollback(dest);
    return false;
}

bool destination_begin(struct destination *dest, const struct report *report, struct window window,
                       struct error *err)
{
    assert(!dest->report && !dest->works && !dest->reads);
    if (dest->token && !lease_covers(&dest->lease, report->name, window))
        return error_set(err, ERROR_LOCKED, "this run may write %s only, and not this window of %s",
                         lease_name(&dest->lease), report->name);
    if (!dest->ops->begin(dest, report, window, err))
        return false;
    if (!renew_lease(dest, err))
        return false;
    dest->report = report;
    dest->window = window;
    return true;
}

bool destination_read_rows(struct destination *dest, const struct report *report,
                           struct row_range range, destination_table_row *row, void *arg,
                           struct error *err)
{
    return dest->ops->read_rows(dest, report, range, row, arg, err);
}

bool destination_snapshot(struct destination *dest, struct snapshot *out, struct error *err)
{
    assert(dest->report);
    return dest->distrustful ? rehash_snapshot(dest, out, err)
                             : dest->ops->snapshot(dest, out, err);
}

bool destination_loaded_days(struct destination *dest, bool *days, struct error *err)
{
    assert(dest->report);
    return dest->ops->loaded_days(dest, days, err);
}

bool destination_apply(struct destination *dest, const struct run *run, const struct batch *batch,
                       const struct plan *plan, struct error *err)
{
    assert(dest->report && batch->columns == dest->report->column_count);
    assert(plan->row_count == batch->row_count);
    return dest->ops->apply(dest, run, batch, plan, err);
}

bool destination_reject(struct destination *dest, const struct run *run, const struct batch *batch,
                        struct error *err)
{
    assert(dest->report);
    return dest->ops->reject(dest, run, batch, err);
}

bool destination_execute(struct destination *dest, const char *purpose, const char *sql,
                         struct error *err)
{
    assert(dest->report || dest->works);
    return dest->ops->execute(dest, purpose, sql, err);
}

bool destination_touch(struct destination *dest, const struct touched_row *rows, size_t count,
                       struct error *err)
{
    assert(dest->report);
    return dest->ops->touch(dest, rows, count, err);
}

bool destination_begin_work(struct destination *dest, struct error *err)
{
    assert(!dest->report && !dest->works && !dest->reads);
    if (!dest->ops->begin_work(dest, err) || !renew_lease(dest, err))
        return false;
    dest->works = true;
    return true;
}

bool destination_commit_work(struct destination *dest, struct error *err)
{
    assert(dest->works);
    if (!dest->ops->commit_work(dest, err))
        return false;
    dest->works = false;
    return true;
}

bool destination_commit(struct destination *dest, const struct ledger_entry *entry,
                        struct error *err)
{
    assert(dest->report);
    if (!dest->ops->commit(dest, entry, err))
        return false;
    dest->report = NULL;
    return true;
}

void destination_rollback(struct destination *dest)
{
    if (!dest->report && !dest->works)
        return;
    dest->ops->rollback(dest);
    dest->report = NULL;
    dest->works = false;
}

bool destination_record(struct destination *dest, const struct ledger_entry *entry,
                        struct error *err)
{
    assert(!dest->report);
    return dest->ops->record(dest, entry, err);
}

bool destination_import(struct destination *dest, const struct journal_rows *gone,
                        const struct journal_rows *rows, struct error *err)
{
    assert(!dest->report && !dest->works && !dest->reads && dest->token);
    return (!gone->count && !rows->count) || dest->ops->import(dest, gone, rows, err);
}

void destination_close(struct destination *dest)
{
    if (dest)
        dest->ops->close(dest);
}
