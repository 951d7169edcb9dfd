/*
 * The tables and views that all reports share: sql/clickhouse/.
 */
#ifndef LOAD_CLICKHOUSE_SCHEMA_H
#define LOAD_CLICKHOUSE_SCHEMA_H

#include "base/buf.h"
#include "load/clickhouse/connect.h"

#define CLICKHOUSE_CHANGE_COLUMNS "etl_change_columns"

/* Appends a text of sql/clickhouse/ with what stands in braces replaced as the server's version
 * wants it; `committed` is the set of windows that count (pure). */
void clickhouse_expand(struct buf *out, const char *sql, bool merges, const char *committed);

/* Appends the select of the view of that name for the changes of one window alone (pure). */
void clickhouse_add_own_changes(struct buf *out, bool merges, uint64_t tx);

/* Reads the schema's version; 0 without one. Fails if it is newer than the program knows. */
bool clickhouse_schema_version(struct clickhouse_destination *dest, int64_t *out,
                               struct error *err);

/* Makes what is missing. Two programs may do so at once. */
bool clickhouse_schema_migrate(struct clickhouse_destination *dest, struct error *err);

#endif
