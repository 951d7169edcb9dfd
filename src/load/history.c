/* SPDX-License-Identifier: MIT */
/* Reads the etl_* tables, which every destination has under the same names, with SELECTs. */
#include "load/history.h"

#include "base/buf.h"
#include "base/date.h"
#include "base/mem.h"
#include "load/sql_text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

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
    .from_clickhouse = "etl_lost_windows",
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

enum { VALUES_MAX = 8 };

/* A SELECT with values for its $1, $2 and so on. */
struct select {
    struct buf sql;
    const char *values[VALUES_MAX];
    char days[VALUES_MAX][DATE_ISO_SIZE]; /* what some of the values point to */
    size_t count;
};

/* Adds the place of a value; the value must live until the SELECT is run. */
static void add_value(struct select *select, const char *value)
{
    assert(select->count < VALUES_MAX);
    select->values[select->count++] = value;
    buf_addf(&select->sql, "$%zu", select->count);
}

static void add_condition(struct select *select, const char *column, const char *operator,
                          const char * value)
{
    buf_addf(&select->sql, " AND %s %s ", column, operator);
    add_value(select, value);
}

static void add_day(struct select *select, bool given, const char *column, const char *operator,
                    int32_t day)
{
    if (given && column)
        add_condition(select, column, operator, date_format_iso(day, select->days[select->count]));
}

static bool run(struct destination *dest, struct select *select, destination_row *row, void *arg,
                struct error *err)
{
    const bool ok = destination_query_values(dest, buf_text(&select->sql), select->values,
                                             select->count, row, arg, err);

    buf_done(&select->sql);
    return ok;
}

static struct select select_begin(const char *text)
{
    struct select select = {.sql = BUF_INIT(SQL_MAX)};

    buf_add_text(&select.sql, text);
    return select;
}

bool history_read(struct destination *dest, const struct history_kind *kind,
                  const struct history_filter *filter, destination_row *row, void *arg,
                  struct error *err)
{
    struct select select = select_begin("SELECT ");

    for (size_t i = 0; kind->columns[i]; i++)
        buf_addf(&select.sql, "%s%s", i ? ", " : "", kind->columns[i]);
    buf_addf(&select.sql, " FROM %s WHERE 1 = 1",
             kind->from_clickhouse && dest->ops->dialect == DIALECT_CLICKHOUSE
                 ? kind->from_clickhouse
                 : kind->from);
    if (filter->report && kind == &history_runs)
        buf_add_text(&select.sql, " AND id IN (SELECT run_id FROM etl_windows WHERE 1 = 1");
    if (filter->report)
        add_condition(&select, "report", "=", filter->report);
    if (filter->report && kind == &history_runs)
        buf_add_char(&select.sql, ')');
    if (filter->run)
        add_condition(&select, kind->run, "=", filter->run);
    add_day(&select, filter->has_since, kind->written_at, ">=", filter->since);
    add_day(&select, filter->has_first, kind->window_date, ">=", filter->first);
    add_day(&select, filter->has_last, kind->window_date, "<=", filter->last);
    buf_addf(&select.sql, " ORDER BY %s", kind->order);
    if (filter->limit)
        buf_addf(&select.sql, " LIMIT %" PRId64, filter->limit);
    return run(dest, &select, row, arg, err);
}

/* Runs of all reports and days, by their ids (run/run_id.h). */
#define WHOLE "id NOT LIKE '%-part' AND id NOT LIKE '%-part-share=%'"

bool history_last_runs(struct destination *dest, destination_row *row, void *arg, struct error *err)
{
    return destination_query(
        dest, "SELECT mode, max(id) FROM etl_runs WHERE " WHOLE " GROUP BY mode", row, arg, err);
}

bool history_run_before(struct destination *dest, const char *run_id, destination_row *row,
                        void *arg, struct error *err)
{
    struct select select =
        select_begin("SELECT exit_code, started_at FROM etl_runs WHERE exit_code IS NOT NULL"
                     " AND mode IN ('incremental', 'full') AND " WHOLE);

    add_condition(&select, "id", "<", run_id);
    buf_add_text(&select.sql, " ORDER BY id DESC LIMIT 1");
    return run(dest, &select, row, arg, err);
}

bool history_day_runs(struct destination *dest, int32_t day, destination_row *row, void *arg,
                      struct error *err)
{
    struct select select =
        select_begin("SELECT count(*), coalesce(sum(CASE WHEN exit_code = 0 THEN 0 ELSE 1 END), 0)"
                     " FROM etl_runs WHERE mode <> 'copy'");

    add_day(&select, true, "started_at", ">=", day);
    add_day(&select, true, "started_at", "<", day + 1);
    return run(dest, &select, row, arg, err);
}

bool history_day_changes(struct destination *dest, int32_t day, destination_row *row, void *arg,
                         struct error *err)
{
    struct select select =
        select_begin("SELECT report, sum(inserted), sum(updated), sum(deleted),"
                     " sum(rows_rejected) FROM etl_windows WHERE status = 'loaded'");

    add_day(&select, true, "started_at", ">=", day);
    add_day(&select, true, "started_at", "<", day + 1);
    buf_add_text(&select.sql, " GROUP BY report ORDER BY report");
    return run(dest, &select, row, arg, err);
}

bool history_freshness(struct destination *dest, const char *report, destination_row *row,
                       void *arg, struct error *err)
{
    struct select select = select_begin("SELECT report, own_last, ended_at FROM etl_windows"
                                        " WHERE status = 'loaded' AND complete <> 0");

    add_condition(&select, "report", "=", report);
    buf_add_text(&select.sql, " ORDER BY own_last DESC, id DESC LIMIT 1");
    return run(dest, &select, row, arg, err);
}

bool history_loaded_ranges(struct destination *dest, const char *report, destination_row *row,
                           void *arg, struct error *err)
{
    struct select select = select_begin("SELECT DISTINCT own_first, own_last FROM etl_windows"
                                        " WHERE status = 'loaded' AND complete <> 0");

    add_condition(&select, "report", "=", report);
    return run(dest, &select, row, arg, err);
}

bool history_cycles(struct destination *dest, const char *mode, int32_t since, destination_row *row,
                    void *arg, struct error *err)
{
    struct select select =
        select_begin("SELECT r.id, r.exit_code, w.report, w.first, w.last, w.own_first, w.own_last"
                     " FROM (SELECT id, exit_code FROM etl_runs WHERE 1 = 1");

    add_condition(&select, "mode", "=", mode);
    add_day(&select, true, "started_at", ">=", since);
    buf_add_text(
        &select.sql,
        ") AS r LEFT JOIN (SELECT run_id, report, first, last, own_first, own_last"
        " FROM etl_windows WHERE status = 'loaded') AS w ON w.run_id = r.id ORDER BY r.id");
    return run(dest, &select, row, arg, err);
}

bool history_loaded_by(struct destination *dest, const char *ending, destination_row *row,
                       void *arg, struct error *err)
{
    MEM_FREE_TEXT char *pattern = mem_format("%%%s", ending);
    struct select select = select_begin("SELECT report, own_first, own_last FROM etl_windows"
                                        " WHERE status = 'loaded' AND complete = 1");

    add_condition(&select, "run_id", "LIKE", pattern);
    return run(dest, &select, row, arg, err);
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
    const enum sql_dialect dialect = dest->ops->dialect;
    BUF_DONE struct buf day = BUF_INIT(SQL_MAX);
    struct select select = select_begin("SELECT count(*) FROM ");

    sql_add_name_for(dialect, &day, report->columns[report->window_date].name);
    sql_add_name_for(dialect, &select.sql, report->name);
    buf_add_text(&select.sql, " WHERE 1 = 1");
    add_day(&select, true, buf_text(&day), ">=", window.own_first);
    add_day(&select, true, buf_text(&day), "<=", window.own_last);
    if (filled) {
        buf_add_text(&select.sql, " AND ");
        sql_add_name_for(dialect, &select.sql, filled->name);
        buf_add_text(&select.sql, filled->type == COLUMN_TEXT ? " <> ''" : " IS NOT NULL");
    }
    return run(dest, &select, take_count, out, err);
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
