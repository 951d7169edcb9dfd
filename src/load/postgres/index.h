/*
 * Finds and makes a report's indexes. An index is recognised by its table and columns, because a
 * table that was renamed keeps the names of its indexes.
 */
#ifndef LOAD_POSTGRES_INDEX_H
#define LOAD_POSTGRES_INDEX_H

#include "load/postgres/client.h"

/* Sets *out: whether the table has the index that keeps rows unique and that snapshots read. */
bool postgres_has_index(struct postgres_destination *dest, const struct report *report, bool *out,
                        struct error *err);
/* Makes that index, in the open transaction. */
bool postgres_make_index(struct postgres_destination *dest, const struct report *report,
                         struct error *err);
/* Makes the index that finds legacy rows, for a table that was just adopted. */
bool postgres_make_legacy_index(struct postgres_destination *dest, const struct report *report,
                                struct error *err);

#endif
