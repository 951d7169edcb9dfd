/*
 * The lease in PostgreSQL: one row with a token that only grows.
 */
#ifndef LOAD_POSTGRES_LEASE_H
#define LOAD_POSTGRES_LEASE_H

#include "load/destination_ops.h"

/* Implement destination_take_lease, destination_keep_lease, and the renewal and the release of the
 * lease. */
bool postgres_take_lease(struct destination *dest, const struct lease *lease, int64_t *token,
                         struct error *err);
bool postgres_keep_lease(struct destination *dest, struct error *err);
bool postgres_renew_lease(struct destination *dest, struct error *err);
bool postgres_release_lease(struct destination *dest, struct error *err);

#endif
