/*
 * What the transform must know of a file before it is read, and how a file's last record ends.
 */
#ifndef TRANSFORM_SCOPE_H
#define TRANSFORM_SCOPE_H

#include "model/window.h"

#include <stdbool.h>
#include <time.h>

/* The dates that rows may have, and what is known of the file. */
struct scope {
    /* Rows of the window's own days are taken. Rows of other days that were asked for are boundary
     * rows. Rows of any other day are foreign, and rejected. */
    struct window window;
    time_t extracted_at;
    bool by_hand; /* the files are a person's and may change: they are copied into memory */
};

/* How a file's last record ends. */
enum file_end {
    FILE_END_NONE, /* there is no record, or a footer or blank line is behind it */
    FILE_END_LINE, /* with a line end */
    /* without a line end: it may have been cut, if other files of the report have one */
    FILE_END_OPEN,
};

#endif
