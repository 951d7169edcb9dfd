/*
 * The id of a run, and what its end says: of a part of a cycle "-part", of a run that shares a
 * cycle
 * "-share=NAME", and of one that shares a part both.
 */
#ifndef RUN_RUN_ID_H
#define RUN_RUN_ID_H

#include "model/ledger.h"

#include <stdbool.h>

/* Only some days or some reports. */
#define RUN_MARK_PART "-part"
/* Before the name of the cycle that the run shares. */
#define RUN_MARK_SHARE "-share="

enum { SHARE_NAME_MAX = 20 };

/* Begins a run of that mode (borrowed) now: its id is unique, sorts by start and ends with
 * `ending`. */
void run_id_make(struct run *run, const char *mode, const char *ending);

/* Whether the run with that id loaded a part of a cycle, or had a share in one: that it ended well
 * says nothing of the rest. */
bool run_id_is_partial(const char *id);

/* Whether that may be the name of a shared cycle: letters, digits, dots and hyphens, but not at the
 * end what marks a part. */
bool share_name_is_good(const char *name);

#endif
