/*
 * Copies the rows of the reports' tables, some days at a time.
 */
#ifndef RUN_COPY_ROWS_H
#define RUN_COPY_ROWS_H

#include "run/copy_sides.h"

/* Days that are copied at once. */
struct copy_piece {
    int32_t first, last;
    bool undated; /* the rows without a day, and no others */
};

struct copy_pieces {
    struct copy_piece *items; /* the undated rows come last */
    size_t count;
};

/* Cuts the days on which either side has rows into pieces without a gap. */
bool copy_pieces_of(struct copy_sides *sides, const struct report *report, struct copy_pieces *out,
                    struct error *err);
void copy_pieces_done(struct copy_pieces *pieces); /* accepts a zeroed one */

/* Returns what is read of a piece. */
struct row_range copy_piece_range(struct copy_piece piece);

/* Makes the rows of a report's table equal. */
bool copy_rows_of(struct copy_sides *sides, const struct report *report, struct error *err);

#endif
