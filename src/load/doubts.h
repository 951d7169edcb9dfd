/*
 * What earlier loads of a window left open: lines that could not be read, and rows that stay in the
 * table because one of those lines may be what the portal now shows of them.
 *
 * A line that is there for the first time may be any row that is missing for the first time. A line
 * that was there before, while the row could be read, is not that row. So each is noted with the
 * run that met it first: a missing row stays as long as a line of the same run is there, and no
 * longer.
 */
#ifndef LOAD_DOUBTS_H
#define LOAD_DOUBTS_H

#include "model/hash.h"
#include "model/ledger.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct doubt {
    struct hash128 id; /* of a line, or a row's key */
    char run[RUN_ID_SIZE];
    int32_t first,
        last;     /* of a line: the days of the window that had it; of a row: its day, twice */
    bool undated; /* of a row: it has no day */
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

/* The run that met the line first in a window of about these days; NULL: none did. The same words
 * in a window of other days are another line. */
const char *doubt_line_run(const struct doubt_list *lines, struct hash128 id, int32_t first,
                           int32_t last);

/* The run that missed the row first; NULL: it was never missed. */
const char *doubt_row_run(const struct doubt_list *rows, struct hash128 key);

#endif
