/* SPDX-License-Identifier: MIT */
/*
 * Deletes and updates rows of a report's table, up to PIECE_ROWS with one statement. The statement
 * returns what each row was, from which the change log is made. A row that it does not find exactly
 * once fails the load.
 */
#include "load/postgres/rewrite.h"

#include "base/date.h"
#include "base/mem.h"
#include "load/postgres/encode.h"
#include "load/postgres/sql.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
    /* rows of one statement, held in memory with their entries for the change log */
    PIECE_ROWS = 1000,
    ARRAY_MAX = 512 * 1024 * 1024,
    KEYS = 0, /* numbers of the arrays */
    DAYS,
    /* The arrays before this number tell where the rows are, the others what they become. */
    PLACES,
    HASHES = PLACES,
    CELLS,
};

/* Items as arrays, the parameters of one statement. They are all deletes or all updates, and all
 * have a date or none has. */
struct piece {
    struct applier *a;
    const struct item *items;
    size_t count;
    enum rows rows;
    int array_count;
    struct buf *arrays;
    const char **values; /* the texts of the arrays, borrowed from them */
};

static void piece_init(struct piece *piece, struct applier *a)
{
    const int count = CELLS + (int)a->report->column_count;

    *piece = (struct piece){
        .a = a,
        .array_count = count,
        .arrays = mem_array((size_t)count, sizeof(*piece->arrays)),
        .values = mem_array((size_t)count, sizeof(*piece->values)),
    };
    for (int i = 0; i < count; i++)
        piece->arrays[i] = BUF_INIT(ARRAY_MAX);
}

static void piece_done(struct piece *piece)
{
    for (int i = 0; i < piece->array_count; i++)
        buf_done(&piece->arrays[i]);
    free(piece->arrays);
    free(piece->values);
}

static void add_place(struct piece *piece, const struct item *item)
{
    char day[DATE_ISO_SIZE];
    struct cell cell = {0};

    array_text_hash(&piece->arrays[KEYS], item->key);
    if (item->date != UNDATED)
        cell = (struct cell){.text = date_format_iso(item->date, day), .len = DATE_ISO_SIZE - 1};
    array_text_cell(&piece->arrays[DAYS], cell);
}

static void add_content(struct piece *piece, const struct item *item)
{
    const struct batch *batch = piece->a->batch;

    array_text_hash(&piece->arrays[HASHES], batch->rows[item->row].fingerprint);
    for (size_t i = 0; i < piece->a->report->column_count; i++)
        array_text_cell(&piece->arrays[CELLS + (int)i], batch_cell(batch, item->row, i));
}

/* Returns how many of the `left` items are of the first item's kind, at most PIECE_ROWS. */
static size_t count_alike(const struct item *items, size_t left)
{
    size_t count = 1;

    while (count < left && count < PIECE_ROWS &&
           (items[count].date == UNDATED) == (items[0].date == UNDATED) &&
           items[count].removed == items[0].removed)
        count++;
    return count;
}

/* Fills the piece with the next items that are of one kind. */
static bool piece_take(struct piece *piece, const struct item *items, size_t left,
                       struct error *err)
{
    piece->items = items;
    piece->count = count_alike(items, left);
    piece->rows = items[0].date == UNDATED ? ROWS_UNDATED : ROWS_DATED;
    for (int i = 0; i < piece->array_count; i++)
        buf_reset(&piece->arrays[i]);
    for (size_t i = 0; i < piece->count; i++) {
        const struct item *item = &items[i];
        if (!applier_check_owned(piece->a, item, item->removed ? "delete rows" : "update rows",
                                 err))
            return false;
        add_place(piece, item);
        if (!item->removed)
            add_content(piece, item);
    }
    for (int i = 0; i < piece->array_count; i++) {
        piece->values[i] = array_text_end(&piece->arrays[i]);
        if (piece->arrays[i].full)
            return postgres_report_error(piece->a->dest, "write rows", err,
                                         "%d rows have over %d bytes", PIECE_ROWS, ARRAY_MAX);
    }
    return true;
}

/* Executes the statements and logs what the rows were */

static bool refuse_missing(const struct piece *piece, size_t number, struct error *err)
{
    const struct item *item = &piece->items[number];

    return postgres_report_error(
        piece->a->dest, "read rows", err,
        "the row to %s is not there once in the window of %s (" COLUMN_ROW_KEY " %016" PRIx64
        "%016" PRIx64 ")",
        item->removed ? "delete" : "update", piece->a->report->name, item->key.high, item->key.low);
}

static void take_stored(struct applier *a, const PGresult *res, int row)
{
    for (int i = 0; i < (int)a->report->column_count; i++) {
        a->stored[i] = (struct cell){0};
        if (!PQgetisnull(res, row, i + 1))
            a->stored[i] = (struct cell){.text = PQgetvalue(res, row, i + 1),
                                         .len = (size_t)PQgetlength(res, row, i + 1)};
    }
}

static void describe_change(struct applier *a, const struct item *item)
{
    if (item->removed) {
        change_delete(&a->change, a->report, item->key, a->stored);
        return;
    }
    applier_take_cells(a, item->row);
    change_update(&a->change, a->report, item->key, a->stored, a->cells);
}

/* Logs the rows that the statement returned, which come in the order of the items. A gap in the
 * numbers is a row that the table does not have, a number twice a row that it has twice: both
 * fail. */
static bool log_old_rows(struct piece *piece, const PGresult *res, size_t *next, struct error *err)
{
    struct applier *a = piece->a;
    for (int row = 0; row < PQntuples(res); row++) {
        const size_t number = strtoull(PQgetvalue(res, row, 0), NULL, 10) - 1;
        if (number != *next)
            return refuse_missing(piece, number < *next ? number : *next, err);
        take_stored(a, res, row);
        describe_change(a, &piece->items[(*next)++]);
        if (!applier_log(a, err))
            return false;
    }
    return true;
}

static bool write_piece(struct piece *piece, struct error *err)
{
    const bool removed = piece->items[0].removed;
    const struct report *report = piece->a->report;
    MEM_FREE_TEXT char *sql = removed ? postgres_sql_delete(report, piece->rows)
                                      : postgres_sql_update(report, piece->rows);
    RESULT_CLEAR PGresult *result =
        postgres_query_values(piece->a->dest, removed ? "delete rows" : "update rows", sql,
                              removed ? PLACES : piece->array_count, piece->values, err);
    size_t next = 0;

    return result && log_old_rows(piece, result, &next, err) &&
           (next == piece->count || refuse_missing(piece, next, err));
}

bool rewrite_rows(struct applier *a, struct error *err)
{
    const struct items *rewrites = &a->rewrites;
    struct piece piece;
    bool ok = true;

    piece_init(&piece, a);
    for (size_t done = 0; ok && done < rewrites->count; done += piece.count)
        ok = piece_take(&piece, rewrites->all + done, rewrites->count - done, err) &&
             write_piece(&piece, err);
    piece_done(&piece);
    return ok;
}

/* The day is part of a key. So a row that has the key of an inserted row, but stands on a day
 * outside the window, was moved there by a person or a trigger. The index begins with the day and
 * cannot find a key alone, so this reads the whole table. */
bool rewrite_strays(struct applier *a, struct error *err)
{
    MEM_FREE_TEXT char *sql = postgres_sql_delete_strays(a->report, a->dest->base.window);
    BUF_DONE struct buf keys = BUF_INIT(ARRAY_MAX);

    if (a->inserts.count == 0)
        return true;
    for (size_t i = 0; i < a->inserts.count; i++)
        array_text_hash(&keys, a->inserts.all[i].key);
    const char *const values[] = {array_text_end(&keys)};
    if (keys.full)
        return postgres_report_error(a->dest, "delete rows", err, "%zu keys have over %d bytes",
                                     a->inserts.count, ARRAY_MAX);
    RESULT_CLEAR PGresult *result =
        postgres_query_values(a->dest, "delete rows", sql, 1, values, err);
    if (!result)
        return false;
    for (int row = 0; row < PQntuples(result); row++) {
        const size_t number = strtoull(PQgetvalue(result, row, 0), NULL, 10) - 1;
        take_stored(a, result, row);
        change_delete(&a->change, a->report, a->inserts.all[number].key, a->stored);
        if (!applier_log(a, err))
            return false;
    }
    return true;
}
