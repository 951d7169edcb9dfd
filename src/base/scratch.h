/*
 * A folder for the time of a run: private, and gone afterwards, also if we are killed. Then the
 * next run removes it.
 */
#ifndef BASE_SCRATCH_H
#define BASE_SCRATCH_H

#include "base/error.h"

#include <stdbool.h>

struct scratch {
    char *path; /* owned; NULL: none */
    int lock;   /* held by the kernel as long as this process lives, whatever its number */
};

/* Removes what dead processes left of this `kind` in the same place, then makes a new one,
 * etl-sigos-KIND.XXXXXX in $TMPDIR or /tmp. */
bool scratch_open(const char *kind, struct scratch *scratch, struct error *err);
void scratch_close(struct scratch *scratch); /* removes it; accepts a zeroed one */

/* Leaves the folder to a person, under a name that no run looks for: the caller's to free. */
char *scratch_keep(struct scratch *scratch);

#endif
