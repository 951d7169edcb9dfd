/*
 * The statements about a report's table (pure). What is returned is owned by the caller.
 *
 * REPORT_rows has the rows of all windows, REPORT_marks says which of them count: a window's own
 * number brings its rows to life, the `_id` of a row ends it. The view REPORT shows what lives.
 */
#ifndef LOAD_CLICKHOUSE_SQL_H
#define LOAD_CLICKHOUSE_SQL_H

#include "load/destination_ops.h"
#include "model/report.h"
#include "model/window.h"

#include <stdbool.h>

/* _id is tx << ROW_BITS | number of the row; tx is token << WINDOW_BITS | number of the window. */
enum { CLICKHOUSE_ROW_BITS = 24, CLICKHOUSE_WINDOW_BITS = 20 };

/* Of the committed windows that are not taken back. M, the last commit, stands once in it: a
 * server of 2018 reads each occurrence by itself, and a commit between two of them would be seen
 * by half (docs/architecture.md, "ClickHouse"). */
#define CLICKHOUSE_COMMITTED                                                                       \
    "(SELECT tx FROM etl_ledger WHERE seq <= (SELECT max(seq) FROM etl_ledger)"                    \
    " AND status = 'loaded' AND tx NOT IN (SELECT tx FROM etl_void))"

/* `modern`: the server is 24.3 or newer. `anew`: in the place of one that is there, at once. */
char *clickhouse_sql_rows_table(const struct report *report, bool modern);
char *clickhouse_sql_marks_table(const struct report *report);
char *clickhouse_sql_merge_table(const struct report *report, bool anew);
char *clickhouse_sql_view(const struct report *report, bool modern, bool anew);
char *clickhouse_sql_drop_view(const struct report *report);
char *clickhouse_sql_add_column(const struct report *report, const char *name);

/* key, fingerprint, day number of the window date (0: the row is undated) and _id of the rows of
 * the window's owned days and of the undated ones. */
char *clickhouse_sql_snapshot(const struct report *report, struct window window);

/* key, fingerprint and all columns of the rows of the range. */
char *clickhouse_sql_read_rows(const struct report *report, struct row_range range, bool modern);

/* _id and all columns of rows of the window's owned days, and of undated ones, up to the list of
 * their _id, which the caller adds with the bracket that closes it. */
char *clickhouse_sql_read_old(const struct report *report, struct window window);

/* Rows as TabSeparated: the report's columns, key, fingerprint, day, _id; marks. */
char *clickhouse_sql_insert_rows(const struct report *report);
char *clickhouse_sql_insert_marks(const struct report *report);

#endif
