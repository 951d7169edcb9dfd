/*
 * The difference between a window's clean rows and what the table holds there: what reconcile.h
 * decides, guard.h judges and a destination applies.
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
    size_t dated;       /* how many of them are not undated */
    size_t legacy_rows; /* rows of the owned days that another program left: without a key, not in
                           rows, and replaced by what the window brings */
};

void snapshot_done(struct snapshot *snapshot); /* accepts a zeroed one */
void snapshot_add(struct snapshot *snapshot, struct stored_row row);
void snapshot_add_undated(struct snapshot *snapshot, const struct batch *batch); /* keys alone */

enum row_action {
    ROW_SAME, /* the table has it, word for word; also superseded rows of a batch */
    ROW_INSERT,
    ROW_UPDATE, /* the key is there with another fingerprint */
};

struct plan {
    uint8_t *actions; /* one row_action for each row of the batch */
    bool *logged;     /* for ROW_INSERT: whether it belongs into the change log (see coverage) */
    size_t row_count;
    struct stored_row *removed; /* to be deleted; first those that come back on another day */
    size_t removed_count, moved;
    struct doubts doubts; /* that are open now: what the next load of the window has to know */
    uint64_t missing;     /* absent rows that no unread line explains: deleted, or kept beyond the
                             number of     such lines */
    struct change_counts counts;
};

void plan_done(struct plan *plan); /* accepts a zeroed one */

#endif
