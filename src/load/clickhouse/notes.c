/* SPDX-License-Identifier: MIT */
/* Notes doubts and habits by appending: the last entry of a line or row that is committed counts.
 */
#include "load/clickhouse/notes.h"

#include "base/date.h"
#include "base/mem.h"
#include "load/clickhouse/text.h"

#include <inttypes.h>
#include <string.h>

enum {
    SQL_MAX = 64 * 1024,
    ROWS_MAX = 64 * 1024 * 1024,
    /* Of entries of one window about the same line or row the greater n counts: what is noted
     * comes after what is forgotten. */
    N_FORGOTTEN = 0,
    N_NOTED = 1,
};

static bool open_lines(struct destination *base, const char *report, destination_row *row,
                       void *arg, struct error *err)
{
    static const char sql[] =
        "SELECT line_id, run_id, own_first, own_last FROM etl_unread_lines WHERE report = $1"
        " AND (line_id, own_first, own_last) NOT IN (SELECT line_id, own_first, own_last"
        " FROM (SELECT report, line_id, seen_run_id, own_first, own_last FROM etl_unread_lines"
        " WHERE report = $1) AS u"
        " ALL INNER JOIN (SELECT DISTINCT report, run_id AS later, own_first AS f, own_last AS l"
        " FROM etl_windows WHERE report = $1 AND status = 'loaded' AND complete != 0 AND run_id >"
        " (SELECT min(seen_run_id) FROM etl_unread_lines WHERE report = $1)) AS w USING report"
        " WHERE later > seen_run_id AND NOT (f = own_first AND l = own_last)"
        " AND f <= own_last AND l >= own_first)";

    return clickhouse_query(&clickhouse_of(base)->ch, "read the open lines", sql, &report, 1, row,
                            arg, err);
}

/* Appends "forgotten" for entries that pass the condition. */
static bool forget(struct clickhouse_destination *dest, const char *purpose, const char *insert,
                   const char *from, struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);
    const char *report = dest->base.report->name;
    const struct window *window = &dest->base.window;
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];
    const char *const values[] = {report, date_format_iso(window->own_first, first),
                                  date_format_iso(window->own_last, last)};

    buf_addf(&sql, "%s SELECT toUInt64(%" PRIu64 "), toUInt32(%d), ", insert, dest->tx,
             N_FORGOTTEN);
    clickhouse_bind(&sql, from, values, sizeof(values) / sizeof(*values));
    return clickhouse_run(&dest->ch, purpose, buf_text(&sql), err);
}

static const char insert_rows[] = "INSERT INTO etl_kept_rows_log (tx, n, report, row_key, run_id,"
                                  " window_date, undated, gone)";
static const char insert_lines[] = "INSERT INTO etl_unread_lines_log (tx, n, report, line_id,"
                                   " run_id, seen_run_id, own_first, own_last, gone)";

static bool forget_rows(struct destination *base, bool undated, struct error *err)
{
    return forget(clickhouse_of(base), "forget rows that were kept", insert_rows,
                  undated ? "report, row_key, run_id, coalesce(window_date, toDate(0)),"
                            " isNull(window_date), 1 FROM etl_kept_rows WHERE report = $1"
                            " AND ((window_date >= $2 AND window_date <= $3)"
                            " OR window_date IS NULL)"
                          : "report, row_key, run_id, coalesce(window_date, toDate(0)),"
                            " isNull(window_date), 1 FROM etl_kept_rows WHERE report = $1"
                            " AND window_date >= $2 AND window_date <= $3",
                  err);
}

static bool forget_lines(struct destination *base, struct error *err)
{
    return forget(clickhouse_of(base), "forget lines that could be read", insert_lines,
                  "report, line_id, run_id, seen_run_id, own_first, own_last, 1"
                  " FROM etl_unread_lines WHERE report = $1 AND own_first >= $2"
                  " AND own_last <= $3",
                  err);
}

/* Adds number, report and id, with which the entries of both tables begin. */
static void add_begin(struct buf *rows, const struct clickhouse_destination *dest,
                      const struct doubt *doubt)
{
    buf_addf(rows, "%" PRIu64 "\t%d\t", dest->tx, N_NOTED);
    clickhouse_add_text(rows, dest->base.report->name);
    buf_addf(rows, "%016" PRIx64 "%016" PRIx64 "\t", doubt->id.high, doubt->id.low);
    clickhouse_add_text(rows, doubt->run);
}

static bool send_rows(struct clickhouse_destination *dest, const char *purpose, const char *insert,
                      const struct buf *rows, struct error *err)
{
    MEM_FREE_TEXT char *sql = mem_format("%s FORMAT TabSeparated", insert);

    if (rows->full)
        return clickhouse_report_error(&dest->ch, purpose, err, "they have over %d bytes",
                                       ROWS_MAX);
    return clickhouse_insert(&dest->ch, purpose, sql, rows, err);
}

static bool note_rows(struct destination *base, const struct doubt_list *list, struct error *err)
{
    struct clickhouse_destination *dest = clickhouse_of(base);
    BUF_DONE struct buf rows = BUF_INIT(ROWS_MAX);
    char day[DATE_ISO_SIZE];

    for (size_t i = 0; i < list->count; i++) {
        const struct doubt *row = &list->items[i];
        add_begin(&rows, dest, row);
        buf_addf(&rows, "%s\t%d\t0\n", date_format_iso(row->undated ? 0 : row->first, day),
                 row->undated);
    }
    return send_rows(dest, "note rows that are kept", insert_rows, &rows, err);
}

static bool note_lines(struct destination *base, const struct run *run,
                       const struct doubt_list *list, struct error *err)
{
    struct clickhouse_destination *dest = clickhouse_of(base);
    BUF_DONE struct buf rows = BUF_INIT(ROWS_MAX);
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];

    for (size_t i = 0; i < list->count; i++) {
        add_begin(&rows, dest, &list->items[i]);
        clickhouse_add_text(&rows, run->id);
        buf_addf(&rows, "%s\t%s\t0\n", date_format_iso(base->window.own_first, first),
                 date_format_iso(base->window.own_last, last));
    }
    return send_rows(dest, "note lines that could not be read", insert_lines, &rows, err);
}

/* The view shows a habit once, however often it is noted. */
static bool note_habit(struct destination *base, const struct run *run, const char *habit,
                       struct error *err)
{
    struct clickhouse_destination *dest = clickhouse_of(base);
    BUF_DONE struct buf row = BUF_INIT(SQL_MAX);

    buf_addf(&row, "%" PRIu64 "\t", dest->tx);
    clickhouse_add_text(&row, base->report->name);
    clickhouse_add_text(&row, habit);
    clickhouse_add_field(&row, (struct cell){run->id, strlen(run->id)});
    buf_add_char(&row, '\n');
    return send_rows(dest, "note how the portal exports",
                     "INSERT INTO etl_habits_log (tx, report, habit, run_id)", &row, err);
}

const struct note_ops clickhouse_notes = {
    .open_lines = open_lines,
    .forget_rows = forget_rows,
    .note_rows = note_rows,
    .forget_lines = forget_lines,
    .note_lines = note_lines,
    .note_habit = note_habit,
};
