/*
 * The lease in SQLite: one row with a token that only grows.
 */
#ifndef LOAD_SQLITE_LEASE_H
#define LOAD_SQLITE_LEASE_H

#include "load/destination_ops.h"

/* Implement destination_take_lease, destination_keep_lease, and the renewal and the release of the
 * lease. */
bool sqlite_take_lease(struct destination *dest, const struct lease *lease, int64_t *token,
                       struct error *err);
bool sqlite_keep_lease(struct destination *dest, struct error *err);
bool sqlite_renew_lease(struct destination *dest, struct error *err);
bool sqlite_release_lease(struct destination *dest, struct error *err);

#endif
