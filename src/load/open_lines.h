/*
 * Lines that could not be read and may be rows of unknown key, each with the run that met it first.
 */
#ifndef LOAD_OPEN_LINES_H
#define LOAD_OPEN_LINES_H

#include "base/arena.h"
#include "load/doubts.h"
#include "model/batch.h"

#include <stddef.h>

struct open_line {
    const struct unread *line;
    const char *since; /* the run that met the line first */
    bool known; /* whether the row that it begins with is known; others may be glued to that row */
};

struct open_lines {
    struct open_line *items;
    size_t count, room;
    struct arena copies; /* copies of the lines that open_lines_add has made */
};

/* How many lines are copied whole. Of later lines only the number is kept: each may be any row. */
enum { OPEN_LINES_COPIED = 10000 };

void open_lines_done(struct open_lines *lines); /* accepts a zeroed one */

/* Adds copies of those lines of a batch whose ids are in `open`, so that they outlive the batch.
 * `open` is in the order of the batch. */
void open_lines_add(struct open_lines *lines, const struct batch *batch,
                    const struct doubt_list *open);

#endif
