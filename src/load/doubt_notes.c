/* SPDX-License-Identifier: MIT */
/* Reads and writes the tables etl_unread_lines and etl_kept_rows. */
#include "load/doubt_notes.h"

#include "base/buf.h"
#include "base/date.h"
#include "load/sql_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SQL_MAX = 1024 * 1024, AT_ONCE = 500, HASH_DIGITS = 32 };

static bool read_hash(struct cell cell, struct hash128 *out)
{
    char digits[HASH_DIGITS / 2 + 1] = "";
    char *end;

    if (!cell.text || cell.len != HASH_DIGITS)
        return false;
    memcpy(digits, cell.text, HASH_DIGITS / 2);
    out->high = strtoull(digits, &end, 16);
    if (*end)
        return false;
    memcpy(digits, cell.text + HASH_DIGITS / 2, HASH_DIGITS / 2);
    out->low = strtoull(digits, &end, 16);
    return !*end;
}

/* Takes a row (id, run, first day, last day). Skips a row that is not in the program's form,
 * because a person wrote it. */
static bool take_doubt(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct doubt_list *list = arg;
    struct doubt doubt = {0};

    (void)count;
    (void)err;
    if (!read_hash(cells[0], &doubt.id) || !cells[1].text)
        return true;
    snprintf(doubt.run, sizeof(doubt.run), "%.*s", (int)cells[1].len, cells[1].text);
    doubt.undated = !cells[2].text;
    if (cells[2].text && !(date_parse_iso(cells[2].text, cells[2].len, &doubt.first) &&
                           date_parse_iso(cells[3].text, cells[3].len, &doubt.last)))
        return true;
    doubt_list_add(list, &doubt);
    return true;
}

bool doubt_notes_read(struct destination *dest, const char *report, struct doubts *out,
                      struct error *err)
{
    BUF_DONE struct buf lines = BUF_INIT(SQL_MAX), rows = BUF_INIT(SQL_MAX);

    buf_add_text(&lines, "SELECT line_id, run_id, own_first, own_last FROM etl_unread_lines AS l"
                         " WHERE NOT EXISTS (SELECT 1 FROM etl_windows AS w"
                         " WHERE w.report = l.report AND w.status = 'loaded' AND w.complete <> 0"
                         " AND w.run_id > l.seen_run_id"
                         " AND NOT (w.own_first = l.own_first AND w.own_last = l.own_last)"
                         " AND w.own_first <= l.own_last AND w.own_last >= l.own_first)"
                         " AND report = ");
    sql_add_literal(&lines, report);
    buf_add_text(&rows, "SELECT row_key, run_id, window_date, window_date FROM etl_kept_rows"
                        " WHERE report = ");
    sql_add_literal(&rows, report);
    return destination_query(dest, buf_text(&lines), take_doubt, &out->lines, err) &&
           destination_query(dest, buf_text(&rows), take_doubt, &out->rows, err);
}

static bool is_within(const struct doubt *row, struct window window, bool undated)
{
    return row->undated ? undated : row->first >= window.own_first && row->first <= window.own_last;
}

static bool is_line_within(const struct doubt *line, struct window window)
{
    return line->first >= window.own_first && line->last <= window.own_last;
}

static bool is_noted(const struct doubt_list *list, const struct doubt *doubt)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct doubt *noted = &list->items[i];
        if (hash128_equal(noted->id, doubt->id) && strcmp(noted->run, doubt->run) == 0 &&
            noted->undated == doubt->undated &&
            (doubt->undated || (noted->first == doubt->first && noted->last == doubt->last)))
            return true;
    }
    return false;
}

/* How many doubts are noted of a window's days, and how many of the plan's doubts are among all
 * notes. */
struct notes {
    size_t before, same;
};

static struct notes compare_lines(const struct doubts *before, const struct doubts *now,
                                  struct window window)
{
    struct notes notes = {0};

    for (size_t i = 0; i < before->lines.count; i++)
        notes.before += is_line_within(&before->lines.items[i], window);
    for (size_t i = 0; i < now->lines.count; i++)
        notes.same += is_noted(&before->lines, &now->lines.items[i]);
    return notes;
}

static struct notes compare_rows(const struct doubts *before, const struct doubts *now,
                                 struct window window, bool undated)
{
    struct notes notes = {0};

    for (size_t i = 0; i < before->rows.count; i++)
        notes.before += is_within(&before->rows.items[i], window, undated);
    for (size_t i = 0; i < now->rows.count; i++)
        notes.same += is_noted(&before->rows, &now->rows.items[i]);
    return notes;
}

static bool is_unchanged(struct notes notes, const struct doubt_list *now)
{
    return notes.before == notes.same && notes.same == now->count;
}

static bool forget_rows(struct destination *dest, struct window window, bool undated,
                        struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "DELETE FROM etl_kept_rows WHERE report = ");
    sql_add_literal(&sql, dest->report->name);
    buf_add_text(&sql, " AND (window_date BETWEEN ");
    sql_add_day(&sql, window.own_first);
    buf_add_text(&sql, " AND ");
    sql_add_day(&sql, window.own_last);
    buf_add_text(&sql, undated ? " OR window_date IS NULL)" : ")");
    return destination_execute(dest, "forget rows that were kept", buf_text(&sql), err);
}

/* Deletes the lines of windows that lie within these days. Lines that are still there are written
 * again. */
static bool forget_lines(struct destination *dest, struct window window, struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "DELETE FROM etl_unread_lines WHERE report = ");
    sql_add_literal(&sql, dest->report->name);
    buf_add_text(&sql, " AND own_first >= ");
    sql_add_day(&sql, window.own_first);
    buf_add_text(&sql, " AND own_last <= ");
    sql_add_day(&sql, window.own_last);
    return destination_execute(dest, "forget lines that could be read", buf_text(&sql), err);
}

/* How the doubts of one kind are written. */
struct writing {
    struct destination *dest;
    const struct run *run;
    struct window window;
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
    sql_add_day(sql, in->window.own_first);
    buf_add_char(sql, ',');
    sql_add_day(sql, in->window.own_last);
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

static bool write_rows(const struct writing *in, bool undated, const struct doubts *before,
                       const struct doubts *now, struct error *err)
{
    const struct notes notes = compare_rows(before, now, in->window, undated);

    return is_unchanged(notes, &now->rows) ||
           (forget_rows(in->dest, in->window, undated, err) && write_list(in, &now->rows, err));
}

static bool write_lines(const struct writing *in, const struct doubts *before,
                        const struct doubts *now, struct error *err)
{
    const struct notes notes = compare_lines(before, now, in->window);

    return is_unchanged(notes, &now->lines) ||
           ((!notes.before || forget_lines(in->dest, in->window, err)) &&
            write_list(in, &now->lines, err));
}

/* If nothing changed, seen_run_id stays that of the run that wrote the line. That is right for
 * windows of the same days, which are nearly all: only a later load of other days that does not
 * show the line closes it (doubt_notes_read). */
bool doubt_notes_write(struct destination *dest, const struct run *run, struct window window,
                       bool undated, const struct doubts *before, const struct doubts *now,
                       struct error *err)
{
    const struct writing rows = {
        .dest = dest,
        .window = window,
        .purpose = "note rows that are kept",
        .insert = "INSERT INTO etl_kept_rows (report, row_key, run_id, window_date) VALUES ",
        .conflict = " ON CONFLICT (report, row_key) DO UPDATE SET run_id = excluded.run_id,"
                    " window_date = excluded.window_date",
        .add = add_row,
    };
    const struct writing lines = {
        .dest = dest,
        .run = run,
        .window = window,
        .purpose = "note lines that could not be read",
        .insert = "INSERT INTO etl_unread_lines (report, line_id, run_id, seen_run_id, own_first,"
                  " own_last) VALUES ",
        .conflict = " ON CONFLICT (report, line_id, own_first, own_last) DO UPDATE"
                    " SET run_id = excluded.run_id, seen_run_id = excluded.seen_run_id",
        .add = add_line,
    };

    return write_rows(&rows, undated, before, now, err) && write_lines(&lines, before, now, err);
}
