/* SPDX-License-Identifier: MIT */
/* Reads the rows of a window or of a table, and executes plans, in SQLite. */
#include "load/sqlite/rows.h"

#include "base/date.h"
#include "base/mem.h"
#include "load/change_log.h"
#include "load/rehash.h"
#include "load/sqlite/sql.h"
#include "load/sqlite/statement.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool open_for_report(struct statement *out, struct sqlite_destination *dest,
                            const char *purpose, char *(*sql_of)(const struct report *),
                            struct error *err)
{
    MEM_FREE_TEXT char *sql = sql_of(dest->base.report);

    return statement_open(out, dest, purpose, sql, err);
}

static bool read_day(const struct statement *st, int column, struct stored_row *out)
{
    const char *day = (const char *)sqlite3_column_text(st->stmt, column);

    out->undated = day == NULL;
    return !day || date_parse_iso(day, strlen(day), &out->date);
}

static bool read_held(const struct statement *st, struct stored_row *out, struct error *err)
{
    *out = (struct stored_row){0};
    if (statement_read_hash(st, 0, &out->key) && statement_read_hash(st, 1, &out->fingerprint) &&
        read_day(st, 2, out))
        return true;
    return error_set(err, ERROR_DATABASE,
                     "sqlite %s: %s: a row of %s has a " COLUMN_ROW_KEY ", a " COLUMN_ROW_HASH
                     " or a day that etl-sigos did not write",
                     st->dest->path, st->purpose, st->dest->base.report->name);
}

bool sqlite_snapshot(struct destination *base, struct snapshot *out, struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};
    const size_t count = out->count, dated = out->dated;
    bool row = true;

    if (!open_for_report(&st, sqlite_of(base), "read a window", sqlite_sql_snapshot, err))
        return false;
    statement_day(&st, base->window.own_first);
    statement_day(&st, base->window.own_last);
    while (row) {
        struct stored_row held;
        if (!statement_next(&st, &row, err) || (row && !read_held(&st, &held, err))) {
            out->count = count;
            out->dated = dated;
            return false;
        }
        if (row)
            snapshot_add(out, held);
    }
    return true;
}

/* Fills *out and `cells` with the row that was read. Returns false if a cell is neither a text nor
 * NULL: the program writes nothing else, and such a cell may have the same text but is not equal to
 * it. */
static bool read_whole_rows(const struct statement *st, const struct report *report,
                            struct cell *cells, struct table_row *out)
{
    bool ours = true;

    for (int i = 0; i < (int)report->column_count; i++) {
        const int type = sqlite3_column_type(st->stmt, i + 2);
        ours = ours && (type == SQLITE_TEXT || type == SQLITE_NULL);
        cells[i] = statement_read_cell(st, i + 2);
    }
    *out = (struct table_row){.cells = cells,
                              .legacy = sqlite3_column_type(st->stmt, 0) == SQLITE_NULL};
    out->has_key = statement_read_hash(st, 0, &out->key);
    out->has_fingerprint = statement_read_hash(st, 1, &out->fingerprint);
    return ours;
}

/* A single statement reads one state of the file, within a transaction or not. */
bool sqlite_read_rows(struct destination *base, const struct report *report, struct row_range range,
                      destination_table_row *row, void *arg, struct error *err)
{
    STATEMENT_CLOSE struct statement st = {0};
    MEM_FREE_TEXT char *sql = sqlite_sql_read_rows(report, range);
    struct rehash rehash;
    bool more = true;

    if (!statement_open(&st, sqlite_of(base), "read the rows of a table", sql, err))
        return false;
    struct cell *cells = mem_array(report->column_count, sizeof(*cells));
    rehash_init(&rehash, report);
    bool ok = true;
    while (ok && (ok = statement_next(&st, &more, err)) && more) {
        struct table_row standing;
        const bool ours = read_whole_rows(&st, report, cells, &standing);
        rehash_row(&rehash, &standing);
        if (!ours)
            standing.fingerprint_now = hash_of_no_row(standing.fingerprint_now);
        ok = row(arg, &standing, err);
    }
    rehash_done(&rehash);
    free(cells);
    return ok;
}

/* What the parts of one sqlite_apply share. */
struct row_writer {
    struct sqlite_destination *dest;
    const struct run *run;
    const struct report *report;
    const struct batch *batch;
    const struct plan *plan;
    struct statement read, stray, insert, update, remove, log;
    struct cell *held;  /* cells of a row in the table; views into `read` or `stray` */
    struct cell *cells; /* cells of a row in the batch */
    struct change change;
};

static bool writer_open(struct row_writer *a, struct error *err)
{
    static const char log_sql[] = "INSERT INTO etl_changes (run_id, report, changed_at, "
                                  "window_date, row_key, op, key, before,"
                                  " after) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

    a->held = mem_array(a->report->column_count, sizeof(*a->held));
    a->cells = mem_array(a->report->column_count, sizeof(*a->cells));
    a->change = CHANGE_INIT;
    return open_for_report(&a->read, a->dest, "read a row", sqlite_sql_read, err) &&
           open_for_report(&a->stray, a->dest, "read a row", sqlite_sql_read_stray, err) &&
           open_for_report(&a->insert, a->dest, "insert a row", sqlite_sql_insert, err) &&
           open_for_report(&a->update, a->dest, "update a row", sqlite_sql_update, err) &&
           open_for_report(&a->remove, a->dest, "delete a row", sqlite_sql_delete, err) &&
           statement_open(&a->log, a->dest, "log a change", log_sql, err);
}

static void writer_done(struct row_writer *a)
{
    statement_close(&a->read);
    statement_close(&a->stray);
    statement_close(&a->insert);
    statement_close(&a->update);
    statement_close(&a->remove);
    statement_close(&a->log);
    change_done(&a->change);
    free(a->held);
    free(a->cells);
}

static const char *json_or_null(const struct buf *json)
{
    return json->len ? buf_text(json) : NULL;
}

static bool log_change(struct row_writer *a, struct error *err)
{
    const struct change *change = &a->change;

    if (a->plan->unlogged)
        return true;
    if (!change_fits(change))
        return error_set(err, ERROR_DATABASE, "sqlite %s: log a change: a row has over %d bytes",
                         a->dest->path, CHANGE_JSON_MAX);
    statement_text(&a->log, a->run->id);
    statement_text(&a->log, a->report->name);
    statement_text(&a->log, a->dest->begun_at);
    statement_cell(&a->log, change->date);
    statement_hash(&a->log, change->row_key);
    statement_text(&a->log, change->op);
    statement_text(&a->log, buf_text(&change->key));
    statement_text(&a->log, json_or_null(&change->before));
    statement_text(&a->log, json_or_null(&change->after));
    return statement_run(&a->log, err);
}

/* Reads the stored row of a key into a->held, where it lives until `read` is reset or runs again.
 * *row says whether there is one. */
static bool find_row(struct row_writer *a, struct statement *read, struct hash128 key, bool *row,
                     struct error *err)
{
    statement_reset(read);
    statement_hash(read, key);
    statement_day(read, a->dest->base.window.own_first);
    statement_day(read, a->dest->base.window.own_last);
    if (!statement_next(read, row, err))
        return false;
    for (size_t i = 0; *row && i < a->report->column_count; i++)
        a->held[i] = statement_read_cell(read, (int)i);
    return true;
}

static bool read_row(struct row_writer *a, struct hash128 key, const char *what, struct error *err)
{
    bool row;

    if (!find_row(a, &a->read, key, &row, err))
        return false;
    if (!row)
        return error_set(err, ERROR_DATABASE,
                         "sqlite %s: the row to %s is not in the window of %s (" COLUMN_ROW_KEY
                         " %016" PRIx64 "%016" PRIx64 ")",
                         a->dest->path, what, a->report->name, key.high, key.low);
    return true;
}

/* Logs and deletes the row that `read` has just found. */
static bool delete_row(struct row_writer *a, struct statement *read, struct hash128 key,
                       struct error *err)
{
    change_delete(&a->change, a->report, key, a->held);
    if (!log_change(a, err))
        return false;
    statement_reset(read);
    statement_hash(&a->remove, key);
    return statement_run_one(&a->remove, err);
}

static bool delete_rows(struct row_writer *a, struct error *err)
{
    for (size_t i = 0; i < a->plan->removed_count; i++) {
        struct hash128 key = a->plan->removed[i].key;
        if (!read_row(a, key, "delete", err) || !delete_row(a, &a->read, key, err))
            return false;
    }
    return true;
}

/* Deletes, for a distrustful destination, a row that has the key on a day outside the window. The
 * day is part of the key, so a person or a trigger moved that row. */
static bool delete_stray(struct row_writer *a, struct hash128 key, struct error *err)
{
    bool found = false;

    return !a->dest->base.distrustful || (find_row(a, &a->stray, key, &found, err) &&
                                          (!found || delete_row(a, &a->stray, key, err)));
}

static void bind_cells(struct row_writer *a, struct statement *st)
{
    for (size_t i = 0; i < a->report->column_count; i++)
        statement_cell(st, a->cells[i]);
}

static void take_cells(struct row_writer *a, size_t row)
{
    for (size_t i = 0; i < a->report->column_count; i++)
        a->cells[i] = batch_cell(a->batch, row, i);
}

static bool update_rows(struct row_writer *a, struct error *err)
{
    for (size_t i = 0; i < a->batch->row_count; i++) {
        const struct row *row = &a->batch->rows[i];
        if (a->plan->actions[i] != ROW_UPDATE)
            continue;
        if (!read_row(a, row->key, "update", err))
            return false;
        take_cells(a, i);
        change_update(&a->change, a->report, row->key, a->held, a->cells);
        statement_reset(&a->read);
        bind_cells(a, &a->update);
        statement_hash(&a->update, row->fingerprint);
        statement_hash(&a->update, row->key);
        if (!statement_run_one(&a->update, err) || !log_change(a, err))
            return false;
    }
    return true;
}

static bool check_owned(const struct row_writer *a, const struct row *row, struct error *err)
{
    const struct window *window = &a->dest->base.window;
    char day[DATE_ISO_SIZE];

    if (row->undated || (row->date >= window->own_first && row->date <= window->own_last))
        return true;
    return error_set(err, ERROR_DATABASE,
                     "sqlite %s: insert a row: %s is not a day of the window of %s", a->dest->path,
                     date_format_iso(row->date, day), a->report->name);
}

static bool insert_row(struct row_writer *a, size_t index, struct error *err)
{
    const struct row *row = &a->batch->rows[index];

    if (!check_owned(a, row, err) || !delete_stray(a, row->key, err))
        return false;
    take_cells(a, index);
    bind_cells(a, &a->insert);
    statement_hash(&a->insert, row->key);
    statement_hash(&a->insert, row->fingerprint);
    if (!statement_run(&a->insert, err))
        return false;
    if (!a->plan->logged[index])
        return true;
    change_insert(&a->change, a->report, row->key, a->cells);
    return log_change(a, err);
}

struct new_row {
    struct hash128 key;
    size_t index;
};

static int by_key(const void *left, const void *right)
{
    const struct hash128 a = ((const struct new_row *)left)->key;
    const struct hash128 b = ((const struct new_row *)right)->key;

    if (a.high != b.high)
        return a.high < b.high ? -1 : 1;
    return (a.low > b.low) - (a.low < b.low);
}

/* Inserts in the order of keys, which is that of the unique index. A first load of 1,000,000 rows
 * then takes 0.65 of the time that the order of the file takes, and the indexes are 14 MB
 * smaller. */
static bool insert_rows(struct row_writer *a, struct error *err)
{
    struct new_row *rows = mem_array(a->batch->row_count, sizeof(*rows));
    size_t count = 0;
    bool ok = true;

    for (size_t i = 0; i < a->batch->row_count; i++)
        if (a->plan->actions[i] == ROW_INSERT)
            rows[count++] = (struct new_row){.key = a->batch->rows[i].key, .index = i};
    qsort(rows, count, sizeof(*rows), by_key);
    for (size_t i = 0; ok && i < count; i++)
        ok = insert_row(a, rows[i].index, err);
    free(rows);
    return ok;
}

bool sqlite_apply(struct destination *base, const struct run *run, const struct batch *batch,
                  const struct plan *plan, struct error *err)
{
    struct row_writer a = {
        .dest = sqlite_of(base), .run = run, .report = base->report, .batch = batch, .plan = plan};

    bool ok = writer_open(&a, err) && delete_rows(&a, err) && update_rows(&a, err) &&
              insert_rows(&a, err);
    writer_done(&a);
    return ok;
}
