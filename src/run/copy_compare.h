/*
 * Compares rows of two databases and plans what makes the second one's equal to the first one's
 * (pure).
 */
#ifndef RUN_COPY_COMPARE_H
#define RUN_COPY_COMPARE_H

#include "load/destination_ops.h"
#include "load/plan.h"

/* A row of a database: its key, and the hash of all that stands in it. */
struct copy_row {
    struct hash128 key, contents;
    int32_t date; /* window date; meaningless if undated */
    bool undated;
};

struct copy_rows {
    struct copy_row *rows;
    size_t count, room;
};

void copy_rows_done(struct copy_rows *rows); /* accepts a zeroed one */
void copy_rows_add(struct copy_rows *rows, struct copy_row row);

/* Fills *out with key, contents and day of a row that was read from a table of the report. The hash
 * is of all cells, DATA_EXTRACAO too, of the stored fingerprint, and of whether both agree.
 * `scratch` is reused. False: the row has no day that can be read. */
bool copy_row_of(const struct report *report, const struct table_row *row, struct buf *scratch,
                 struct copy_row *out);

/* Plans, for a batch of the rows `from`, in their order, what makes the rows `to` equal to them:
 * nothing of it goes into the change log. False if `from` has a key twice. The caller ends *out
 * with plan_done. */
bool copy_compare(const struct copy_rows *from, const struct copy_rows *to, struct plan *out);

#endif
