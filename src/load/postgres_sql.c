/* SPDX-License-Identifier: MIT */
/* The texts of statements on a report's table. Names come from YAML and are always quoted; days are
 * written out, because COPY takes no parameters. */
#include "load/postgres_internal.h"

#include "base/date.h"

enum { SQL_MAX = 1024 * 1024 };

static void add_name_part(struct buf *sql, const char *name)
{
    for (; *name; name++) {
        if (*name == '"')
            buf_add_char(sql, '"');
        buf_add_char(sql, *name);
    }
}

static void add_name(struct buf *sql, const char *name)
{
    buf_add_char(sql, '"');
    add_name_part(sql, name);
    buf_add_char(sql, '"');
}

/* E'…', which means the same whatever standard_conforming_strings says. */
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

static void add_index_name(struct buf *sql, const char *table, const char *suffix)
{
    buf_add_char(sql, '"');
    add_name_part(sql, table);
    buf_addf(sql, "_%s\"", suffix);
}

/* "A", "B", …, each with a prefix */
static void add_columns(struct buf *sql, const struct report *report, const char *prefix)
{
    for (size_t i = 0; i < report->column_count; i++) {
        buf_addf(sql, "%s%s", i ? ", " : "", prefix);
        add_name(sql, report->columns[i].name);
    }
}

/* prefix"DATE" */
static void add_window_date(struct buf *sql, const struct report *report, const char *prefix)
{
    buf_add_text(sql, prefix);
    add_name(sql, report->columns[report->window_date].name);
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

    add_name(&sql, report->name);
    return buf_detach(&sql);
}

char *postgres_sql_index_name(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    add_index_name(&sql, report->name, "window");
    return buf_detach(&sql);
}

/* Hashes are uuids: as long in the index as bytea, a little shorter in the table, half as long on
 * the way out as text, and joined and printed without ado. */
char *postgres_sql_create_table(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "CREATE TABLE ");
    add_name(&sql, report->name);
    buf_add_text(&sql, " (");
    for (size_t i = 0; i < report->column_count; i++) {
        add_name(&sql, report->columns[i].name);
        buf_addf(&sql, " %s, ", type_name(report->columns[i].type));
    }
    buf_add_text(&sql,
                 "\"" COLUMN_ROW_KEY "\" uuid NOT NULL, \"" COLUMN_ROW_HASH "\" uuid NOT NULL)");
    return buf_detach(&sql);
}

/* Nullable columns are added at once, whatever the table's size. The index is for finding the rows
 * that have no key yet, and empty when all are taken over. */
char *postgres_sql_adopt_table(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "ALTER TABLE ");
    add_name(&sql, report->name);
    buf_add_text(&sql, " ADD COLUMN \"" COLUMN_ROW_KEY "\" uuid, ADD COLUMN \"" COLUMN_ROW_HASH
                       "\" uuid; CREATE INDEX ");
    add_index_name(&sql, report->name, "strangers");
    buf_add_text(&sql, " ON ");
    add_name(&sql, report->name);
    buf_add_text(&sql, " (");
    add_window_date(&sql, report, "");
    buf_add_text(&sql, ") WHERE \"" COLUMN_ROW_KEY "\" IS NULL");
    return buf_detach(&sql);
}

char *postgres_sql_add_column(const struct report *report, const char *name)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "ALTER TABLE ");
    add_name(&sql, report->name);
    buf_add_text(&sql, " ADD COLUMN ");
    add_name(&sql, name);
    buf_addf(&sql, " %s", type_name(COLUMN_TEXT));
    return buf_detach(&sql);
}

/* Identity and snapshot in one: a window is a range of it, and never needs the table. Rows that were
 * there before us have no key and may be there twice, so they are no part of it; a table that we
 * made has none, and its index no condition. */
char *postgres_sql_create_index(const struct report *report, bool adopted)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "CREATE UNIQUE INDEX ");
    add_index_name(&sql, report->name, "window");
    buf_add_text(&sql, " ON ");
    add_name(&sql, report->name);
    buf_add_text(&sql, " (");
    add_window_date(&sql, report, "");
    buf_add_text(&sql,
                 ", \"" COLUMN_ROW_KEY "\") INCLUDE (\"" COLUMN_ROW_HASH "\") NULLS NOT DISTINCT");
    if (adopted)
        buf_add_text(&sql, " WHERE \"" COLUMN_ROW_KEY "\" IS NOT NULL");
    return buf_detach(&sql);
}

char *postgres_sql_is_adopted(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX), name = BUF_INIT(SQL_MAX);

    add_name(&name, report->name);
    buf_add_text(&sql, "SELECT NOT attnotnull FROM pg_attribute WHERE attrelid = to_regclass(");
    add_literal(&sql, buf_text(&name));
    buf_add_text(&sql, ") AND attname = '" COLUMN_ROW_KEY "'");
    buf_done(&name);
    return buf_detach(&sql);
}

static void add_stranger(struct buf *sql)
{
    buf_add_text(sql, " AND \"" COLUMN_ROW_KEY "\" IS NULL");
}

char *postgres_sql_key_undated(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "UPDATE ");
    add_name(&sql, report->name);
    buf_add_text(&sql, " SET \"" COLUMN_ROW_KEY "\" = gen_random_uuid(), \"" COLUMN_ROW_HASH
                       "\" = '00000000-0000-0000-0000-000000000000' WHERE ");
    add_window_date(&sql, report, "");
    buf_add_text(&sql, " IS NULL");
    add_stranger(&sql);
    return buf_detach(&sql);
}

char *postgres_sql_count_strangers(const struct report *report, struct window window)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "SELECT count(*) FROM ");
    add_name(&sql, report->name);
    buf_add_text(&sql, " WHERE ");
    add_owned(&sql, report, "", window);
    add_stranger(&sql);
    return buf_detach(&sql);
}

char *postgres_sql_delete_strangers(const struct report *report, struct window window)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "DELETE FROM ");
    add_name(&sql, report->name);
    buf_add_text(&sql, " WHERE ");
    add_owned(&sql, report, "", window);
    add_stranger(&sql);
    return buf_detach(&sql);
}

static void add_snapshot_part(struct buf *sql, const struct report *report, const char *undated)
{
    buf_addf(sql, "SELECT \"" COLUMN_ROW_KEY "\", \"" COLUMN_ROW_HASH "\", %s FROM ", undated);
    add_name(sql, report->name);
    buf_add_text(sql, " WHERE \"" COLUMN_ROW_KEY "\" IS NOT NULL AND ");
}

/* Two halves, so that each is one range of the index. */
char *postgres_sql_snapshot(const struct report *report, struct window window)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "COPY (");
    add_snapshot_part(&sql, report, "false");
    add_owned(&sql, report, "", window);
    buf_add_text(&sql, " UNION ALL ");
    add_snapshot_part(&sql, report, "true");
    add_window_date(&sql, report, "");
    buf_add_text(&sql, " IS NULL) TO STDOUT (FORMAT binary)");
    return buf_detach(&sql);
}

static void add_copied_columns(struct buf *sql, const struct report *report)
{
    add_columns(sql, report, "");
    buf_add_text(sql, ", \"" COLUMN_ROW_KEY "\", \"" COLUMN_ROW_HASH "\"");
}

char *postgres_sql_copy_in(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "COPY ");
    add_name(&sql, report->name);
    buf_add_text(&sql, " (");
    add_copied_columns(&sql, report);
    buf_add_text(&sql, ") FROM STDIN");
    return buf_detach(&sql);
}

/* AS SELECT gives it the types that the table's columns really have, and none of its conditions. */
char *postgres_sql_create_staging(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql,
                 "CREATE TEMP TABLE " STAGING_TABLE " ON COMMIT DROP AS SELECT 0 AS _row_number, ");
    add_copied_columns(&sql, report);
    buf_add_text(&sql, " FROM ");
    add_name(&sql, report->name);
    buf_add_text(&sql, " WITH NO DATA");
    return buf_detach(&sql);
}

char *postgres_sql_copy_staging(const struct report *report)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "COPY " STAGING_TABLE " (_row_number, ");
    add_copied_columns(&sql, report);
    buf_add_text(&sql, ") FROM STDIN");
    return buf_detach(&sql);
}

/*
 * A row that the window does not own is not found, so it can be neither updated nor deleted. A row
 * to be updated has the date that it had before, because the date is part of its key: one look into
 * the index finds it. Of a key to be deleted only the window is known.
 *
 * Dated and undated rows are told apart by the statement and not by an OR within it, for which
 * PostgreSQL would read the whole table.
 */
static void add_match(struct buf *sql, const struct report *report, struct window window,
                      enum staged staged)
{
    buf_addf(sql,
             "t.\"" COLUMN_ROW_KEY "\" = s.\"" COLUMN_ROW_KEY "\" AND s.\"" COLUMN_ROW_HASH
             "\" IS %s AND ",
             staged == STAGED_REMOVED ? "NULL" : "NOT NULL");
    if (staged == STAGED_UNDATED) {
        add_window_date(sql, report, "s.");
        buf_add_text(sql, " IS NULL AND ");
        add_window_date(sql, report, "t.");
        buf_add_text(sql, " IS NULL");
        return;
    }
    if (staged == STAGED_DATED) {
        add_window_date(sql, report, "t.");
        buf_add_text(sql, " = ");
        add_window_date(sql, report, "s.");
        buf_add_text(sql, " AND ");
        add_owned(sql, report, "t.", window);
        return;
    }
    buf_add_char(sql, '(');
    add_owned(sql, report, "t.", window);
    buf_add_text(sql, " OR ");
    add_window_date(sql, report, "t.");
    buf_add_text(sql, " IS NULL)");
}

char *postgres_sql_read_staged(const struct report *report, struct window window,
                               enum staged staged, const char *cursor)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_addf(&sql, "DECLARE %s NO SCROLL CURSOR FOR SELECT s._row_number, ", cursor);
    add_columns(&sql, report, "t.");
    buf_add_text(&sql, " FROM " STAGING_TABLE " AS s JOIN ");
    add_name(&sql, report->name);
    buf_add_text(&sql, " AS t ON ");
    add_match(&sql, report, window, staged);
    buf_add_text(&sql, " ORDER BY 1");
    return buf_detach(&sql);
}

char *postgres_sql_delete_staged(const struct report *report, struct window window)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "DELETE FROM ");
    add_name(&sql, report->name);
    buf_add_text(&sql, " AS t USING " STAGING_TABLE " AS s WHERE ");
    add_match(&sql, report, window, STAGED_REMOVED);
    return buf_detach(&sql);
}

char *postgres_sql_update_staged(const struct report *report, struct window window,
                                 enum staged staged)
{
    struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "UPDATE ");
    add_name(&sql, report->name);
    buf_add_text(&sql, " AS t SET ");
    for (size_t i = 0; i < report->column_count; i++) {
        add_name(&sql, report->columns[i].name);
        buf_add_text(&sql, " = s.");
        add_name(&sql, report->columns[i].name);
        buf_add_text(&sql, ", ");
    }
    buf_add_text(&sql, "\"" COLUMN_ROW_HASH "\" = s.\"" COLUMN_ROW_HASH "\" FROM " STAGING_TABLE
                       " AS s WHERE ");
    add_match(&sql, report, window, staged);
    return buf_detach(&sql);
}
