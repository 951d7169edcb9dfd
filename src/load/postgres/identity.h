/*
 * Finds and sets replica identities. Without one PostgreSQL refuses to update and delete rows of a
 * published table.
 */
#ifndef LOAD_POSTGRES_IDENTITY_H
#define LOAD_POSTGRES_IDENTITY_H

#include "load/postgres/client.h"

/* Queries whose rows are what is wrong with a table's identity and the SQL that corrects it: the
 * first of the table that $1 names (quoted), the second of all tables in the schema that etl-sigos
 * writes. */
extern const char postgres_identity_wrong[], postgres_identity_advice[];
/* Sets *out: whether the table is published without an identity and this role may change it. */
bool postgres_lacks_identity(struct postgres_destination *dest, const struct report *report,
                             bool *out, struct error *err);
/* Sets the identity FULL on the table, or on its partitions, where there is none and this role may
 * do so. */
bool postgres_give_identity(struct postgres_destination *dest, const struct report *report,
                            struct error *err);

#endif
