/*
 * The two databases of a copy, which copy_rows.c, copy_journal.c and copy_check.c work with.
 */
#ifndef RUN_COPY_SIDES_H
#define RUN_COPY_SIDES_H

#include "layers/summaries.h"
#include "load/destination.h"
#include "run/copy_order.h"
#include "run/schema_drift.h"

/* A report whose table the source has. */
struct copy_part {
    struct schema_drift drift; /* the report is drift.grown.report */
    struct report_summary unused;
};

struct copy_sides {
    const struct copy_order *order;
    struct run run;
    struct destination *from, *to;
    struct copy_part *parts;
    size_t part_count;
    struct summaries summaries; /* of the target */
    bool due;                   /* they are marked as due */
    int64_t renewed_ms;         /* when the leases were renewed last */
    struct copy_outcome *out;
};

enum { COPY_LEASE_SECONDS = 1800 };

/* Renews both leases, if it is time. Fails with ERROR_STOPPED after a signal. Called between two
 * pieces. */
bool copy_keep_leases(struct copy_sides *sides, struct error *err);

/* Marks the target's summaries as due before something is written that they sum up: within the open
 * window, or in a transaction of its own. */
bool copy_mark_summaries(struct copy_sides *sides, struct error *err);

#endif
