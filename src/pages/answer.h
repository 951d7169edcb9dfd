/*
 * The answer to a request.
 */
#ifndef PAGES_ANSWER_H
#define PAGES_ANSWER_H

#include "base/buf.h"

#include <stdio.h>

enum answer_type {
    ANSWER_HTML,
    ANSWER_JSON,
    ANSWER_CSV,
};

/* Either a body or a file. A file is for answers of any size: it has no name, is rewound, and is
 * closed by whoever gets the answer. */
struct answer {
    int status; /* of HTTP */
    enum answer_type type;
    struct buf body;
    FILE *file;
    char file_name[128]; /* under which a browser stores a CSV; only letters, digits, _ - . */
    char location[512];  /* of a 303; a path with its query, encoded */
};

void answer_init(struct answer *answer);
void answer_done(struct answer *answer); /* accepts one that was only initialised */

#endif
