/*
 * Migrates and inspects the schema of a PostgreSQL destination: the etl_* tables, then the report's
 * table.
 */
#ifndef LOAD_POSTGRES_SCHEMA_H
#define LOAD_POSTGRES_SCHEMA_H

#include "load/destination_ops.h"

/* Implement destination_migrate and destination_inspect. */
bool postgres_migrate(struct destination *dest, const struct report *report, struct error *err);
bool postgres_inspect(struct destination *dest, const struct report *report,
                      enum destination_state *out, struct error *err);

#endif
