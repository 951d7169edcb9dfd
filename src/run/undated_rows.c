/* SPDX-License-Identifier: MIT */
/* Removes undated rows that no export of a full cycle showed, and has a rehearsal count each once.
 */
#include "run/undated_rows.h"

#include "base/clock.h"
#include "load/doubt_notes.h"
#include "load/missing_keys.h"
#include "load/reconcile.h"
#include "model/key_set.h"
#include "run/retry.h"

static struct key_set undated_keys(const struct snapshot *snapshot)
{
    struct key_set keys = {0};

    for (size_t i = 0; i < snapshot->count; i++)
        if (snapshot->rows[i].undated)
            key_set_add(&keys, snapshot->rows[i].key);
    key_set_seal(&keys);
    return keys;
}

void undated_rows_hold(const struct snapshot *earlier, const struct batch *batch,
                       struct snapshot *held)
{
    struct key_set shown = undated_keys(earlier);
    struct key_set there = undated_keys(held);

    for (size_t i = 0; i < batch->row_count; i++) {
        const struct row *row = &batch->rows[i];
        if (row->undated && !row->superseded && key_set_has(&shown, row->key) &&
            !key_set_has(&there, row->key))
            snapshot_add(held, (struct stored_row){.key = row->key,
                                                   .fingerprint = row->fingerprint,
                                                   .undated = true});
    }
    key_set_done(&shown);
    key_set_done(&there);
}

struct removal {
    struct destination *dest;
    const struct run *run;
    const struct report *report;
    struct period period;
    const struct snapshot *shown;
    const struct open_lines *lines;
    const struct doubts *before;
    struct change_counts changes;
};

/* Decides which undated rows are removed. As for a window: where rows are kept for lines that could
 * not be read, reads their keys from the table and decides again. */
static bool plan_removal(const struct removal *removal, const struct snapshot *held,
                         struct plan *plan, struct error *err)
{
    struct row_keys keys = {0};

    reconcile_undated(held, removal->shown, removal->lines, removal->before, NULL, removal->run->id,
                      plan);
    if (plan->doubts.rows.count == 0)
        return true;
    const bool ok =
        missing_keys_read(removal->dest, removal->report, &plan->doubts.rows, &keys, err);
    if (ok) {
        plan_done(plan);
        reconcile_undated(held, removal->shown, removal->lines, removal->before, &keys,
                          removal->run->id, plan);
    }
    row_keys_done(&keys);
    return ok;
}

/* Removes them in one transaction, with an entry in the ledger. */
static bool try_to_remove(void *arg, struct error *err)
{
    struct removal *removal = arg;
    struct destination *dest = removal->dest;
    const struct report *report = removal->report;
    struct snapshot held = {0};
    struct plan plan = {0};
    struct batch nothing = {.columns = report->column_count};
    struct ledger_entry entry = {
        .run_id = removal->run->id,
        .report = report->name,
        .window = {.first = removal->period.first,
                   .last = removal->period.last,
                   .own_first = 0,
                   .own_last = -1, /* no day: the snapshot has undated rows only */
                   .complete = true,
                   .ends_cycle = true},
        .status = WINDOW_LOADED,
        .reason = "",
        .file = "",
        .sha256 = "",
        .started_at = clock_now(),
        .ended_at = clock_now(),
    };

    if (!destination_begin(dest, report, entry.window, err))
        return false;
    bool ok = destination_snapshot(dest, &held, err);
    if (ok) {
        ok = plan_removal(removal, &held, &plan, err);
        entry.changes = plan.counts;
        if (ok && (plan.removed_count || plan.doubts.rows.count))
            ok = destination_apply(dest, removal->run, &nothing, &plan, err) &&
                 doubt_notes_write(dest, removal->run, true, removal->before, &plan.doubts, err) &&
                 destination_commit(dest, &entry, err);
    }
    destination_rollback(dest);
    if (ok)
        removal->changes = plan.counts;
    snapshot_done(&held);
    plan_done(&plan);
    return ok;
}

bool undated_rows_remove(struct destination *dest, const struct run *run,
                         const struct report *report, struct period period,
                         const struct snapshot *shown, const struct open_lines *lines,
                         const struct doubts *before, struct change_counts *changes,
                         struct error *err)
{
    struct removal removal = {.dest = dest,
                              .run = run,
                              .report = report,
                              .period = period,
                              .shown = shown,
                              .lines = lines,
                              .before = before};

    if (!retry_until_done(&retry_database, try_to_remove, &removal, err))
        return false;
    *changes = removal.changes;
    return true;
}
