/* SPDX-License-Identifier: MIT */
/* Reads rows of both databases piece by piece, and writes where they differ. */
#include "run/copy_rows.h"

#include "base/date.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "load/sql_text.h"
#include "run/copy_compare.h"
#include "run/retry.h"

#include <stdlib.h>

enum {
    PIECE_ROWS = 50000, /* some 50 MB */
    SQL_MAX = 64 * 1024,
    ROW_MAX = 64 * 1024 * 1024,
};
#define BATCH_MAX ((size_t)8 * 1024 * 1024 * 1024) /* of one day */

/* --- pieces ---------------------------------------------------------------------------------- */

/* How many rows the source has of each day. */
struct days {
    struct copy_piece *pieces;
    size_t count;
    uint64_t rows; /* of the last piece */
    bool any;      /* a day came */
    int32_t first, last;
};

static bool read_day(const struct cell *cells, int32_t *day, struct error *err)
{
    return (cells[0].text && date_parse_iso(cells[0].text, cells[0].len, day)) ||
           error_set(err, ERROR_DATA, "'%s' is no day", cells[0].text ? cells[0].text : "NULL");
}

static void take_any_day(struct days *days, int32_t day)
{
    if (!days->any || day < days->first)
        days->first = day;
    if (!days->any || day > days->last)
        days->last = day;
    days->any = true;
}

static bool take_day(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct days *days = arg;
    int32_t day;

    (void)count;
    if (!read_day(cells, &day, err))
        return false;
    const uint64_t rows = strtoull(cells[1].text, NULL, 10);
    take_any_day(days, day);
    if (days->count == 0 || days->rows + rows > PIECE_ROWS) {
        days->pieces = mem_grow(days->pieces, days->count + 1, sizeof(*days->pieces));
        days->pieces[days->count++] = (struct copy_piece){.first = day};
        days->rows = 0;
    }
    days->rows += rows;
    return true;
}

static bool take_target_day(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    int32_t day;

    (void)count;
    if (!read_day(cells, &day, err))
        return false;
    take_any_day(arg, day);
    return true;
}

static bool read_days(struct destination *dest, const struct report *report, destination_row *row,
                      struct days *days, struct error *err)
{
    const enum sql_dialect dialect = dest->ops->dialect;
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX), day = BUF_INIT(SQL_MAX);

    sql_add_name_for(dialect, &day, report->columns[report->window_date].name);
    buf_addf(&sql, "SELECT %s, count(*) FROM ", buf_text(&day));
    sql_add_name_for(dialect, &sql, report->name);
    buf_addf(&sql, " WHERE %s IS NOT NULL GROUP BY %s ORDER BY %s", buf_text(&day), buf_text(&day),
             buf_text(&day));
    return destination_query(dest, buf_text(&sql), row, days, err);
}

bool copy_pieces_of(struct copy_sides *sides, const struct report *report, struct copy_pieces *out,
                    struct error *err)
{
    struct days days = {0};

    if (!read_days(sides->from, report, take_day, &days, err) ||
        !read_days(sides->to, report, take_target_day, &days, err)) {
        free(days.pieces);
        return false;
    }
    days.pieces = mem_grow(days.pieces, days.count + 2, sizeof(*days.pieces));
    if (days.any && days.count == 0)
        days.count = 1;
    for (size_t i = 0; i < days.count; i++)
        days.pieces[i] = (struct copy_piece){
            .first = i ? days.pieces[i].first : days.first,
            .last = i + 1 < days.count ? days.pieces[i + 1].first - 1 : days.last};
    days.pieces[days.count++] = (struct copy_piece){.first = 1, .last = 0, .undated = true};
    *out = (struct copy_pieces){days.pieces, days.count};
    return true;
}

void copy_pieces_done(struct copy_pieces *pieces)
{
    free(pieces->items);
    *pieces = (struct copy_pieces){0};
}

struct row_range copy_piece_range(struct copy_piece piece)
{
    return (struct row_range){.has_first = true,
                              .has_last = true,
                              .first = piece.first,
                              .last = piece.last,
                              .undated_too = piece.undated};
}

/* --- a piece --------------------------------------------------------------------------------- */

/* The rows of a piece in both databases. */
struct reading {
    struct copy_sides *sides;
    const struct report *report;
    struct copy_piece piece;
    struct batch batch;
    struct copy_rows from, to;
    struct buf scratch;
    struct change_counts changes;
};

static void reading_done(struct reading *reading)
{
    batch_done(&reading->batch);
    copy_rows_done(&reading->from);
    copy_rows_done(&reading->to);
    buf_done(&reading->scratch);
}

static bool take_source_row(void *arg, const struct table_row *row, struct error *err)
{
    struct reading *reading = arg;
    struct copy_row known;

    if (row->legacy || !table_row_key_agrees(row) || !table_row_contents_agree(row) ||
        !copy_row_of(reading->report, row, &reading->scratch, &known))
        return error_set(err, ERROR_DATA,
                         "a row was changed while it was copied: `etl-sigos check --verify` on the"
                         " source shows it, `etl-sigos full --verify` mends it");
    struct row *added = batch_add_cells(&reading->batch, row->cells);
    if (!added)
        return error_set(err, ERROR_DATA, "a day has more rows than can be copied at once");
    added->key = row->key;
    added->fingerprint = row->fingerprint;
    added->date = known.date;
    added->undated = known.undated;
    copy_rows_add(&reading->from, known);
    return stop_check(err);
}

static bool take_target_row(void *arg, const struct table_row *row, struct error *err)
{
    struct reading *reading = arg;
    struct copy_row known;

    if (!row->has_key || !copy_row_of(reading->report, row, &reading->scratch, &known))
        return error_set(err, ERROR_DATA,
                         "the target has rows that another program wrote: copy into an empty"
                         " database");
    copy_rows_add(&reading->to, known);
    return stop_check(err);
}

/* Compares and writes within the target's transaction. */
static bool write_piece(struct reading *reading, struct error *err)
{
    struct destination *to = reading->sides->to;
    const struct row_range range = copy_piece_range(reading->piece);
    struct plan plan = {0};

    if (!destination_read_rows(to, reading->report, range, take_target_row, reading, err))
        return false;
    if (!copy_compare(&reading->from, &reading->to, &plan))
        return error_set(err, ERROR_DATA,
                         "the source has a key twice: run `etl-sigos check` on it first");
    reading->changes = plan.counts;
    const bool writes = plan.counts.inserted + plan.counts.updated + plan.counts.deleted;
    const bool ok =
        !writes || (copy_mark_summaries(reading->sides, err) &&
                    destination_apply(to, &reading->sides->run, &reading->batch, &plan, err) &&
                    destination_commit(to, NULL, err));
    plan_done(&plan);
    if (ok && !writes)
        destination_rollback(to);
    return ok;
}

static bool copy_piece(void *arg, struct error *err)
{
    struct reading *reading = arg;
    struct copy_sides *sides = reading->sides;
    const struct copy_piece piece = reading->piece;
    const struct window window = {.first = piece.first,
                                  .last = piece.last,
                                  .own_first = piece.first,
                                  .own_last = piece.last,
                                  .complete = true};

    reading_done(reading);
    reading->scratch = BUF_INIT(ROW_MAX);
    batch_init(&reading->batch, reading->report->column_count, BATCH_MAX);
    if (!copy_keep_leases(sides, err) ||
        !destination_read_rows(sides->from, reading->report, copy_piece_range(piece),
                               take_source_row, reading, err) ||
        !destination_begin(sides->to, reading->report, window, err))
        return false;
    if (write_piece(reading, err))
        return true;
    destination_rollback(sides->to);
    return false;
}

static void tell_piece(const struct reading *reading)
{
    const struct copy_piece piece = reading->piece;
    const struct change_counts *changes = &reading->changes;
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];

    log_info("copy.rows", log_text("report", reading->report->name),
             log_text("first", piece.undated ? "" : date_format_iso(piece.first, first)),
             log_text("last", piece.undated ? "" : date_format_iso(piece.last, last)),
             log_int("rows", (int64_t)reading->from.count),
             log_int("inserted", (int64_t)changes->inserted),
             log_int("updated", (int64_t)changes->updated),
             log_int("deleted", (int64_t)changes->deleted));
    reading->sides->out->written += changes->inserted + changes->updated + changes->deleted;
}

bool copy_rows_of(struct copy_sides *sides, const struct report *report, struct error *err)
{
    struct copy_pieces pieces = {0};
    struct reading reading = {.sides = sides, .report = report};

    bool ok = copy_pieces_of(sides, report, &pieces, err);
    for (size_t i = 0; ok && i < pieces.count; i++) {
        reading.piece = pieces.items[i];
        ok = retry_until_done(&retry_database, copy_piece, &reading, err);
        if (ok)
            tell_piece(&reading);
    }
    reading_done(&reading);
    copy_pieces_done(&pieces);
    return ok || error_context(err, "%s", report->name);
}
