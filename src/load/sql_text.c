/* SPDX-License-Identifier: MIT */
/* Adds names, texts, days and hashes to SQL, quoted, and writes the statement that all databases
 * share. */
#include "load/sql_text.h"

#include "base/date.h"

#include <inttypes.h>

enum { STATEMENT_MAX = 64 * 1024 };

static void add_quoted(struct buf *sql, char quote, const char *text)
{
    buf_add_char(sql, quote);
    for (; *text; text++) {
        if (*text == quote)
            buf_add_char(sql, quote);
        buf_add_char(sql, *text);
    }
    buf_add_char(sql, quote);
}

void sql_add_name(struct buf *sql, const char *name)
{
    add_quoted(sql, '"', name);
}

void sql_add_literal(struct buf *sql, const char *text)
{
    add_quoted(sql, '\'', text);
}

static void add_quoted_for(enum sql_dialect dialect, struct buf *sql, char quote, const char *text)
{
    if (dialect != DIALECT_CLICKHOUSE) {
        add_quoted(sql, quote, text);
        return;
    }
    buf_add_char(sql, quote);
    for (; *text; text++) {
        if (*text == quote || *text == '\\')
            buf_add_char(sql, '\\');
        buf_add_char(sql, *text);
    }
    buf_add_char(sql, quote);
}

void sql_add_name_for(enum sql_dialect dialect, struct buf *sql, const char *name)
{
    add_quoted_for(dialect, sql, '"', name);
}

void sql_add_literal_for(enum sql_dialect dialect, struct buf *sql, const char *text)
{
    add_quoted_for(dialect, sql, '\'', text);
}

void sql_add_day(struct buf *sql, int32_t day)
{
    char text[DATE_ISO_SIZE];

    sql_add_literal(sql, date_format_iso(day, text));
}

void sql_add_hash(struct buf *sql, struct hash128 hash)
{
    buf_addf(sql, "'%016" PRIx64 "%016" PRIx64 "'", hash.high, hash.low);
}

void sql_add_columns(struct buf *sql, const struct report *report, const char *prefix)
{
    for (size_t i = 0; i < report->column_count; i++) {
        buf_addf(sql, "%s%s", i ? ", " : "", prefix);
        sql_add_name(sql, report->columns[i].name);
    }
}

char *sql_alter_add_column(const struct report *report, const char *name, const char *type)
{
    struct buf sql = BUF_INIT(STATEMENT_MAX);

    buf_add_text(&sql, "ALTER TABLE ");
    sql_add_name(&sql, report->name);
    buf_add_text(&sql, " ADD COLUMN ");
    sql_add_name(&sql, name);
    buf_addf(&sql, " %s", type);
    return buf_detach(&sql);
}
