/*
 * Lines that could not be read and of which nobody knows which rows they are, with the run that met
 * each of them first.
 */
#ifndef LOAD_OPEN_LINES_H
#define LOAD_OPEN_LINES_H

#include "base/arena.h"
#include "load/doubts.h"
#include "model/batch.h"

#include <stddef.h>

struct open_line {
    const struct unread *line;
    const char *since; /* a run's id */
    bool known;        /* which row it begins with; others may be glued to that */
};

struct open_lines {
    struct open_line *items;
    size_t count, room;
    struct arena copies; /* of the lines, where open_lines_add has made some */
};

enum {
    OPEN_LINES_COPIED = 10000
}; /* of later ones nothing but their number is kept: each may be any row */

void open_lines_done(struct open_lines *lines); /* accepts a zeroed one */

/* Adds copies of those lines of a batch that `open` names by their ids, so that they outlive it. */
void open_lines_add(struct open_lines *lines, const struct batch *batch,
                    const struct doubt_list *open);

#endif
