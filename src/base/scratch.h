/*
 * Makes a private folder for the time of a run and removes it afterwards. If the process is killed,
 * the next run removes it.
 */
#ifndef BASE_SCRATCH_H
#define BASE_SCRATCH_H

#include "base/error.h"

#include <stdbool.h>

struct scratch {
    char *path; /* owned; NULL: none */
    /* descriptor of the lock on the folder's owner file; the kernel frees it when the process
     * ends */
    int lock;
};

/* Makes a new folder etl-sigos-KIND.XXXXXX in $TMPDIR or /tmp, and removes the folders of this
 * `kind` there that belong to no living process. ERROR_SYSTEM if it cannot be made or locked. */
bool scratch_open(const char *kind, struct scratch *scratch, struct error *err);
void scratch_close(struct scratch *scratch); /* removes the folder; accepts a zeroed one */

/* Keeps the folder for a person, under a name that no run removes. Returns its path, which the
 * caller frees. */
char *scratch_keep(struct scratch *scratch);

#endif
