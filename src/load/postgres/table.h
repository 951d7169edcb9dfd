/*
 * A report's table: made, checked, or adopted from another program.
 */
#ifndef LOAD_POSTGRES_TABLE_H
#define LOAD_POSTGRES_TABLE_H

#include "load/postgres/client.h"

/* How far the table alone is from being loaded into; one that cannot be used is refused. */
bool postgres_find_table(struct postgres_destination *dest, const struct report *report,
                         enum destination_state *out, struct error *err);
/* Whether nothing is to be done; a table that cannot be used is refused. */
bool postgres_table_is_ready(struct postgres_destination *dest, const struct report *report,
                             bool *out, struct error *err);
/* Makes or adopts the table, in the open transaction. */
bool postgres_migrate_table(struct postgres_destination *dest, const struct report *report,
                            struct error *err);

#endif
