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

char *clickhouse_sql_merge_table(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "CREATE TABLE IF NOT EXISTS ");
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

char *clickhouse_sql_view(const struct report *report, bool modern)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "CREATE VIEW IF NOT EXISTS ");
    clickhouse_add_name(&sql, report->name);
    buf_add_text(&sql, " AS SELECT ");
    for (size_t i = 0; i < report->column_count; i++) {
        clickhouse_add_name(&sql, report->columns[i].name);
        buf_add_text(&sql, ", ");
    }
    buf_add_text(&sql, COLUMN_ROW_KEY ", " COLUMN_ROW_HASH " FROM ");
    add_table(&sql, report, modern ? "_all" : "_rows");
    buf_add_text(&sql, " WHERE ");
    add_living(&sql, report, modern);
    return buf_detach(&sql);
}

static void add_days(struct buf *sql, struct window window)
{
    buf_addf(sql,
             " WHERE ((_day >= toDate(%" PRId32 ") AND _day <= toDate(%" PRId32
             ")) OR _day = toDate(0)) AND ",
             window.own_first, window.own_last);
}

/* The writer reads the rows themselves: nobody else commits in these days. */
char *clickhouse_sql_snapshot(const struct report *report, struct window window)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "SELECT " COLUMN_ROW_KEY ", " COLUMN_ROW_HASH ", toUInt32(_day), _id FROM ");
    add_table(&sql, report, "_rows");
    add_days(&sql, window);
    add_living(&sql, report, false);
    return buf_detach(&sql);
}

char *clickhouse_sql_read_old(const struct report *report, struct window window)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "SELECT _id");
    for (size_t i = 0; i < report->column_count; i++) {
        buf_add_text(&sql, ", ");
        clickhouse_add_name(&sql, report->columns[i].name);
    }
    buf_add_text(&sql, " FROM ");
    add_table(&sql, report, "_rows");
    add_days(&sql, window);
    buf_add_text(&sql, "_id IN (");
    return buf_detach(&sql);
}

char *clickhouse_sql_insert(const struct report *report, const char *suffix)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "INSERT INTO ");
    add_table(&sql, report, suffix);
    buf_add_text(&sql, " FORMAT TabSeparated");
    return buf_detach(&sql);
}
