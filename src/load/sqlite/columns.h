/*
 * Columns of a report's table that no profile knows: added here, and remembered as ours.
 */
#ifndef LOAD_SQLITE_COLUMNS_H
#define LOAD_SQLITE_COLUMNS_H

#include "load/sqlite/statement.h"

/* Whether the table has all columns that were added to it. */
bool sqlite_columns_are_there(struct sqlite_destination *dest, const struct report *report,
                              bool *out, struct error *err);
/* Forgets those that the table has no more. */
bool sqlite_forget_columns(struct sqlite_destination *dest, const struct report *report,
                           struct error *err);
/* destination_add_column. */
bool sqlite_add_column(struct destination *dest, const struct report *report, const char *name,
                       const struct run *run, bool *added, struct error *err);

#endif
