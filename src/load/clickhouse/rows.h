/*
 * Rows on their way into REPORT_rows, as blocks of ClickHouse's format Native: column by column, so
 * that the server parses nothing. Half the cost of TabSeparated.
 */
#ifndef LOAD_CLICKHOUSE_ROWS_H
#define LOAD_CLICKHOUSE_ROWS_H

#include "base/buf.h"
#include "base/error.h"
#include "load/clickhouse/sql.h"
#include "model/batch.h"
#include "model/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct clickhouse_column;

struct clickhouse_rows {
    const struct report *report; /* borrowed */
    struct clickhouse_site site;
    struct clickhouse_column *columns; /* the report's, then key, fingerprint, day and _id */
    size_t count;                      /* rows */
    size_t bytes;
};

void clickhouse_rows_init(struct clickhouse_rows *rows, const struct report *report,
                          struct clickhouse_site site);
void clickhouse_rows_done(struct clickhouse_rows *rows); /* accepts a zeroed one */

/* Adds a row with its cells, in the report's order. ERROR_DATABASE, with the column's name: a day
 * that the column's type cannot hold; the row is then added in part, and all must be dropped. */
bool clickhouse_rows_add(struct clickhouse_rows *rows, const struct row *row,
                         const struct cell *cells, uint64_t id, struct error *err);

/* Appends the rows to *out as a block, and drops them. */
void clickhouse_rows_take(struct clickhouse_rows *rows, struct buf *out);
void clickhouse_rows_drop(struct clickhouse_rows *rows);

#endif
