/*
 * A report's indexes. They are known by the table and the columns that they are on: a table that
 * was renamed keeps the names of its indexes.
 */
#ifndef LOAD_POSTGRES_INDEX_H
#define LOAD_POSTGRES_INDEX_H

#include "load/postgres/client.h"

/* Whether the table has the index that keeps rows unique and that snapshots read. */
bool postgres_has_index(struct postgres_destination *dest, const struct report *report, bool *out,
                        struct error *err);
bool postgres_make_index(struct postgres_destination *dest, const struct report *report,
                         struct error *err);
/* Makes the one that finds legacy rows, for a table that was just adopted. */
bool postgres_make_legacy_index(struct postgres_destination *dest, const struct report *report,
                                struct error *err);

#endif
