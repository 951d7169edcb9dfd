/*
 * The lease in PostgreSQL: one row and a token that only grows.
 */
#ifndef LOAD_POSTGRES_LEASE_H
#define LOAD_POSTGRES_LEASE_H

#include "load/destination_ops.h"

/* destination_take_lease, destination_keep_lease, and the lease's part of begin and of the end. */
bool postgres_take_lease(struct destination *dest, const struct lease *lease, int64_t *token,
                         struct error *err);
bool postgres_keep_lease(struct destination *dest, struct error *err);
bool postgres_renew_lease(struct destination *dest, struct error *err);
bool postgres_release_lease(struct destination *dest, struct error *err);

#endif
