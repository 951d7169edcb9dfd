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
#include "model/batch.h"
#include "model/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is copied; all borrowed. */
struct copy_order {
    const char *from, *to;        /* addresses of databases */
    const struct report *reports; /* of the profile */
    size_t report_count;
};

/* A table in both databases: how many rows, and the sum of their hashes. */
struct copied_table {
    const char *name; /* borrowed from the profile, or static */
    struct day_digest from, to;
};

struct copy_outcome {
    struct copied_table *tables;
    size_t count;
    bool differs;     /* some table does */
    uint64_t written; /* rows, entries and notes that the copy wrote or removed */
};

/* Fails with ERROR_CONFIG if both addresses are of one database, with ERROR_DATA if the source has
 * nothing that may be copied or the target has a history of its own, with ERROR_LOCKED if a run
 * holds a lease, and as destinations do. *out is the caller's, on failure too. */
bool copy_database(const struct copy_order *order, struct copy_outcome *out, struct error *err);
void copy_outcome_done(struct copy_outcome *outcome); /* accepts a zeroed one */

#endif
