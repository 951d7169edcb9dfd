/*
 * The schema of the SQLite destination: numbered migrations, and the tables of reports.
 */
#ifndef LOAD_SQLITE_SCHEMA_H
#define LOAD_SQLITE_SCHEMA_H

#include "load/sqlite/statement.h"

/* Refuses a file whose schema is another program's, or newer than this one. */
bool sqlite_check_schema(struct sqlite_destination *dest, struct error *err);
/* destination_inspect and destination_migrate. */
bool sqlite_inspect(struct destination *dest, const struct report *report,
                    enum destination_state *out, struct error *err);
bool sqlite_migrate(struct destination *dest, const struct report *report, struct error *err);

#endif
