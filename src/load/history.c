/* SPDX-License-Identifier: MIT */
/* Reads the etl_* tables, which every destination has under the same names, with SELECTs. */
#include "load/history.h"

#include "base/buf.h"
#include "base/date.h"
#include "load/sql_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SQL_MAX = 16 * 1024 };

const struct history_kind history_changes = {
    .columns = {"run_id", "changed_at", "report", "op", "window_date", "key", "column_name",
                "before", "after"},
    .from = "etl_change_columns",
    .written_at = "changed_at",
    .window_date = "window_date",
    .run = "run_id",
    .order = "change_id DESC, column_name",
};

const struct history_kind history_rejects = {
    .columns = {"run_id", "report", "file", "line", "reason", "raw"},
    .from = "etl_rejects",
    .run = "run_id",
    .order = "run_id DESC, file, line",
};

const struct history_kind history_runs = {
    .columns = {"id", "mode", "started_at", "ended_at", "exit_code"},
    .from = "etl_runs",
    .written_at = "started_at",
    .run = "id",
    .order = "id DESC",
};

const struct history_kind history_windows = {
    .columns = {"run_id", "report", "first", "last", "status", "rows_read", "inserted", "updated",
                "deleted", "kept", "unchanged", "seconds", "reason"},
    .from = "etl_windows",
    .written_at = "started_at",
    .window_date = "own_first",
    .run = "run_id",
    .order = "id DESC",
};

const struct history_kind history_lost_windows = {
    .columns = {"run_id", "report", "first", "last", "status", "reason"},
    .from = "(SELECT * FROM etl_windows w WHERE status <> 'loaded'"
            " AND NOT EXISTS (SELECT 1 FROM etl_windows l WHERE l.report = w.report"
            " AND l.id > w.id AND l.status = 'loaded' AND l.own_first <= w.own_first"
            " AND l.own_last >= w.own_last)) AS lost",
    .written_at = "started_at",
    .window_date = "own_first",
    .run = "run_id",
    .order = "id DESC",
};

const struct history_kind history_columns = {
    .columns = {"report", "name", "run_id", "added_at"},
    .from = "etl_columns",
    .written_at = "added_at",
    .run = "run_id",
    .order = "report, name",
};

static void add_condition(struct buf *sql, const char *column, const char *operator,
                          const char * value)
{
    buf_addf(sql, " AND %s %s ", column, operator);
    sql_add_literal(sql, value);
}

static void add_day(struct buf *sql, bool given, const char *column, const char *operator,
                    int32_t day)
{
    char text[DATE_ISO_SIZE];

    if (given && column)
        add_condition(sql, column, operator, date_format_iso(day, text));
}

static bool run(struct destination *dest, const struct buf *sql, destination_row *row, void *arg,
                struct error *err)
{
    if (sql->full)
        return error_set(err, ERROR_CONFIG, "the filter is too long");
    return destination_query(dest, buf_text(sql), row, arg, err);
}

bool history_read(struct destination *dest, const struct history_kind *kind,
                  const struct history_filter *filter, destination_row *row, void *arg,
                  struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);

    for (size_t i = 0; kind->columns[i]; i++)
        buf_addf(&sql, "%s %s", i ? "," : "SELECT", kind->columns[i]);
    buf_addf(&sql, " FROM %s WHERE 1 = 1", kind->from);
    if (filter->report && kind == &history_runs)
        buf_add_text(&sql, " AND id IN (SELECT run_id FROM etl_windows WHERE 1 = 1");
    if (filter->report)
        add_condition(&sql, "report", "=", filter->report);
    if (filter->report && kind == &history_runs)
        buf_add_char(&sql, ')');
    if (filter->run)
        add_condition(&sql, kind->run, "=", filter->run);
    add_day(&sql, filter->has_since, kind->written_at, ">=", filter->since);
    add_day(&sql, filter->has_first, kind->window_date, ">=", filter->first);
    add_day(&sql, filter->has_last, kind->window_date, "<=", filter->last);
    buf_addf(&sql, " ORDER BY %s", kind->order);
    if (filter->limit)
        buf_addf(&sql, " LIMIT %" PRId64, filter->limit);
    return run(dest, &sql, row, arg, err);
}

bool history_last_runs(struct destination *dest, destination_row *row, void *arg, struct error *err)
{
    return destination_query(dest,
                             "SELECT mode, max(id) FROM etl_runs WHERE id NOT LIKE '%-part'"
                             " GROUP BY mode",
                             row, arg, err);
}

bool history_run_before(struct destination *dest, const char *run_id, destination_row *row,
                        void *arg, struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "SELECT exit_code, started_at FROM etl_runs WHERE exit_code IS NOT NULL"
                       " AND mode IN ('incremental', 'full') AND id NOT LIKE '%-part' AND id < ");
    sql_add_literal(&sql, run_id);
    buf_add_text(&sql, " ORDER BY id DESC LIMIT 1");
    return run(dest, &sql, row, arg, err);
}

bool history_day_runs(struct destination *dest, int32_t day, destination_row *row, void *arg,
                      struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql,
                 "SELECT count(*), coalesce(sum(CASE WHEN exit_code = 0 THEN 0 ELSE 1 END), 0)"
                 " FROM etl_runs WHERE 1 = 1");
    add_day(&sql, true, "started_at", ">=", day);
    add_day(&sql, true, "started_at", "<", day + 1);
    return run(dest, &sql, row, arg, err);
}

bool history_day_changes(struct destination *dest, int32_t day, destination_row *row, void *arg,
                         struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "SELECT report, sum(inserted), sum(updated), sum(deleted),"
                       " sum(rows_rejected) FROM etl_windows WHERE status = 'loaded'");
    add_day(&sql, true, "started_at", ">=", day);
    add_day(&sql, true, "started_at", "<", day + 1);
    buf_add_text(&sql, " GROUP BY report ORDER BY report");
    return run(dest, &sql, row, arg, err);
}

bool history_freshness(struct destination *dest, const char *report, destination_row *row,
                       void *arg, struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "SELECT report, own_last, ended_at FROM etl_windows"
                       " WHERE status = 'loaded' AND complete <> 0 AND report = ");
    sql_add_literal(&sql, report);
    buf_add_text(&sql, " ORDER BY own_last DESC, id DESC LIMIT 1");
    return run(dest, &sql, row, arg, err);
}

bool history_loaded_ranges(struct destination *dest, const char *report, destination_row *row,
                           void *arg, struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "SELECT DISTINCT own_first, own_last FROM etl_windows"
                       " WHERE status = 'loaded' AND complete <> 0 AND report = ");
    sql_add_literal(&sql, report);
    return run(dest, &sql, row, arg, err);
}

bool history_cycles(struct destination *dest, const char *mode, int32_t since, destination_row *row,
                    void *arg, struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql, "SELECT r.id, r.exit_code, w.report, w.first, w.last, w.own_first,"
                       " w.own_last FROM etl_runs r LEFT JOIN etl_windows w ON w.run_id = r.id"
                       " AND w.status = 'loaded' WHERE 1 = 1");
    add_condition(&sql, "r.mode", "=", mode);
    add_day(&sql, true, "r.started_at", ">=", since);
    buf_add_text(&sql, " ORDER BY r.id");
    return run(dest, &sql, row, arg, err);
}

static bool take_count(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    size_t *out = arg;

    (void)err;
    *out = count ? strtoull(cells[0].text, NULL, 10) : 0;
    return true;
}

/* Counts the rows of the window's days; with `filled` only those that have a value in that
 * column. */
static bool count_rows(struct destination *dest, const struct report *report, struct window window,
                       const struct column *filled, size_t *out, struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX), day = BUF_INIT(SQL_MAX);

    sql_add_name(&day, report->columns[report->window_date].name);
    buf_add_text(&sql, "SELECT count(*) FROM ");
    sql_add_name(&sql, report->name);
    buf_add_text(&sql, " WHERE 1 = 1");
    add_day(&sql, true, buf_text(&day), ">=", window.own_first);
    add_day(&sql, true, buf_text(&day), "<=", window.own_last);
    if (filled) {
        buf_add_text(&sql, " AND ");
        sql_add_name(&sql, filled->name);
        buf_add_text(&sql, filled->type == COLUMN_TEXT ? " <> ''" : " IS NOT NULL");
    }
    return run(dest, &sql, take_count, out, err);
}

bool history_count_rows(struct destination *dest, const struct report *report, struct window window,
                        size_t *out, struct error *err)
{
    return count_rows(dest, report, window, NULL, out, err);
}

bool history_count_filled(struct destination *dest, const struct report *report,
                          struct window window, size_t column, size_t *out, struct error *err)
{
    return count_rows(dest, report, window, &report->columns[column], out, err);
}
