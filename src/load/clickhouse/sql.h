/*
 * The statements about a report's table (pure). What is returned is owned by the caller.
 *
 * REPORT_rows has the rows of all windows, REPORT_marks says which of them count: a window's own
 * number brings its rows to life, the `_id` of a row ends it. The view REPORT shows what lives.
 */
#ifndef LOAD_CLICKHOUSE_SQL_H
#define LOAD_CLICKHOUSE_SQL_H

#include "load/clickhouse/site.h"
#include "load/destination_ops.h"
#include "model/report.h"
#include "model/window.h"

#include <stdbool.h>

/* Of the committed windows that are not taken back. M, the last commit, stands once in it: a
 * server of 2018 reads each occurrence by itself, and a commit between two of them would be seen
 * by half (docs/architecture.md, "ClickHouse"). */
#define CLICKHOUSE_COMMITTED                                                                       \
    "(SELECT tx FROM etl_ledger WHERE seq <= (SELECT max(seq) FROM etl_ledger)"                    \
    " AND status = 'loaded' AND tx NOT IN (SELECT tx FROM etl_void))"

/* The 29th element of etl_ledger.entry, which only what a copy or a repair wrote has: no window,
 * but rows or entries of the log that become visible together. */
#define CLICKHOUSE_PIECE "copy"

/* Returns ClickHouse's name of a column's type. */
const char *clickhouse_sql_type(enum column_type type, struct clickhouse_site site);

/* The rows themselves are in REPORT_rows of each shard. `anew`: in the place of one that is there;
 * servers before 24.3 cannot, and the caller drops it first. clickhouse_sql_all_table returns NULL
 * where no such table is needed. */
char *clickhouse_sql_rows_table(const struct report *report, struct clickhouse_site site);
char *clickhouse_sql_marks_table(const struct report *report);
char *clickhouse_sql_all_table(const struct report *report, struct clickhouse_site site, bool anew);
char *clickhouse_sql_view(const struct report *report, struct clickhouse_site site, bool anew);
char *clickhouse_sql_drop(const struct report *report, const char *suffix);
char *clickhouse_sql_add_column(const struct report *report, struct clickhouse_site site,
                                const char *name);

/* key, fingerprint, window date (day 0: the row is undated) and _id of the rows of the window's
 * owned days and of the undated ones, as RowBinary. */
char *clickhouse_sql_snapshot(const struct report *report, struct clickhouse_site site,
                              struct window window);

/* key, fingerprint and all columns of the rows of the range. */
char *clickhouse_sql_read_rows(const struct report *report, struct clickhouse_site site,
                               struct row_range range);

/* Rows of the window's owned days, and undated ones, up to the list of their _id, which the caller
 * adds with the bracket that closes it: _id and all columns; with keys_only key, fingerprint and
 * columns of which only those of the key have a value. */
char *clickhouse_sql_read_old(const struct report *report, struct clickhouse_site site,
                              struct window window, bool keys_only);

/* Rows as Native (load/clickhouse/rows.h); marks as TabSeparated. */
char *clickhouse_sql_insert_rows(const struct report *report, struct clickhouse_site site);
char *clickhouse_sql_insert_marks(const struct report *report);

/* tx, then what the ledger says and what there is of rows, marks and changes, of the committed
 * windows in which these differ. What compactions have removed is taken off what the ledger says;
 * while one is under way (load/clickhouse/dead.h), what it removes is not counted either way. */
char *clickhouse_sql_damage(const struct report *report, struct clickhouse_site site,
                            bool is_compacted);
/* Ends, in that window, all rows of a key but the newest. */
char *clickhouse_sql_end_doubles(const struct report *report, struct clickhouse_site site,
                                 uint64_t tx);

#endif
