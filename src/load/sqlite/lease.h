/*
 * The lease in SQLite: one row, and a token that only grows.
 */
#ifndef LOAD_SQLITE_LEASE_H
#define LOAD_SQLITE_LEASE_H

#include "load/destination_ops.h"

/* destination_take_lease, destination_keep_lease, and the lease's part of begin and of the end. */
bool sqlite_take_lease(struct destination *dest, const struct lease *lease, int64_t *token,
                       struct error *err);
bool sqlite_keep_lease(struct destination *dest, struct error *err);
bool sqlite_renew_lease(struct destination *dest, struct error *err);
bool sqlite_release_lease(struct destination *dest, struct error *err);

#endif
