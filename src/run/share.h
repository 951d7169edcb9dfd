/*
 * Divides a cycle among processes, on one machine or many: each claims some windows at a time,
 * loads them and claims more, until none is left.
 *
 *     share_init
 *       while (share_claim())       SHARE_GOT: the parts have the claimed windows; load them
 *         share_release()           SHARE_WAIT: others are at the rest; SHARE_OVER: none is left
 *     share_end
 *     share_done
 *
 * A claim is a lease of the windows' days (load/lease_claim.h), so no window is loaded by two. What
 * is loaded stands in the ledger: windows whose days runs of the same cycle have loaded are claimed
 * by nobody. A process that dies leaves its claim until the lease ends; then another one loads the
 * windows that it had not committed. A window that failed is tried by each process, once.
 *
 * The runs of a shared cycle know each other by its name, with which their ids end (run_id.h).
 */
#ifndef RUN_SHARE_H
#define RUN_SHARE_H

#include "load/destination.h"
#include "run/report_run.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum share_state { SHARE_GOT, SHARE_WAIT, SHARE_OVER };

/* A report's windows. */
struct share_plan {
    struct window_list windows;
    bool *tried;  /* one a window: this run has claimed it */
    bool *loaded; /* one a day of the period: a run of the cycle has loaded it */
};

struct share {
    struct destination *dest; /* borrowed */
    const char *name;         /* of the cycle; borrowed */
    struct lease lease;       /* of the next claim; its name is owned */
    struct report_run *parts; /* borrowed */
    struct share_plan *plans; /* one a part */
    size_t count;
    size_t at_once; /* windows that are claimed at a time, at most */
};

/* Takes the windows over that were planned for the parts, which have none then. `lease` says who
 * claims. `workers` is how many windows the run prepares at a time. */
void share_init(struct share *share, struct destination *dest, const char *name,
                const struct lease *lease, struct report_run *parts, size_t count, size_t workers);
void share_done(struct share *share); /* accepts a zeroed one */

/* Claims the first windows that are free, of one report, and adds them to its part. A report that
 * this run has given up is passed over. ERROR_DATABASE: nothing was claimed, and it may be
 * repeated. */
bool share_claim(struct share *share, enum share_state *out, struct error *err);
void share_release(struct share *share);

/* Notes in the summaries what other runs of the cycle have loaded. */
void share_end(struct share *share);

#endif
