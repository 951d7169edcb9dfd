/*
 * The difference between a window's clean rows and what the table holds in the window: reconcile.h
 * makes the plan, guard.h checks it, a destination executes it.
 */
#ifndef LOAD_PLAN_H
#define LOAD_PLAN_H

#include "load/doubts.h"
#include "model/batch.h"
#include "model/hash.h"
#include "model/ledger.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A row as the table holds it. */
struct stored_row {
    struct hash128 key, fingerprint;
    int32_t date; /* window date; meaningless if undated */
    bool undated; /* its window date is NULL */
};

/* What the table holds in a window: all rows of the owned days, and all undated rows. */
struct snapshot {
    struct stored_row *rows;
    size_t count, room;
    size_t dated; /* how many of the rows have a window date */
    /* Rows of the owned days that another program wrote: they have no key and are not in `rows`,
     * and the rows of the window replace them. */
    size_t legacy_rows;
};

void snapshot_done(struct snapshot *snapshot); /* accepts a zeroed one */
void snapshot_add(struct snapshot *snapshot, struct stored_row row);
/* Adds the undated rows of a batch, without fingerprints. */
void snapshot_add_undated(struct snapshot *snapshot, const struct batch *batch);

enum row_action {
    ROW_SAME, /* the table has the row with this fingerprint; also a superseded row of the batch */
    ROW_INSERT,
    ROW_UPDATE, /* the table has the key with another fingerprint */
};

struct plan {
    uint8_t *actions; /* one row_action for each row of the batch */
    /* for ROW_INSERT: whether it is a change of the past and goes into the change log */
    bool *logged;
    size_t row_count;
    /* rows to delete; the first `moved` of them are inserted again on another day */
    struct stored_row *removed;
    size_t removed_count, moved;
    bool unlogged; /* nothing of it goes into the change log: it has the changes already */
    /* lines and kept rows that are open now, for the next load of the window */
    struct doubts doubts;
    /* missing rows that no unread line explains: those deleted, and those kept beyond the number of
     * such lines */
    uint64_t missing;
    struct change_counts counts;
};

void plan_done(struct plan *plan); /* accepts a zeroed one */

#endif
