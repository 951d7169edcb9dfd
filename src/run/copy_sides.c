/* SPDX-License-Identifier: MIT */
/* Keeps the leases of both databases, and notes what the target's summaries miss. */
#include "run/copy_sides.h"

#include "base/clock.h"
#include "base/stop.h"
#include "layers/state.h"

bool copy_keep_leases(struct copy_sides *sides, struct error *err)
{
    enum { RENEW_MS = COPY_LEASE_SECONDS * 1000 / 3 };

    if (!stop_check(err))
        return false;
    if (clock_ms() - sides->renewed_ms < RENEW_MS)
        return true;
    if (!destination_keep_lease(sides->from, err) || !destination_keep_lease(sides->to, err))
        return false;
    sides->renewed_ms = clock_ms();
    return true;
}

static bool mark(struct copy_sides *sides, struct error *err)
{
    return state_mark_due(sides->to, "cópia de outro banco", err);
}

bool copy_mark_summaries(struct copy_sides *sides, struct error *err)
{
    if (!sides->summaries.there)
        return true;
    if (sides->to->report)
        return mark(sides, err);
    if (sides->due)
        return true;
    if (!destination_begin_work(sides->to, err))
        return false;
    if (mark(sides, err) && destination_commit_work(sides->to, err))
        return sides->due = true;
    destination_rollback(sides->to);
    return false;
}
