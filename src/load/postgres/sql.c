/* SPDX-License-Identifier: MIT */
/* Writes the statements on a report's table. Names come from YAML and are always quoted. Days are
 * written into the text, because COPY takes no parameters. */
#include "load/postgres/sql.h"

#include "base/date.h"
#include "load/sql_text.h"

#include <string.h>

enum { SQL_MAX = 1024 * 1024 };

/* Adds E'…', which means the same for every standard_conforming_strings. */
static void add_literal(struct buf *sql, const char *text)
{
    buf_add_text(sql, "E'");
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            buf_add_char(sql, *text);
        buf_add_char(sql, *text);
    }
    buf_add_char(sql, '\'');
}

/* prefix"DATE" */
static void add_window_date(struct buf *sql, const struct report *report, const char *prefix)
{
    buf_add_text(sql, prefix);
    sql_add_name(sql, report->columns[report->window_date].name);
}

static void add_owned(struct buf *sql, const struct report *report, const char *prefix,
                      struct window window)
{
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];

    add_window_date(sql, report, prefix);
    buf_addf(sql, " BETWEEN '%s' AND '%s'", date_format_iso(window.own_first, first),
             date_format_iso(window.own_last, last));
}

static const char *type_name(enum column_type type)
{
    static const char *const names[] = {
        [COLUMN_TEXT] = "text",
        [COLUMN_DATE] = "date",
        [COLUMN_TIME] = "time",
        [COLUMN_TIMESTAMP] = "timestamp",
    };
    return names[type];
}

char *postgres_sql_table_name(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    sql_add_name(&sql, report->name);
    return buf_detach(&sql);
}

/* Hashes are uuids. A uuid is as long as bytea in the index, a little shorter in the table, half as
 * long as text when it is sent, and is joined and printed without conversion. */
char *postgres_sql_create_table(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "CREATE TABLE ");
    sql_add_name(&sql, report->name);
    buf_add_text(&sql, " (");
    for (size_t i = 0; i < report->column_count; i++) {
        sql_add_name(&sql, report->columns[i].name);
        buf_addf(&sql, " %s, ", type_name(report->columns[i].type));
    }
    buf_add_text(&sql,
                 "\"" COLUMN_ROW_KEY "\" uuid NOT NULL, \"" COLUMN_ROW_HASH "\" uuid NOT NULL)");
    return buf_detach(&sql);
}

/* Adding nullable columns takes no time, whatever the size of the table. */
char *postgres_sql_adopt_table(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "ALTER TABLE ");
    sql_add_name(&sql, report->name);
    buf_add_text(&sql, " ADD COLUMN \"" COLUMN_ROW_KEY "\" uuid, ADD COLUMN \"" COLUMN_ROW_HASH
                       "\" uuid");
    return buf_detach(&sql);
}

char *postgres_sql_add_column(const struct report *report, const char *name)
{
    return sql_alter_add_column(report, name, type_name(COLUMN_TEXT));
}

/* Adds CREATE … "name" ON "table" ("DATE"; without a name PostgreSQL chooses a free one. */
static void begin_index(struct buf *sql, const char *create, const char *name,
                        const struct report *report)
{
    buf_add_text(sql, create);
    if (name)
        sql_add_name(sql, name);
    buf_add_text(sql, " ON ");
    sql_add_name(sql, report->name);
    buf_add_text(sql, " (");
    add_window_date(sql, report, "");
}

/* The index keeps rows unique and is what snapshots read: a window is one range of it, and the
 * table itself is not read. In an adopted table the legacy rows have no key and may be there twice,
 * so its index leaves them out; a table that etl-sigos made has no such rows, and its index no
 * condition. */
char *postgres_sql_create_index(const struct report *report, const char *name, bool adopted)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    begin_index(&sql, "CREATE UNIQUE INDEX ", name, report);
    buf_add_text(&sql,
                 ", \"" COLUMN_ROW_KEY "\") INCLUDE (\"" COLUMN_ROW_HASH "\") NULLS NOT DISTINCT");
    if (adopted)
        buf_add_text(&sql, " WHERE \"" COLUMN_ROW_KEY "\" IS NOT NULL");
    return buf_detach(&sql);
}

/* The index finds the rows that have no key yet; it is empty once all are replaced. */
char *postgres_sql_create_legacy_index(const struct report *report, const char *name)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    begin_index(&sql, "CREATE INDEX ", name, report);
    buf_add_text(&sql, ") WHERE \"" COLUMN_ROW_KEY "\" IS NULL");
    return buf_detach(&sql);
}

char *postgres_sql_is_adopted(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX), name = BUF_INIT(SQL_MAX);

    sql_add_name(&name, report->name);
    buf_add_text(&sql, "SELECT NOT attnotnull FROM pg_attribute WHERE attrelid = to_regclass(");
    add_literal(&sql, buf_text(&name));
    buf_add_text(&sql, ") AND attname = '" COLUMN_ROW_KEY "'");
    buf_done(&name);
    return buf_detach(&sql);
}

static void add_legacy_row(struct buf *sql)
{
    buf_add_text(sql, " AND \"" COLUMN_ROW_KEY "\" IS NULL");
}

char *postgres_sql_key_undated(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "UPDATE ");
    sql_add_name(&sql, report->name);
    buf_add_text(&sql, " SET \"" COLUMN_ROW_KEY "\" = gen_random_uuid(), \"" COLUMN_ROW_HASH
                       "\" = '00000000-0000-0000-0000-000000000000' WHERE ");
    add_window_date(&sql, report, "");
    buf_add_text(&sql, " IS NULL");
    add_legacy_row(&sql);
    return buf_detach(&sql);
}

char *postgres_sql_count_legacy(const struct report *report, struct window window)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "SELECT count(*) FROM ");
    sql_add_name(&sql, report->name);
    buf_add_text(&sql, " WHERE ");
    add_owned(&sql, report, "", window);
    add_legacy_row(&sql);
    return buf_detach(&sql);
}

char *postgres_sql_delete_legacy(const struct report *report, struct window window)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "DELETE FROM ");
    sql_add_name(&sql, report->name);
    buf_add_text(&sql, " WHERE ");
    add_owned(&sql, report, "", window);
    add_legacy_row(&sql);
    return buf_detach(&sql);
}

static void add_snapshot_part(struct buf *sql, const struct report *report)
{
    buf_add_text(sql, "SELECT \"" COLUMN_ROW_KEY "\", \"" COLUMN_ROW_HASH "\", ");
    add_window_date(sql, report, "");
    buf_add_text(sql, " FROM ");
    sql_add_name(sql, report->name);
    buf_add_text(sql, " WHERE \"" COLUMN_ROW_KEY "\" IS NOT NULL AND ");
}

/* Reads dated and undated rows in two halves, so that each is one range of the index. */
char *postgres_sql_snapshot(const struct report *report, struct window window)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "COPY (");
    add_snapshot_part(&sql, report);
    add_owned(&sql, report, "", window);
    buf_add_text(&sql, " UNION ALL ");
    add_snapshot_part(&sql, report);
    add_window_date(&sql, report, "");
    buf_add_text(&sql, " IS NULL) TO STDOUT (FORMAT binary)");
    return buf_detach(&sql);
}

/* Adds a bound of the window date if one is given. */
static void add_bound(struct buf *sql, const struct report *report, const char *operator,
                      bool given, int32_t day)
{
    char text[DATE_ISO_SIZE];

    if (!given)
        return;
    buf_add_text(sql, " AND ");
    add_window_date(sql, report, "");
    buf_addf(sql, " %s '%s'", operator, date_format_iso(day, text));
}

/* Casts every column to text in the server, because PostgreSQL has values that the program never
 * writes (fractions of seconds, infinity, years of five digits), and each has a text of its own. */
static void begin_whole_rows(struct buf *sql, const struct report *report)
{
    buf_add_text(sql, "SELECT \"" COLUMN_ROW_KEY "\", \"" COLUMN_ROW_HASH "\"");
    for (size_t i = 0; i < report->column_count; i++) {
        buf_add_text(sql, ", ");
        sql_add_name(sql, report->columns[i].name);
        buf_add_text(sql, "::text");
    }
    buf_add_text(sql, " FROM ");
    sql_add_name(sql, report->name);
    buf_add_text(sql, " WHERE true");
}

/* Has two halves for the same reason as the snapshot. */
char *postgres_sql_read_rows(const struct report *report, struct row_range range)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "COPY (");
    begin_whole_rows(&sql, report);
    add_bound(&sql, report, ">=", range.has_first, range.first);
    add_bound(&sql, report, "<=", range.has_last, range.last);
    if (range.undated_too && (range.has_first || range.has_last)) {
        buf_add_text(&sql, " UNION ALL ");
        begin_whole_rows(&sql, report);
        buf_add_text(&sql, " AND ");
        add_window_date(&sql, report, "");
        buf_add_text(&sql, " IS NULL");
    }
    buf_add_text(&sql, ") TO STDOUT (FORMAT binary)");
    return buf_detach(&sql);
}

static void add_copied_columns(struct buf *sql, const struct report *report)
{
    sql_add_columns(sql, report, "");
    buf_add_text(sql, ", \"" COLUMN_ROW_KEY "\", \"" COLUMN_ROW_HASH "\"");
}

char *postgres_sql_copy_in(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "COPY ");
    sql_add_name(&sql, report->name);
    buf_add_text(&sql, " (");
    add_copied_columns(&sql, report);
    buf_add_text(&sql, ") FROM STDIN (FORMAT binary)");
    return buf_detach(&sql);
}

/* Adds unnest() of the array parameters, one for each column. With arrays no temporary table is
 * needed for about ten rows in each of sixty windows, and PostgreSQL knows how many rows there
 * are. */
static void add_arrays(struct buf *sql, const char *types)
{
    int number = 0;

    buf_add_text(sql, "unnest(");
    for (; *types; types += strcspn(types, " "), types += *types == ' ') {
        buf_addf(sql, "%s$%d::%.*s[]", number ? ", " : "", number + 1, (int)strcspn(types, " "),
                 types);
        number++;
    }
    buf_add_char(sql, ')');
}

/* Adds the condition that finds a row by key and day. Dated and undated rows have different
 * conditions, because neither IS NOT DISTINCT FROM nor an OR of both would use the index. That the
 * days are the window's is checked by the caller: a condition for it would make PostgreSQL expect
 * almost no rows, and read the whole window once for each row. */
static void add_match(struct buf *sql, const struct report *report, const char *table,
                      enum rows rows)
{
    buf_addf(sql, "%s\"" COLUMN_ROW_KEY "\" = s.key AND ", table);
    if (rows == ROWS_UNDATED)
        buf_add_text(sql, "s.day IS NULL AND ");
    add_window_date(sql, report, table);
    buf_add_text(sql, rows == ROWS_DATED ? " = s.day" : " IS NULL");
}

/* Begins a statement that returns the old cells of its rows, each with its number in the arrays, in
 * the order of the arrays. */
static void begin_changing(struct buf *sql, const struct report *report, const char *verb)
{
    buf_addf(sql, "WITH was AS (%s ", verb);
    sql_add_name(sql, report->name);
    buf_add_text(sql, " AS t ");
}

static void end_changing(struct buf *sql, const struct report *report, const char *table)
{
    buf_add_text(sql, " RETURNING s.n, ");
    sql_add_columns(sql, report, table);
    buf_add_text(sql, ") SELECT * FROM was ORDER BY 1");
}

char *postgres_sql_delete(const struct report *report, enum rows rows)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    begin_changing(&sql, report, "DELETE FROM");
    buf_add_text(&sql, "USING ");
    add_arrays(&sql, "uuid date");
    buf_add_text(&sql, " WITH ORDINALITY AS s (key, day, n) WHERE ");
    add_match(&sql, report, "t.", rows);
    end_changing(&sql, report, "t.");
    return buf_detach(&sql);
}

char *postgres_sql_delete_strays(const struct report *report, struct window window)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    begin_changing(&sql, report, "DELETE FROM");
    buf_add_text(&sql, "USING ");
    add_arrays(&sql, "uuid");
    buf_add_text(&sql,
                 " WITH ORDINALITY AS s (key, n) WHERE t.\"" COLUMN_ROW_KEY "\" = s.key AND NOT (");
    add_owned(&sql, report, "t.", window);
    buf_add_char(&sql, ')');
    end_changing(&sql, report, "t.");
    return buf_detach(&sql);
}

/* RETURNING returns only new values, so the row is also joined as `o`, which has the old ones. The
 * joined row is found again by ctid and tableoid: in a partitioned table each partition may have a
 * row with that ctid. */
char *postgres_sql_update(const struct report *report, enum rows rows)
{
    struct buf sql = BUF_INIT(SQL_MAX), types = BUF_INIT(SQL_MAX), names = BUF_INIT(SQL_MAX);

    buf_add_text(&types, "uuid date uuid");
    begin_changing(&sql, report, "UPDATE");
    buf_add_text(&sql, "SET ");
    for (size_t i = 0; i < report->column_count; i++) {
        sql_add_name(&sql, report->columns[i].name);
        buf_addf(&sql, " = s.c%zu, ", i);
        buf_addf(&types, " %s", type_name(report->columns[i].type));
        buf_addf(&names, ", c%zu", i);
    }
    buf_add_text(&sql, "\"" COLUMN_ROW_HASH "\" = s.hash FROM ");
    add_arrays(&sql, buf_text(&types));
    buf_addf(&sql, " WITH ORDINALITY AS s (key, day, hash%s, n) JOIN ", buf_text(&names));
    sql_add_name(&sql, report->name);
    buf_add_text(&sql, " AS o ON ");
    add_match(&sql, report, "o.", rows);
    buf_add_text(&sql, " WHERE t.ctid = o.ctid AND t.tableoid = o.tableoid");
    end_changing(&sql, report, "o.");
    buf_done(&types);
    buf_done(&names);
    return buf_detach(&sql);
}
