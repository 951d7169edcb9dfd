/* SPDX-License-Identifier: MIT */
/* The guard against exports that shrink. */
#include "load/guard.h"

#include <inttypes.h>

#define HOW_TO_ACCEPT "if the portal is right, run again with --accept-shrink"

bool guard_check(const struct plan *plan, const struct snapshot *snapshot,
                 const struct limits *limits, struct error *err)
{
    const uint64_t arriving = plan->counts.inserted + plan->counts.updated + plan->counts.unchanged;
    /* Strangers cannot be compared one by one: each row that is inserted takes the place of one. */
    const uint64_t replaced =
        plan->counts.inserted < snapshot->strangers ? plan->counts.inserted : snapshot->strangers;
    const uint64_t deleted = plan->missing + snapshot->strangers - replaced;
    const size_t held = snapshot->dated + snapshot->strangers;

    if (deleted == 0)
        return true;
    if (arriving == 0)
        return error_set(
            err, ERROR_HELD,
            "the export has no row, the table holds %zu: nothing was deleted; " HOW_TO_ACCEPT,
            held);
    if ((int64_t)deleted > limits->min_deletes &&
        (double)deleted > limits->max_delete_ratio * (double)held)
        return error_set(err, ERROR_HELD,
                         "the export lacks %" PRIu64
                         " of the %zu rows that the table holds (more than "
                         "%.0f %%): nothing was deleted; " HOW_TO_ACCEPT,
                         deleted, held, limits->max_delete_ratio * 100);
    return true;
}
