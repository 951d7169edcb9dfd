/* SPDX-License-Identifier: MIT */
/* Writes the statements on a report's table. Names come from YAML and are always quoted. */
#include "load/sqlite/sql.h"

#include "base/buf.h"
#include "base/date.h"
#include "load/sql_text.h"

enum { SQL_MAX = 1024 * 1024 };

static const char *window_date(const struct report *report)
{
    return report->columns[report->window_date].name;
}

static const char *type_name(enum column_type type)
{
    static const char *const names[] = {
        [COLUMN_TEXT] = "TEXT",
        [COLUMN_DATE] = "DATE",
        [COLUMN_TIME] = "TIME",
        [COLUMN_TIMESTAMP] = "TIMESTAMP",
    };
    return names[type];
}

char *sqlite_sql_create_table(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "CREATE TABLE ");
    sql_add_name(&sql, report->name);
    buf_add_text(&sql, " (\n");
    for (size_t i = 0; i < report->column_count; i++) {
        buf_add_text(&sql, "    ");
        sql_add_name(&sql, report->columns[i].name);
        buf_addf(&sql, " %s,\n", type_name(report->columns[i].type));
    }
    buf_add_text(&sql, "    -- etl-sigos's own: which row this is, and what it holds, as hashes\n"
                       "    \"" COLUMN_ROW_KEY "\" BLOB NOT NULL,\n"
                       "    \"" COLUMN_ROW_HASH "\" BLOB NOT NULL\n)");
    return buf_detach(&sql);
}

char *sqlite_sql_create_index(const char *table, const char *name, bool unique,
                              const char *const columns[INDEX_COLUMNS_MAX])
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_addf(&sql, "CREATE %sINDEX ", unique ? "UNIQUE " : "");
    sql_add_name(&sql, name);
    buf_add_text(&sql, " ON ");
    sql_add_name(&sql, table);
    for (size_t i = 0; i < INDEX_COLUMNS_MAX && columns[i]; i++) {
        buf_add_text(&sql, i ? ", " : " (");
        sql_add_name(&sql, columns[i]);
    }
    buf_add_char(&sql, ')');
    return buf_detach(&sql);
}

char *sqlite_sql_add_column(const struct report *report, const char *name)
{
    return sql_alter_add_column(report, name, type_name(COLUMN_TEXT));
}

static void add_snapshot_part(struct buf *sql, const struct report *report)
{
    buf_add_text(sql, "SELECT \"" COLUMN_ROW_KEY "\", \"" COLUMN_ROW_HASH "\", ");
    sql_add_name(sql, window_date(report));
    buf_add_text(sql, " FROM ");
    sql_add_name(sql, report->name);
    buf_add_text(sql, " WHERE ");
    sql_add_name(sql, window_date(report));
}

/* Reads dated and undated rows in two halves, so that each is one range of the index. */
char *sqlite_sql_snapshot(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    add_snapshot_part(&sql, report);
    buf_add_text(&sql, " BETWEEN ?1 AND ?2 UNION ALL ");
    add_snapshot_part(&sql, report);
    buf_add_text(&sql, " IS NULL");
    return buf_detach(&sql);
}

static void add_bound(struct buf *sql, const struct report *report, const char *operator,
                      bool given, int32_t day)
{
    char text[DATE_ISO_SIZE];

    if (!given)
        return;
    buf_add_text(sql, " AND ");
    sql_add_name(sql, window_date(report));
    buf_addf(sql, " %s '%s'", operator, date_format_iso(day, text));
}

static void begin_whole_rows(struct buf *sql, const struct report *report)
{
    buf_add_text(sql, "SELECT \"" COLUMN_ROW_KEY "\", \"" COLUMN_ROW_HASH "\", ");
    sql_add_columns(sql, report, "");
    buf_add_text(sql, " FROM ");
    sql_add_name(sql, report->name);
    buf_add_text(sql, " WHERE 1");
}

char *sqlite_sql_read_rows(const struct report *report, struct row_range range)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    begin_whole_rows(&sql, report);
    add_bound(&sql, report, ">=", range.has_first, range.first);
    add_bound(&sql, report, "<=", range.has_last, range.last);
    if (range.undated_too && (range.has_first || range.has_last)) {
        buf_add_text(&sql, " UNION ALL ");
        begin_whole_rows(&sql, report);
        buf_add_text(&sql, " AND ");
        sql_add_name(&sql, window_date(report));
        buf_add_text(&sql, " IS NULL");
    }
    return buf_detach(&sql);
}

static char *read_where(const struct report *report, const char *whether)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "SELECT ");
    sql_add_columns(&sql, report, "");
    buf_add_text(&sql, " FROM ");
    sql_add_name(&sql, report->name);
    buf_addf(&sql, " WHERE \"" COLUMN_ROW_KEY "\" = ?1 AND %s(", whether);
    sql_add_name(&sql, window_date(report));
    buf_add_text(&sql, " BETWEEN ?2 AND ?3 OR ");
    sql_add_name(&sql, window_date(report));
    buf_add_text(&sql, " IS NULL)");
    return buf_detach(&sql);
}

/* A row outside the window is not found, so it can be neither updated nor deleted. */
char *sqlite_sql_read(const struct report *report)
{
    return read_where(report, "");
}

char *sqlite_sql_read_stray(const struct report *report)
{
    return read_where(report, "NOT ");
}

char *sqlite_sql_insert(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "INSERT INTO ");
    sql_add_name(&sql, report->name);
    buf_add_text(&sql, " (");
    sql_add_columns(&sql, report, "");
    buf_add_text(&sql, ", \"" COLUMN_ROW_KEY "\", \"" COLUMN_ROW_HASH "\") VALUES (");
    for (size_t i = 0; i < report->column_count; i++)
        buf_add_text(&sql, "?, ");
    buf_add_text(&sql, "?, ?)");
    return buf_detach(&sql);
}

char *sqlite_sql_update(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "UPDATE ");
    sql_add_name(&sql, report->name);
    buf_add_text(&sql, " SET ");
    for (size_t i = 0; i < report->column_count; i++) {
        sql_add_name(&sql, report->columns[i].name);
        buf_add_text(&sql, " = ?, ");
    }
    buf_add_text(&sql, "\"" COLUMN_ROW_HASH "\" = ? WHERE \"" COLUMN_ROW_KEY "\" = ?");
    return buf_detach(&sql);
}

char *sqlite_sql_delete(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "DELETE FROM ");
    sql_add_name(&sql, report->name);
    buf_add_text(&sql, " WHERE \"" COLUMN_ROW_KEY "\" = ?");
    return buf_detach(&sql);
}
