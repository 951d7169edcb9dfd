/*
 * Executes a plan: writes the rows of a window and the change log.
 */
#ifndef LOAD_POSTGRES_APPLY_H
#define LOAD_POSTGRES_APPLY_H

#include "load/destination_ops.h"

/* Implements destination_apply. */
bool postgres_apply(struct destination *dest, const struct run *run, const struct batch *batch,
                    const struct plan *plan, struct error *err);

#endif
