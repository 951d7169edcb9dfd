/*
 * The folder that a browser writes its profile into: private, and gone afterwards, also if we are
 * killed. Then the next run removes it.
 */
#ifndef EXTRACT_SCRATCH_H
#define EXTRACT_SCRATCH_H

#include "base/error.h"

#include <stdbool.h>

struct scratch {
    char *path; /* owned; NULL: none */
    int lock;   /* held by the kernel as long as this process lives, whatever its number */
};

/* Removes those that dead processes left in the same place, then makes a new one in $TMPDIR or /tmp. */
bool scratch_open(struct scratch *scratch, struct error *err);
void scratch_close(struct scratch *scratch); /* removes it; accepts a zeroed one */

#endif
