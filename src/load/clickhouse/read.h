/*
 * Queries on the views, the reads of one state, and the rows as they stand in a table.
 */
#ifndef LOAD_CLICKHOUSE_READ_H
#define LOAD_CLICKHOUSE_READ_H

#include "load/clickhouse/connect.h"

bool clickhouse_read_values(struct destination *dest, const char *sql, const char *const *values,
                            size_t value_count, destination_row *row, void *arg, struct error *err);

/* A read sees the commits up to the last one that there is now. Servers before 24.3 cannot be told
 * so: there a query fails, marked transient, if a window was committed since the read began. */
bool clickhouse_begin_read(struct destination *dest, int timeout_ms, struct error *err);
void clickhouse_end_read(struct clickhouse_destination *dest);

bool clickhouse_read_rows(struct destination *dest, const struct report *report,
                          struct row_range range, destination_table_row *row, void *arg,
                          struct error *err);

#endif
