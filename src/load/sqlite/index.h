/*
 * A report's indexes. They are known by the table and the columns that they are on: a table that
 * was renamed keeps the names of its indexes.
 */
#ifndef LOAD_SQLITE_INDEX_H
#define LOAD_SQLITE_INDEX_H

#include "load/sqlite/statement.h"

/* Makes those that are missing, in the open transaction. */
bool sqlite_make_indexes(struct sqlite_destination *dest, const struct report *report,
                         struct error *err);

#endif
