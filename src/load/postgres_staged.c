/* SPDX-License-Identifier: MIT */
/*
 * Rows that are there: changed ones and those to be deleted, by way of a staging table. What they
 * were is read for the change log first, and the statements must then find just as many.
 */
#include "load/postgres_apply.h"

#include "base/mem.h"
#include "load/postgres_copy_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { FETCHED_ROWS = 1000 }; /* held in memory at once, with their entries for the change log */

/* A key to be deleted is staged without a fingerprint. */
static void add_removed(struct applier *a, struct buf *out, struct hash128 key)
{
    for (size_t i = 0; i < a->report->column_count; i++)
        copy_text_text(out, NULL);
    copy_text_hash(out, key);
    copy_text_text(out, NULL);
}

static bool stage(struct applier *a, struct error *err)
{
    MEM_FREE_TEXT char *create = postgres_sql_create_staging(a->report),
                       *copy_in = postgres_sql_copy_staging(a->report),
                       *sql = mem_format("%s; %s", create, copy_in);
    COPY_IN_DONE struct copy_in copy = {0};

    if (!copy_in_start(&copy, a->dest, "stage rows", sql, err))
        return false;
    for (size_t i = 0; i < a->staged.count; i++) {
        const struct item *item = &a->staged.all[i];
        char number[24];
        if (!item->removed && !apply_check_owned(a, item, "update rows", err))
            return false;
        snprintf(number, sizeof(number), "%zu", i);
        copy_text_text(&copy.row, number);
        if (item->removed)
            add_removed(a, &copy.row, item->key);
        else
            apply_add_row(a, &copy.row, item->row);
        if (!copy_in_row(&copy, err))
            return false;
    }
    return copy_in_finish(&copy, err);
}

static bool refuse_missing(struct applier *a, size_t number, struct error *err)
{
    const struct item *item = &a->staged.all[number];

    return postgres_refuse(a->dest, "read rows", err,
                           "the row to %s is not there once in the window of %s (" COLUMN_ROW_KEY
                           " %016" PRIx64 "%016" PRIx64 ")",
                           item->removed ? "delete" : "update", a->report->name, item->key.high,
                           item->key.low);
}

static void take_held(struct applier *a, const PGresult *res, int row)
{
    for (int i = 0; i < (int)a->report->column_count; i++) {
        a->held[i] = (struct cell){0};
        if (!PQgetisnull(res, row, i + 1))
            a->held[i] = (struct cell){.text = PQgetvalue(res, row, i + 1),
                                       .len = (size_t)PQgetlength(res, row, i + 1)};
    }
}

static void describe_change(struct applier *a, const struct item *item)
{
    if (item->removed) {
        change_delete(&a->change, a->report, item->key, a->held);
        return;
    }
    apply_take_cells(a, item->row);
    change_update(&a->change, a->report, item->key, a->held, a->cells);
}

/* The rows come in the order of their numbers: one that does not follow the last is not there, or
 * there twice. */
static bool log_fetched(struct applier *a, const PGresult *res, size_t *next, struct error *err)
{
    COPY_IN_DONE struct copy_in log = {0};

    if (!apply_start_log(a, &log, err))
        return false;
    for (int row = 0; row < PQntuples(res); row++) {
        const size_t number = strtoull(PQgetvalue(res, row, 0), NULL, 10);
        if (number != *next)
            return refuse_missing(a, number < *next ? number : *next, err);
        const struct item *item = &a->staged.all[(*next)++];
        take_held(a, res, row);
        describe_change(a, item);
        if (!apply_log(a, &log, err))
            return false;
    }
    return copy_in_finish(&log, err);
}

/* By a cursor, so that a window of which every row changed needs no more memory than another. It is
 * declared and first asked in one go. */
static bool log_staged(struct applier *a, enum staged staged, size_t next, size_t end,
                       struct error *err)
{
    static const char *const cursors[] = {
        [STAGED_REMOVED] = "etl_removed",
        [STAGED_DATED] = "etl_dated",
        [STAGED_UNDATED] = "etl_undated",
    };
    const char *cursor = cursors[staged];
    MEM_FREE_TEXT char *declare = postgres_sql_read_staged(a->report, a->dest->base.window, staged,
                                                           cursor),
                       *fetch = mem_format("FETCH %d FROM %s", FETCHED_ROWS, cursor),
                       *first = mem_format("%s; %s", declare, fetch);
    const char *sql = first;
    int fetched;

    do {
        RESULT_CLEAR PGresult *res = postgres_query(a->dest, "read rows", sql, NULL, err);
        if (!res || (PQntuples(res) && !log_fetched(a, res, &next, err)))
            return false;
        fetched = PQntuples(res);
        sql = fetch;
    } while (fetched == FETCHED_ROWS);
    return next == end || refuse_missing(a, next, err);
}

static bool remove_staged(struct applier *a, size_t count, struct error *err)
{
    MEM_FREE_TEXT char *sql = postgres_sql_delete_staged(a->report, a->dest->base.window);

    return count == 0 || (log_staged(a, STAGED_REMOVED, 0, count, err) &&
                          apply_run_expecting(a, "delete rows", sql, count, err));
}

static bool update_staged(struct applier *a, enum staged staged, size_t first, size_t end,
                          struct error *err)
{
    MEM_FREE_TEXT char *sql = postgres_sql_update_staged(a->report, a->dest->base.window, staged);

    return first == end || (log_staged(a, staged, first, end, err) &&
                            apply_run_expecting(a, "update rows", sql, end - first, err));
}

/* They were sorted: those to be deleted, dated ones, undated ones. */
bool apply_staged(struct applier *a, struct error *err)
{
    const size_t removed = a->plan->removed_count, end = a->staged.count;
    size_t undated = removed;

    while (undated < end && a->staged.all[undated].date != UNDATED)
        undated++;
    return end == 0 || (stage(a, err) && remove_staged(a, removed, err) &&
                        update_staged(a, STAGED_DATED, removed, undated, err) &&
                        update_staged(a, STAGED_UNDATED, undated, end, err));
}
