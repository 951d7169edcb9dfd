/*
 * The tables and views that all reports share: sql/clickhouse/.
 */
#ifndef LOAD_CLICKHOUSE_SCHEMA_H
#define LOAD_CLICKHOUSE_SCHEMA_H

#include "base/buf.h"
#include "load/clickhouse/destination.h"

/* Appends a text of sql/clickhouse/ with what stands in braces replaced as the server's version
 * wants it (pure). */
void clickhouse_expand(struct buf *out, const char *sql, bool merges);

/* Reads the schema's version; 0 without one. Fails if it is newer than the program knows. */
bool clickhouse_schema_version(struct clickhouse_destination *dest, int64_t *out,
                               struct error *err);

/* Makes what is missing. Two programs may do so at once. */
bool clickhouse_schema_migrate(struct clickhouse_destination *dest, struct error *err);

#endif
