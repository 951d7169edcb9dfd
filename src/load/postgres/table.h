/*
 * Makes a report's table, checks it, or adopts it from another program.
 */
#ifndef LOAD_POSTGRES_TABLE_H
#define LOAD_POSTGRES_TABLE_H

#include "load/postgres/client.h"

/* Sets *out to what a load would find of the table alone; refuses a table that cannot be used. */
bool postgres_find_table(struct postgres_destination *dest, const struct report *report,
                         enum destination_state *out, struct error *err);
/* Sets *out: whether a load would change nothing of the table's shape; refuses a table that cannot
 * be used. */
bool postgres_table_is_ready(struct postgres_destination *dest, const struct report *report,
                             bool *out, struct error *err);
/* Makes or adopts the table, its index and its replica identity, in the open transaction. */
bool postgres_migrate_table(struct postgres_destination *dest, const struct report *report,
                            struct error *err);

#endif
