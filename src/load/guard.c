/* SPDX-License-Identifier: MIT */
/* Refuses plans that would delete or change too many rows. */
#include "load/guard.h"

#include <inttypes.h>

bool guard_check_deletes(const struct plan *plan, const struct snapshot *snapshot,
                         const struct limits *limits, struct error *err)
{
    const uint64_t arriving = plan->counts.inserted + plan->counts.updated + plan->counts.unchanged;
    /* Legacy rows have no keys to compare: each inserted row counts as the replacement of one. */
    const uint64_t replaced = plan->counts.inserted < snapshot->legacy_rows ? plan->counts.inserted
                                                                            : snapshot->legacy_rows;
    const uint64_t deleted = plan->missing + snapshot->legacy_rows - replaced;
    const size_t held = snapshot->dated + snapshot->legacy_rows;

    if (deleted == 0)
        return true;
    if (arriving == 0)
        return error_set(err, ERROR_HELD,
                         "the export has no row, the table holds %zu: nothing was deleted", held);
    if ((int64_t)deleted > limits->min_deletes &&
        (double)deleted > limits->max_delete_ratio * (double)held)
        return error_set(err, ERROR_HELD,
                         "the export lacks %" PRIu64
                         " of the %zu rows that the table holds (more than "
                         "%.0f %%, max_delete_ratio): nothing was deleted",
                         deleted, held, limits->max_delete_ratio * 100);
    return true;
}

bool guard_check_updates(const struct batch *batch, const struct plan *plan,
                         const struct snapshot *snapshot, const struct limits *limits,
                         int32_t today, struct error *err)
{
    uint64_t held = 0, updated = 0;

    if ((int64_t)plan->counts.updated <= limits->min_updates)
        return true;
    for (size_t i = 0; i < snapshot->count; i++)
        held += !snapshot->rows[i].undated && snapshot->rows[i].date < today;
    for (size_t i = 0; i < plan->row_count; i++)
        updated += plan->actions[i] == ROW_UPDATE && !batch->rows[i].undated &&
                   batch->rows[i].date < today;
    if ((int64_t)updated <= limits->min_updates ||
        (double)updated <= limits->max_update_ratio * (double)held)
        return true;
    return error_set(err, ERROR_HELD,
                     "the export changes %" PRIu64 " of the %" PRIu64
                     " rows that the table holds on past days (more than %.0f %%, "
                     "max_update_ratio): nothing was changed",
                     updated, held, limits->max_update_ratio * 100);
}

bool guard_is_empty(const struct batch *batch, size_t column)
{
    if (!batch->tallies[column].present)
        return false;
    for (size_t i = 0; i < batch->row_count; i++)
        if (batch_cell(batch, i, column).len > 0)
            return false;
    return true;
}

bool guard_check_column(const char *column, uint64_t filled, const struct limits *limits,
                        struct error *err)
{
    if ((int64_t)filled <= limits->min_updates)
        return true;
    return error_set(err, ERROR_HELD,
                     "the export has nothing in column %s, the table holds %" PRIu64
                     " cells there: nothing was changed",
                     column, filled);
}
