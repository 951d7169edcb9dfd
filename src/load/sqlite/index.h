/*
 * Makes a report's indexes. An index is recognised by its table and columns, because a table that
 * was renamed keeps the names of its indexes.
 */
#ifndef LOAD_SQLITE_INDEX_H
#define LOAD_SQLITE_INDEX_H

#include "load/sqlite/statement.h"

/* Makes the indexes that are missing, in the open transaction. */
bool sqlite_make_indexes(struct sqlite_destination *dest, const struct report *report,
                         struct error *err);

#endif
