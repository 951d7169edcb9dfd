/*
 * The lease of `etl-sigos check`, which writes only under it, as runs do.
 */
#ifndef CLI_CHECK_LEASE_H
#define CLI_CHECK_LEASE_H

#include "load/destination.h"
#include "run/lease_holder.h"

struct check_lease {
    char id[32], holder[LEASE_HOLDER_SIZE];
};

/* Takes the lease; `names` must live until destination_release_lease. ERROR_LOCKED: a run has it.
 */
bool check_lease_take(struct check_lease *names, struct destination *dest, struct error *err);

#endif
