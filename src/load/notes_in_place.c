/* SPDX-License-Identifier: MIT */
/* Notes doubts and habits where rows can be changed in place: in SQLite and PostgreSQL. */
#include "load/notes.h"

#include "base/buf.h"
#include "load/destination.h"
#include "load/sql_text.h"

enum { SQL_MAX = 1024 * 1024, AT_ONCE = 500 };

static bool open_lines(struct destination *dest, const char *report, destination_row *row,
                       void *arg, struct error *err)
{
    return destination_query_values(
        dest,
        "SELECT line_id, run_id, own_first, own_last FROM etl_unread_lines AS l"
        " WHERE NOT EXISTS (SELECT 1 FROM etl_windows AS w"
        " WHERE w.report = l.report AND w.status = 'loaded' AND w.complete <> 0"
        " AND w.run_id > l.seen_run_id"
        " AND NOT (w.own_first = l.own_first AND w.own_last = l.own_last)"
        " AND w.own_first <= l.own_last AND w.own_last >= l.own_first) AND report = $1",
        &report, 1, row, arg, err);
}

static bool forget_rows(struct destination *dest, bool undated, struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "DELETE FROM etl_kept_rows WHERE report = ");
    sql_add_literal(&sql, dest->report->name);
    buf_add_text(&sql, " AND (window_date BETWEEN ");
    sql_add_day(&sql, dest->window.own_first);
    buf_add_text(&sql, " AND ");
    sql_add_day(&sql, dest->window.own_last);
    buf_add_text(&sql, undated ? " OR window_date IS NULL)" : ")");
    return destination_execute(dest, "forget rows that were kept", buf_text(&sql), err);
}

static bool forget_lines(struct destination *dest, struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "DELETE FROM etl_unread_lines WHERE report = ");
    sql_add_literal(&sql, dest->report->name);
    buf_add_text(&sql, " AND own_first >= ");
    sql_add_day(&sql, dest->window.own_first);
    buf_add_text(&sql, " AND own_last <= ");
    sql_add_day(&sql, dest->window.own_last);
    return destination_execute(dest, "forget lines that could be read", buf_text(&sql), err);
}

/* How the doubts of one kind are written. */
struct writing {
    struct destination *dest;
    const struct run *run;
    const char *purpose, *insert, *conflict;
    void (*add)(struct buf *sql, const struct writing *in, const struct doubt *doubt);
};

static void add_row(struct buf *sql, const struct writing *in, const struct doubt *row)
{
    (void)in;
    if (row->undated)
        buf_add_text(sql, "NULL");
    else
        sql_add_day(sql, row->first);
}

static void add_line(struct buf *sql, const struct writing *in, const struct doubt *line)
{
    (void)line;
    sql_add_literal(sql, in->run->id);
    buf_add_char(sql, ',');
    sql_add_day(sql, in->dest->window.own_first);
    buf_add_char(sql, ',');
    sql_add_day(sql, in->dest->window.own_last);
}

/* Writes report, id and run, which both tables have, then the columns of one table (in->add). */
static bool write_list(const struct writing *in, const struct doubt_list *list, struct error *err)
{
    for (size_t from = 0; from < list->count; from += AT_ONCE) {
        BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);
        buf_add_text(&sql, in->insert);
        for (size_t i = from; i < list->count && i < from + AT_ONCE; i++) {
            buf_add_text(&sql, i > from ? ",(" : "(");
            sql_add_literal(&sql, in->dest->report->name);
            buf_add_char(&sql, ',');
            sql_add_hash(&sql, list->items[i].id);
            buf_add_char(&sql, ',');
            sql_add_literal(&sql, list->items[i].run);
            buf_add_char(&sql, ',');
            in->add(&sql, in, &list->items[i]);
            buf_add_char(&sql, ')');
        }
        buf_add_text(&sql, in->conflict);
        if (!destination_execute(in->dest, in->purpose, buf_text(&sql), err))
            return false;
    }
    return true;
}

static bool note_rows(struct destination *dest, const struct doubt_list *list, struct error *err)
{
    const struct writing rows = {
        .dest = dest,
        .purpose = "note rows that are kept",
        .insert = "INSERT INTO etl_kept_rows (report, row_key, run_id, window_date) VALUES ",
        .conflict = " ON CONFLICT (report, row_key) DO UPDATE SET run_id = excluded.run_id,"
                    " window_date = excluded.window_date",
        .add = add_row,
    };

    return write_list(&rows, list, err);
}

static bool note_lines(struct destination *dest, const struct run *run,
                       const struct doubt_list *list, struct error *err)
{
    const struct writing lines = {
        .dest = dest,
        .run = run,
        .purpose = "note lines that could not be read",
        .insert = "INSERT INTO etl_unread_lines (report, line_id, run_id, seen_run_id, own_first,"
                  " own_last) VALUES ",
        .conflict = " ON CONFLICT (report, line_id, own_first, own_last) DO UPDATE"
                    " SET run_id = excluded.run_id, seen_run_id = excluded.seen_run_id",
        .add = add_line,
    };

    return write_list(&lines, list, err);
}

static bool note_habit(struct destination *dest, const struct run *run, const char *habit,
                       struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "INSERT INTO etl_habits (report, habit, run_id) VALUES (");
    sql_add_literal(&sql, dest->report->name);
    buf_add_char(&sql, ',');
    sql_add_literal(&sql, habit);
    buf_add_char(&sql, ',');
    sql_add_literal(&sql, run->id);
    buf_add_text(&sql, ") ON CONFLICT (report, habit) DO NOTHING");
    return destination_execute(dest, "note how the portal exports", buf_text(&sql), err);
}

const struct note_ops notes_in_place = {
    .open_lines = open_lines,
    .forget_rows = forget_rows,
    .note_rows = note_rows,
    .forget_lines = forget_lines,
    .note_lines = note_lines,
    .note_habit = note_habit,
};
