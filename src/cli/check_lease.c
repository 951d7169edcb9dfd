/* SPDX-License-Identifier: MIT */
/* Takes the lease for `etl-sigos check`. */
#include "cli/check_lease.h"

#include <stdio.h>
#include <unistd.h>

enum { LEASE_SECONDS = 300 };

bool check_lease_take(struct check_lease *names, struct destination *dest, struct error *err)
{
    const struct lease lease = {.run_id = names->id,
                                .holder = names->holder,
                                .seconds = LEASE_SECONDS,
                                .is_dead = lease_holder_is_dead};

    snprintf(names->id, sizeof(names->id), "check-%ld", (long)getpid());
    lease_holder_name(names->holder);
    return destination_take_lease(dest, &lease, err);
}
