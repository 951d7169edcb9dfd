/* SPDX-License-Identifier: MIT */
/* Writes rows of the journal in SQLite and PostgreSQL. */
#include "load/journal_import.h"

#include "base/buf.h"
#include "load/destination.h"
#include "load/sql_text.h"

enum { STATEMENT = 512 * 1024, SQL_MAX = 1024 * 1024 * 1024 };

static const char purpose[] = "write what the other database has";

static void add_value(struct buf *sql, const struct destination *dest, enum journal_type type,
                      struct cell cell)
{
    if (!cell.text) {
        buf_add_text(sql, "NULL");
        return;
    }
    if (type == JOURNAL_HASH && dest->ops->dialect == DIALECT_SQLITE)
        buf_add_char(sql, 'x');
    sql_add_literal(sql, cell.text);
}

static bool remove_rows(struct destination *dest, const struct journal_rows *gone,
                        struct error *err)
{
    const struct journal_table *table = gone->table;

    for (size_t i = 0; i < gone->count; i++) {
        BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);
        buf_addf(&sql, "DELETE FROM %s WHERE 1 = 1", table->name);
        for (size_t c = 0; c < table->column_count; c++) {
            if (!table->columns[c].key)
                continue;
            buf_addf(&sql, " AND %s = ", table->columns[c].name);
            add_value(&sql, dest, table->columns[c].type, journal_rows_at(gone, i)[c]);
        }
        if (!destination_execute(dest, purpose, buf_text(&sql), err))
            return false;
    }
    return true;
}

static void begin_insert(struct buf *sql, const struct journal_table *table)
{
    buf_reset(sql);
    buf_addf(sql, "INSERT INTO %s (", table->name);
    for (size_t c = 0; c < table->column_count; c++)
        buf_addf(sql, "%s%s", c ? ", " : "", table->columns[c].name);
    buf_add_text(sql, ") VALUES ");
}

static bool add_rows(struct destination *dest, const struct journal_rows *rows, struct error *err)
{
    const struct journal_table *table = rows->table;
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);

    begin_insert(&sql, table);
    for (size_t i = 0, first = 0; i < rows->count; i++) {
        buf_add_text(&sql, i > first ? ",(" : "(");
        for (size_t c = 0; c < table->column_count; c++) {
            buf_add_text(&sql, c ? "," : "");
            add_value(&sql, dest, table->columns[c].type, journal_rows_at(rows, i)[c]);
        }
        buf_add_char(&sql, ')');
        if (sql.len < STATEMENT && i + 1 < rows->count)
            continue;
        if (sql.full)
            return error_set(err, ERROR_DATABASE, "%s: a row of %s is too large", purpose,
                             table->name);
        if (!destination_execute(dest, purpose, buf_text(&sql), err))
            return false;
        begin_insert(&sql, table);
        first = i + 1;
    }
    return true;
}

bool journal_import_in_place(struct destination *dest, const struct journal_rows *gone,
                             const struct journal_rows *rows, struct error *err)
{
    if (!destination_begin_work(dest, err))
        return false;
    if (remove_rows(dest, gone, err) && add_rows(dest, rows, err) &&
        destination_commit_work(dest, err))
        return true;
    destination_rollback(dest);
    return false;
}
