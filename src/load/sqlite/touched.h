/*
 * Puts the rows that a window is about to change into a temporary table, in SQLite.
 */
#ifndef LOAD_SQLITE_TOUCHED_H
#define LOAD_SQLITE_TOUCHED_H

#include "load/destination_ops.h"

/* Implements destination_touch. */
bool sqlite_touch(struct destination *dest, const struct touched_row *rows, size_t count,
                  struct error *err);

#endif
