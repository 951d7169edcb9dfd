/*
 * Reads the rows of a window or of a table, and executes plans, in SQLite.
 */
#ifndef LOAD_SQLITE_ROWS_H
#define LOAD_SQLITE_ROWS_H

#include "load/destination_ops.h"

/* Implement destination_snapshot, destination_read_rows and destination_apply. */
bool sqlite_snapshot(struct destination *dest, struct snapshot *out, struct error *err);
bool sqlite_read_rows(struct destination *dest, const struct report *report, struct row_range range,
                      destination_table_row *row, void *arg, struct error *err);
bool sqlite_apply(struct destination *dest, const struct run *run, const struct batch *batch,
                  const struct plan *plan, struct error *err);

#endif
