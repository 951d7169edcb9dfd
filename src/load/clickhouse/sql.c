/* SPDX-License-Identifier: MIT */
/* Writes the statements about a report's table. */
#include "load/clickhouse/sql.h"

#include "base/buf.h"
#include "load/clickhouse/text.h"
#include "load/destination_ops.h"

#include <inttypes.h>

enum { SQL_MAX = 1024 * 1024 };

/* Times and texts are texts: equal on all versions. */
static const char *type_of(enum column_type type, bool modern)
{
    switch (type) {
    case COLUMN_DATE:
        return modern ? "Nullable(Date32)" : "Nullable(Date)";
    case COLUMN_TIMESTAMP:
        return "Nullable(DateTime('UTC'))";
    case COLUMN_TEXT:
    case COLUMN_TIME:
        break;
    }
    return "Nullable(String)";
}

/* Adds the name of one of the report's tables. */
static void add_table(struct buf *sql, const struct report *report, const char *suffix)
{
    BUF_DONE struct buf name = BUF_INIT(1024);

    buf_addf(&name, "%s%s", report->name, suffix);
    clickhouse_add_name(sql, buf_text(&name));
}

static void add_columns(struct buf *sql, const struct report *report)
{
    for (size_t i = 0; i < report->column_count; i++) {
        buf_add_text(sql, i ? ", " : "");
        clickhouse_add_name(sql, report->columns[i].name);
    }
}

char *clickhouse_sql_rows_table(const struct report *report, bool modern)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "CREATE TABLE IF NOT EXISTS ");
    add_table(&sql, report, "_rows");
    buf_add_text(&sql, " (");
    for (size_t i = 0; i < report->column_count; i++) {
        clickhouse_add_name(&sql, report->columns[i].name);
        buf_addf(&sql, " %s, ", type_of(report->columns[i].type, modern));
    }
    buf_add_text(&sql, COLUMN_ROW_KEY " UUID, " COLUMN_ROW_HASH " UUID, _day Date, _id UInt64)"
                                      " ENGINE = MergeTree ORDER BY (_day, " COLUMN_ROW_KEY ")");
    return buf_detach(&sql);
}

char *clickhouse_sql_marks_table(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "CREATE TABLE IF NOT EXISTS ");
    add_table(&sql, report, "_marks");
    buf_add_text(&sql, " (tx UInt64, n UInt64) ENGINE = MergeTree ORDER BY (tx, n)");
    return buf_detach(&sql);
}

char *clickhouse_sql_merge_table(const struct report *report, bool anew)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, anew ? "CREATE OR REPLACE TABLE " : "CREATE TABLE IF NOT EXISTS ");
    add_table(&sql, report, "_all");
    buf_add_text(&sql, " AS ");
    add_table(&sql, report, "_rows");
    buf_addf(&sql, " ENGINE = Merge(currentDatabase(), '^%s_rows$')", report->name);
    return buf_detach(&sql);
}

static void add_marked(struct buf *sql, const struct report *report)
{
    buf_add_text(sql, "(SELECT n FROM ");
    add_table(sql, report, "_marks");
    buf_add_text(sql, " WHERE tx IN " CLICKHOUSE_COMMITTED ")");
}

/* Whether a row lives: its window is committed, and no committed window has ended it. Both are
 * looked up in one set. Where a set is evaluated once however often it is written, two IN are
 * twice as fast; an old server evaluates each, so there it stands once, in a lambda. */
static void add_living(struct buf *sql, const struct report *report, bool modern)
{
    if (!modern) {
        buf_add_text(sql, "arrayMap(x -> x IN ");
        add_marked(sql, report);
        buf_addf(sql, ", [bitShiftRight(_id, %d), _id]) = [1, 0]", CLICKHOUSE_ROW_BITS);
        return;
    }
    buf_addf(sql, "bitShiftRight(_id, %d) IN ", CLICKHOUSE_ROW_BITS);
    add_marked(sql, report);
    buf_add_text(sql, " AND _id NOT IN ");
    add_marked(sql, report);
}

char *clickhouse_sql_drop_view(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "DROP TABLE IF EXISTS ");
    clickhouse_add_name(&sql, report->name);
    return buf_detach(&sql);
}

char *clickhouse_sql_add_column(const struct report *report, const char *name)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "ALTER TABLE ");
    add_table(&sql, report, "_rows");
    buf_add_text(&sql, " ADD COLUMN ");
    clickhouse_add_name(&sql, name);
    buf_addf(&sql, " %s", type_of(COLUMN_TEXT, false));
    return buf_detach(&sql);
}

char *clickhouse_sql_view(const struct report *report, bool modern, bool anew)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, anew ? "CREATE OR REPLACE VIEW " : "CREATE VIEW IF NOT EXISTS ");
    clickhouse_add_name(&sql, report->name);
    buf_add_text(&sql, " AS SELECT ");
    add_columns(&sql, report);
    buf_add_text(&sql, ", " COLUMN_ROW_KEY ", " COLUMN_ROW_HASH " FROM ");
    add_table(&sql, report, modern ? "_all" : "_rows");
    buf_add_text(&sql, " WHERE ");
    add_living(&sql, report, modern);
    return buf_detach(&sql);
}

/* Adds a condition on the days first..last; a number that is no day of Date would be another one.
 */
static void add_days(struct buf *sql, int32_t first, int32_t last, bool undated_too)
{
    enum { FIRST = 1, LAST = UINT16_MAX };

    first = first < FIRST ? FIRST : first;
    last = last > LAST ? LAST : last;
    if (last < first)
        buf_add_text(sql, "(0");
    else
        buf_addf(sql, "((_day >= toDate(%" PRId32 ") AND _day <= toDate(%" PRId32 "))", first,
                 last);
    buf_add_text(sql, undated_too ? " OR _day = toDate(0))" : ")");
}

static void add_window(struct buf *sql, struct window window)
{
    buf_add_text(sql, " WHERE ");
    add_days(sql, window.own_first, window.own_last, true);
    buf_add_text(sql, " AND ");
}

/* The writer reads the rows themselves: nobody else commits in these days. */
char *clickhouse_sql_snapshot(const struct report *report, struct window window)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "SELECT " COLUMN_ROW_KEY ", " COLUMN_ROW_HASH ", toUInt32(_day), _id FROM ");
    add_table(&sql, report, "_rows");
    add_window(&sql, window);
    add_living(&sql, report, false);
    return buf_detach(&sql);
}

char *clickhouse_sql_read_rows(const struct report *report, struct row_range range, bool modern)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "SELECT " COLUMN_ROW_KEY ", " COLUMN_ROW_HASH ", ");
    add_columns(&sql, report);
    buf_add_text(&sql, " FROM ");
    add_table(&sql, report, modern ? "_all" : "_rows");
    buf_add_text(&sql, " WHERE ");
    if (range.has_first || range.has_last) {
        add_days(&sql, range.has_first ? range.first : INT32_MIN,
                 range.has_last ? range.last : INT32_MAX, range.undated_too);
        buf_add_text(&sql, " AND ");
    }
    add_living(&sql, report, modern);
    return buf_detach(&sql);
}

char *clickhouse_sql_read_old(const struct report *report, struct window window)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "SELECT _id, ");
    add_columns(&sql, report);
    buf_add_text(&sql, " FROM ");
    add_table(&sql, report, "_rows");
    add_window(&sql, window);
    buf_add_text(&sql, "_id IN (");
    return buf_detach(&sql);
}

char *clickhouse_sql_insert_rows(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "INSERT INTO ");
    add_table(&sql, report, "_rows");
    buf_add_text(&sql, " (");
    add_columns(&sql, report);
    buf_add_text(&sql, ", " COLUMN_ROW_KEY ", " COLUMN_ROW_HASH ", _day, _id) FORMAT TabSeparated");
    return buf_detach(&sql);
}

char *clickhouse_sql_insert_marks(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "INSERT INTO ");
    add_table(&sql, report, "_marks");
    buf_add_text(&sql, " (tx, n) FORMAT TabSeparated");
    return buf_detach(&sql);
}
