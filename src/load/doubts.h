/*
 * What earlier loads of a window left open: lines that could not be read, and rows that stay in the
 * table because the portal may show them in one of those lines.
 *
 * A line that comes for the first time may be any missing row. A line that was there before, while
 * the row could be read, is not that row. So each line and each row is noted with the run that met
 * or missed it first. A missing row stays as long as a line of the same run is there that may be
 * it, or a new line comes that may be it.
 */
#ifndef LOAD_DOUBTS_H
#define LOAD_DOUBTS_H

#include "model/hash.h"
#include "model/ledger.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct doubt {
    struct hash128 id; /* a line's id, or a row's key */
    char run[RUN_ID_SIZE];
    int32_t first, last; /* of a line: owned days of its window; of a row: its day, twice */
    bool undated;        /* of a row: whether it has no day */
};

struct doubt_list {
    struct doubt *items;
    size_t count, room;
};

struct doubts {
    struct doubt_list lines, rows;
};

void doubts_done(struct doubts *doubts); /* accepts a zeroed one */
void doubt_list_add(struct doubt_list *list, const struct doubt *doubt);

/* Returns the run that first met the line in a window of about the days first..last; NULL if none
 * did. The same text in a window of other days is another line. */
const char *doubt_line_run(const struct doubt_list *lines, struct hash128 id, int32_t first,
                           int32_t last);

/* Returns the run that missed the row first; NULL if the row is not noted. */
const char *doubt_row_run(const struct doubt_list *rows, struct hash128 key);

#endif
