/* SPDX-License-Identifier: MIT */
/* Writes runs and rejects, and reads which days were loaded before. */
#include "load/clickhouse/ledger.h"

#include "base/mem.h"
#include "load/clickhouse/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROW_MAX = 64 * 1024,
    PIECE_MAX = 512 * 1024 * 1024, /* of IDS_AT_ONCE rejects of 64 kB that all need escapes */
    SQL_MAX = 256 * 1024,          /* a statement may have 262,144 bytes */
    IDS_AT_ONCE = 4000,
};

static const char keep_purpose[] = "keep rejects";

/* --- runs ------------------------------------------------------------------------------------ */

static const char insert_run[] =
    "INSERT INTO etl_runs_log (id, mode, started_at, ended_at, exit_code) FORMAT TabSeparated";

/* A rehearsal leaves nothing behind: what is noted within a window would stay. */
bool clickhouse_start_run(struct destination *base, const struct run *run, struct error *err)
{
    BUF_DONE struct buf row = BUF_INIT(ROW_MAX);
    char stamp[CLOCK_STAMP_SIZE];

    if (base->report)
        return true;
    clickhouse_add_text(&row, run->id);
    clickhouse_add_text(&row, run->mode);
    clickhouse_add_text(&row, clock_format_zoned(run->started_at, stamp));
    buf_add_text(&row, "\\N\t\\N\n");
    return clickhouse_insert(&clickhouse_of(base)->ch, "note the start of the run", insert_run,
                             &row, err);
}

bool clickhouse_end_run(struct destination *base, const struct run *run, int exit_code,
                        time_t ended_at, struct error *err)
{
    static const char purpose[] = "note the end of the run";
    struct clickhouse *ch = &clickhouse_of(base)->ch;
    BUF_DONE struct buf row = BUF_INIT(ROW_MAX), known = BUF_INIT(ROW_MAX);
    char stamp[CLOCK_STAMP_SIZE];
    uint64_t count = 0;

    ch->heed_stop = false;
    buf_add_text(&known, "SELECT count() FROM etl_runs_log WHERE id = ");
    clickhouse_add_literal(&known, run->id);
    if (!clickhouse_number(ch, purpose, buf_text(&known), &count, err))
        return false;
    if (!count)
        return clickhouse_report_error(ch, purpose, err, "there is no run %s", run->id);
    clickhouse_add_text(&row, run->id);
    buf_add_text(&row, "\t\t"); /* mode and start are those of the other row */
    clickhouse_add_text(&row, clock_format_zoned(ended_at, stamp));
    buf_addf(&row, "%d\n", exit_code);
    return clickhouse_insert(ch, purpose, insert_run, &row, err);
}

/* --- days ------------------------------------------------------------------------------------ */

struct marking {
    struct window window;
    bool *days;
};

static bool take_window(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct marking *marking = arg;
    const int64_t first = strtoll(cells[0].text, NULL, 10);
    const int64_t last = strtoll(cells[1].text, NULL, 10);
    const int64_t loaded_on = strtoll(cells[2].text, NULL, 10);

    (void)count;
    (void)err;
    loaded_days_mark(marking->days, marking->window, first,
                     last < loaded_on ? last : loaded_on - 1);
    return true;
}

/* A day that was not over when its load began is left out. */
bool clickhouse_loaded_days(struct destination *base, bool *days, struct error *err)
{
    const size_t count = window_owned_days(base->window);
    BUF_DONE struct buf sql = BUF_INIT(ROW_MAX);

    if (count == 0)
        return true;
    struct marking marking = {base->window, mem_array(count, sizeof(*days))};
    buf_add_text(&sql, "SELECT toInt32(own_first), toInt32(own_last),"
                       " max(toInt32(toDate(substring(started_at, 1, 10)))) FROM etl_windows"
                       " WHERE status = 'loaded' AND report = ");
    clickhouse_add_literal(&sql, base->report->name);
    buf_addf(&sql,
             " AND toInt32(own_first) <= %" PRId32 " AND toInt32(own_last) >= %" PRId32
             " GROUP BY own_first, own_last",
             base->window.own_last, base->window.own_first);
    const bool ok = clickhouse_query(&clickhouse_of(base)->ch, "read which days were loaded before",
                                     buf_text(&sql), NULL, 0, take_window, &marking, err);
    if (ok)
        memcpy(days, marking.days, count * sizeof(*days));
    free(marking.days);
    return ok;
}

/* --- rejects --------------------------------------------------------------------------------- */

static int by_number(const void *left, const void *right)
{
    return hash128_compare(left, right);
}

struct kept {
    struct hash128 *ids; /* sorted, once all came */
    size_t count;
};

static bool take_id(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct kept *kept = arg;
    struct hash128 id;

    (void)count;
    (void)err;
    if (!clickhouse_read_hash(cells[0], &id))
        return true;
    kept->ids = mem_grow(kept->ids, kept->count + 1, sizeof(*kept->ids));
    kept->ids[kept->count++] = id;
    return true;
}

static bool read_kept(struct clickhouse_destination *dest, const struct reject *rejects,
                      size_t count, struct kept *out, struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);

    buf_add_text(&sql,
                 "SELECT id FROM etl_rejects_log WHERE tx IN " CLICKHOUSE_COMMITTED " AND id IN (");
    for (size_t i = 0; i < count; i++) {
        buf_add_text(&sql, i ? ",'" : "'");
        clickhouse_add_hash(&sql, rejects[i].id);
        buf_add_char(&sql, '\'');
    }
    buf_add_char(&sql, ')');
    if (!clickhouse_query(&dest->ch, keep_purpose, buf_text(&sql), NULL, 0, take_id, out, err))
        return false;
    if (out->count)
        qsort(out->ids, out->count, sizeof(*out->ids), by_number);
    return true;
}

static void add_reject(struct buf *rows, const struct clickhouse_destination *dest,
                       const struct run *run, const struct reject *reject)
{
    buf_addf(rows, "%" PRIu64 "\t", dest->tx);
    clickhouse_add_hash(rows, reject->id);
    buf_add_char(rows, '\t');
    clickhouse_add_text(rows, run->id);
    clickhouse_add_text(rows, dest->base.report->name);
    clickhouse_add_text(rows, reject->file);
    buf_addf(rows, "%" PRIu64 "\t", reject->line);
    clickhouse_add_text(rows, reject->reason);
    clickhouse_add_field(rows, (struct cell){reject->raw, reject->raw_len});
    buf_add_char(rows, '\n');
}

/* Keeps those of a few rejects that no earlier window has kept. */
static bool keep_new(struct clickhouse_destination *dest, const struct run *run,
                     const struct reject *rejects, size_t count, struct error *err)
{
    BUF_DONE struct buf rows = BUF_INIT(PIECE_MAX);
    struct kept kept = {0};

    bool ok = read_kept(dest, rejects, count, &kept, err);
    for (size_t i = 0; ok && i < count; i++)
        if (!kept.count ||
            !bsearch(&rejects[i].id, kept.ids, kept.count, sizeof(*kept.ids), by_number))
            add_reject(&rows, dest, run, &rejects[i]);
    if (ok && rows.full)
        ok = clickhouse_report_error(&dest->ch, keep_purpose, err, "they have over %d bytes",
                                     PIECE_MAX);
    free(kept.ids);
    return ok && clickhouse_insert(&dest->ch, keep_purpose,
                                   "INSERT INTO etl_rejects_log (tx, id, run_id, report, file,"
                                   " line, reason, raw) FORMAT TabSeparated",
                                   &rows, err);
}

bool clickhouse_reject(struct destination *base, const struct run *run, const struct batch *batch,
                       struct error *err)
{
    for (size_t from = 0; from < batch->reject_count; from += IDS_AT_ONCE) {
        const size_t left = batch->reject_count - from;
        if (!keep_new(clickhouse_of(base), run, batch->rejects + from,
                      left < IDS_AT_ONCE ? left : IDS_AT_ONCE, err))
            return false;
    }
    return true;
}
