/*
 * Puts the rows that a window is about to change into a temporary table, in PostgreSQL.
 */
#ifndef LOAD_POSTGRES_TOUCHED_H
#define LOAD_POSTGRES_TOUCHED_H

#include "load/destination_ops.h"

/* Implements destination_touch. */
bool postgres_touch(struct destination *dest, const struct touched_row *rows, size_t count,
                    struct error *err);

#endif
