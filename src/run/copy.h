/*
 * Copies a database of one kind into one of any kind: rows, change log, ledger, rejects, runs,
 * added columns, doubts and habits.
 *
 * Both leases are held, so no cycle writes meanwhile; the source is only read otherwise. Each piece
 * is a transaction and is written only as far as it differs, so a copy that was killed is continued
 * by the next one, and one that is complete writes nothing. In the end both sides are read anew and
 * compared.
 */
#ifndef RUN_COPY_H
#define RUN_COPY_H

#include "base/error.h"
#include "run/copy_order.h"

#include <stdbool.h>

/* Fails with ERROR_CONFIG if both addresses are of one database, with ERROR_DATA if the source has
 * nothing that may be copied or the target has a history of its own, with ERROR_LOCKED if a run
 * holds a lease, and as destinations do. *out is the caller's, on failure too. */
bool copy_database(const struct copy_order *order, struct copy_outcome *out, struct error *err);
void copy_outcome_done(struct copy_outcome *outcome); /* accepts a zeroed one */

#endif
