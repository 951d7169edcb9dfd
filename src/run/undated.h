/*
 * The last act of a full cycle: undated rows belong to no window, so only when every export of the
 * history was seen can one be judged absent.
 */
#ifndef RUN_UNDATED_H
#define RUN_UNDATED_H

#include "base/error.h"
#include "load/destination.h"
#include "load/plan.h"
#include "run/windows.h"

#include <stdbool.h>
#include <stdint.h>

/* Removes the undated rows of the table that are not among `shown`, in a transaction of its own. */
bool undated_remove(struct destination *dest, const struct run *run, const struct report *report,
                    struct period period, const struct snapshot *shown, uint64_t *removed,
                    struct error *err);

#endif
