/*
 * What is known of a file before it is read, and what its end tells.
 */
#ifndef TRANSFORM_SCOPE_H
#define TRANSFORM_SCOPE_H

#include "model/window.h"

#include <stdbool.h>
#include <time.h>

/* What rows may be dated, and what they get as COLUMN_EXTRACTED_AT. */
struct scope {
    struct window window; /* rows of its own days are taken; of other days that were asked for they
                             are boundary rows; of any other day foreign, and rejected */
    time_t extracted_at;
    bool by_hand; /* the files are a person's: read into memory first, where they cannot change */
};

/* How a file's last record ends. */
enum file_end {
    FILE_END_NONE, /* there is no record, or something else is behind it */
    FILE_END_LINE, /* with a line end */
    FILE_END_OPEN, /* without: it may have been cut, where files of the report have one */
};

#endif
