/*
 * What a lease is for, and whether one stands in another's way: the same for all databases. Pure.
 *
 * A lease is for all tables, or for some days of one report: runs that share a cycle each hold one
 * of the latter kind. Its name, which etl_lease.name holds, says so:
 *
 *     "writer"                                    all tables
 *     "general_reports 2024-01-01 2024-03-31"     those days of that report, inclusive
 *
 * Two leases with something in common are never held at once by two runs that live.
 */
#ifndef LOAD_LEASE_CLAIM_H
#define LOAD_LEASE_CLAIM_H

#include "load/destination_ops.h"

#include <stdbool.h>
#include <stdint.h>

#define LEASE_ALL "writer"

/* A row of etl_lease. The texts are borrowed. */
struct lease_row {
    const char *name;
    const char *run_id; /* NULL: nobody holds it */
    const char *holder, *taken_at;
    int64_t token, expires_at;
    bool expired; /* by the database's clock */
};

enum lease_verdict {
    LEASE_APART, /* nothing in common, or nobody's */
    /* in the way, but its holder is dead, or the answer to this run's own claim was lost: it is to
     * be taken away */
    LEASE_DEAD,
    LEASE_HELD, /* in the way */
};

/* Returns the name of a lease for the days first..last (day numbers) of a report; the caller frees
 * it. */
char *lease_name_of_days(const char *report, int32_t first, int32_t last);

/* Returns the name of a lease. */
const char *lease_name(const struct lease *lease);

/* Whether the lease is for all tables. */
bool lease_is_for_all(const struct lease *lease);

/* Whether a window of the report may be written under the lease: it decides days of the lease only.
 */
bool lease_covers(const struct lease *lease, const char *report, struct window window);

/* Decides whether the row is in the way of a lease that is wanted. A name in an unknown form, as of
 * a newer program, has something in common with each. */
enum lease_verdict lease_judge(const struct lease *wanted, const struct lease_row *row);

/* Fails with ERROR_LOCKED and names who holds the row. */
bool lease_refuse(const struct lease_row *row, struct error *err);

/* Fails with ERROR_LOCKED: this run's lease is another's by now. */
bool lease_lost(struct error *err);

#endif
