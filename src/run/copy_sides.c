/* SPDX-License-Identifier: MIT */
/* Keeps the leases of both databases. */
#include "run/copy_sides.h"

#include "base/clock.h"
#include "base/stop.h"

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
