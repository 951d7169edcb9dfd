/*
 * Replica identities, without which PostgreSQL forbids to update and delete rows of a published
 * table.
 */
#ifndef LOAD_POSTGRES_IDENTITY_H
#define LOAD_POSTGRES_IDENTITY_H

#include "load/postgres/client.h"

/* Queries of the table that $1 names (quoted), and of all tables in the schema: rows of what is
 * wrong with a table's identity and the SQL that mends it. */
extern const char postgres_identity_wrong[], postgres_identity_advice[];
/* Whether the table is published without an identity, and is ours to mend. */
bool postgres_lacks_identity(struct postgres_destination *dest, const struct report *report,
                             bool *out, struct error *err);
/* Gives one to a table of ours, or to those of its partitions, that has none. */
bool postgres_give_identity(struct postgres_destination *dest, const struct report *report,
                            struct error *err);

#endif
