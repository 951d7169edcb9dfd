/*
 * Migrates and inspects the schema of a SQLite destination: the etl_* tables, then the report's
 * table.
 */
#ifndef LOAD_SQLITE_SCHEMA_H
#define LOAD_SQLITE_SCHEMA_H

#include "load/sqlite/statement.h"

/* Refuses a file whose schema is another program's, or newer than this program. */
bool sqlite_check_schema(struct sqlite_destination *dest, struct error *err);
/* Implement destination_inspect and destination_migrate. */
bool sqlite_inspect(struct destination *dest, const struct report *report,
                    enum destination_state *out, struct error *err);
bool sqlite_migrate(struct destination *dest, const struct report *report, struct error *err);

#endif
