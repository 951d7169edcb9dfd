/* SPDX-License-Identifier: MIT */
/* Executes plans: reads the old contents of what ends, then sends rows, marks and log. */
#include "load/clickhouse/apply.h"

#include "base/date.h"
#include "base/mem.h"
#include "load/change_log.h"
#include "load/clickhouse/rows.h"
#include "load/clickhouse/sql.h"
#include "load/clickhouse/text.h"
#include "load/clickhouse/window.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    PIECE = 16 * 1024 * 1024,     /* bytes after which a piece of a table is sent */
    PIECE_MAX = 64 * 1024 * 1024, /* with the row that was added last */
    SQL_MAX = 1024 * 1024,
    IDS_AT_ONCE = 5000, /* in a statement, which may have 262,144 bytes */
};

/* A row that ends: deleted, or replaced by a row of the batch. */
struct ending {
    uint64_t id;
    struct hash128 key;
    size_t row;  /* of the batch; NO_ROW: it is deleted */
    bool logged; /* its old contents came */
};
#define NO_ROW SIZE_MAX

struct writer {
    struct clickhouse_destination *dest;
    const struct run *run;
    const struct report *report;
    const struct batch *batch;
    const struct plan *plan;
    struct ending *endings; /* sorted by id */
    size_t ending_count;
    uint64_t next_row;
    struct cell *cells; /* of a row of the batch */
    struct change change;
    struct clickhouse_rows rows; /* what is sent next */
    struct buf marks, log;
    char *insert_rows, *insert_marks;
};

static const char purpose[] = "write a window";

/* --- sending --------------------------------------------------------------------------------- */

static const char insert_log[] =
    "INSERT INTO etl_changes_log (tx, n, run_id, report, changed_at, window_date, row_key, op, key,"
    " before, after, names, old, new) FORMAT TabSeparated";

static bool refuse_row(const struct writer *w, struct error *err)
{
    return clickhouse_report_error(&w->dest->ch, purpose, err, "a row has over %d bytes",
                                   PIECE_MAX - PIECE);
}

static bool send_piece(struct writer *w, const char *sql, struct buf *piece, size_t over,
                       struct error *err)
{
    if (piece->full)
        return refuse_row(w, err);
    if (piece->len <= over)
        return true;
    const bool ok = clickhouse_insert(&w->dest->ch, purpose, sql, piece, err);
    buf_reset(piece);
    return ok;
}

/* They are on their way while the rest of the window is written. A rehearsal sends no rows that
 * nobody would ever see. */
static bool send_rows(struct writer *w, size_t over, struct error *err)
{
    BUF_DONE struct buf block = BUF_INIT(PIECE_MAX);

    if (w->rows.bytes <= over)
        return true;
    if (w->dest->rehearses) {
        clickhouse_rows_drop(&w->rows);
        return true;
    }
    clickhouse_rows_take(&w->rows, &block);
    if (block.full)
        return refuse_row(w, err);
    return clickhouse_sender_send(&w->dest->sender, &w->dest->ch, purpose, w->insert_rows, &block,
                                  err);
}

static bool send_marks(struct writer *w, size_t over, struct error *err)
{
    if (w->dest->rehearses)
        buf_reset(&w->marks);
    return send_piece(w, w->insert_marks, &w->marks, over, err);
}

/* On their way, too; but a rehearsal reads them back. */
static bool send_log(struct writer *w, size_t over, struct error *err)
{
    if (w->dest->rehearses)
        return send_piece(w, insert_log, &w->log, over, err);
    if (w->log.full)
        return refuse_row(w, err);
    return w->log.len <= over || clickhouse_sender_send(&w->dest->sender, &w->dest->ch, purpose,
                                                        insert_log, &w->log, err);
}

static void add_mark(struct writer *w, uint64_t n)
{
    buf_addf(&w->marks, "%" PRIu64 "\t%" PRIu64 "\n", w->dest->tx, n);
}

/* --- the change log -------------------------------------------------------------------------- */

static struct cell cell_of(const struct buf *json)
{
    return (struct cell){json->len ? json->data : NULL, json->len};
}

static void add_arrays(struct writer *w, const struct cell *before, const struct cell *after)
{
    const struct report *report = w->report;

    for (int part = 0; part < 3; part++) {
        bool first = true;
        buf_add_text(&w->log, part ? "\t[" : "[");
        for (size_t i = 0; i < report->column_count; i++) {
            const char *name = report->columns[i].name;
            const struct cell *side = part == 1 ? before : after;
            if (!change_has_column(report, i, before, after))
                continue;
            clickhouse_add_element(&w->log, first,
                                   part == 0 ? (struct cell){name, strlen(name)}
                                   : side    ? side[i]
                                             : (struct cell){0});
            first = false;
        }
        buf_add_char(&w->log, ']');
    }
    buf_add_char(&w->log, '\n');
}

/* Adds the entry that w->change holds. */
static bool log_change(struct writer *w, const struct cell *before, const struct cell *after,
                       struct error *err)
{
    const struct change *change = &w->change;
    struct buf *log = &w->log;

    if (w->plan->unlogged)
        return true;
    if (!change_fits(change))
        return clickhouse_report_error(&w->dest->ch, purpose, err, "a row has over %d bytes",
                                       CHANGE_JSON_MAX);
    buf_addf(log, "%" PRIu64 "\t%" PRIu64 "\t", w->dest->tx, ++w->dest->changes);
    clickhouse_add_text(log, w->run->id);
    clickhouse_add_text(log, w->report->name);
    clickhouse_add_text(log, w->dest->begun_at);
    clickhouse_add_cell(log, change->date);
    clickhouse_add_hash(log, change->row_key);
    buf_addf(log, "\t%s\t", change->op);
    clickhouse_add_cell(log, cell_of(&change->key));
    clickhouse_add_cell(log, cell_of(&change->before));
    clickhouse_add_cell(log, cell_of(&change->after));
    add_arrays(w, before, after);
    return send_log(w, PIECE, err);
}

/* --- what ends ------------------------------------------------------------------------------- */

static int by_id(const void *left, const void *right)
{
    const struct ending *a = left, *b = right;

    return a->id < b->id ? -1 : a->id > b->id;
}

static bool add_ending(struct writer *w, struct hash128 key, size_t row, const char *what,
                       struct error *err)
{
    struct clickhouse_living *found = clickhouse_find_living(w->dest, key);

    if (!found)
        return clickhouse_report_error(&w->dest->ch, purpose, err,
                                       "the row to %s is not in the window of %s (" COLUMN_ROW_KEY
                                       " %016" PRIx64 "%016" PRIx64 ")",
                                       what, w->report->name, key.high, key.low);
    found->ends = true;
    w->endings[w->ending_count++] = (struct ending){.id = found->id, .key = key, .row = row};
    return true;
}

static bool list_endings(struct writer *w, struct error *err)
{
    const struct plan *plan = w->plan;

    if (!clickhouse_know_living(w->dest, err))
        return false;
    w->endings = mem_array(plan->removed_count + plan->row_count, sizeof(*w->endings));
    for (size_t i = 0; i < plan->removed_count; i++)
        if (!add_ending(w, plan->removed[i].key, NO_ROW, "delete", err))
            return false;
    for (size_t i = 0; i < plan->row_count; i++)
        if (plan->actions[i] == ROW_UPDATE &&
            !add_ending(w, w->batch->rows[i].key, i, "update", err))
            return false;
    if (w->ending_count)
        qsort(w->endings, w->ending_count, sizeof(*w->endings), by_id);
    return true;
}

static void take_cells(struct writer *w, size_t row)
{
    for (size_t i = 0; i < w->report->column_count; i++)
        w->cells[i] = batch_cell(w->batch, row, i);
}

/* Logs a row that ends, whose old contents came: its _id, then its cells. */
static bool take_old(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct writer *w = arg;
    const struct ending wanted = {.id = strtoull(cells[0].text, NULL, 10)};
    struct ending *ending = bsearch(&wanted, w->endings, w->ending_count, sizeof(wanted), by_id);

    if (!ending || ending->logged || count != w->report->column_count + 1)
        return clickhouse_report_error(&w->dest->ch, purpose, err,
                                       "a row came that nobody asked for");
    ending->logged = true;
    if (ending->row == NO_ROW) {
        change_delete(&w->change, w->report, ending->key, cells + 1);
        return log_change(w, cells + 1, NULL, err);
    }
    take_cells(w, ending->row);
    change_update(&w->change, w->report, ending->key, cells + 1, w->cells);
    return log_change(w, cells + 1, w->cells, err);
}

static bool end_rows(struct writer *w, struct error *err)
{
    for (size_t from = 0; from < w->ending_count; from += IDS_AT_ONCE) {
        BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);
        MEM_FREE_TEXT char *select = clickhouse_sql_read_old(w->report, clickhouse_site(w->dest),
                                                             w->dest->base.window, false);
        const size_t left = w->ending_count - from;
        const size_t to = from + (left < IDS_AT_ONCE ? left : IDS_AT_ONCE);
        buf_add_text(&sql, select);
        for (size_t i = from; i < to; i++)
            buf_addf(&sql, "%s%" PRIu64, i > from ? "," : "", w->endings[i].id);
        buf_add_char(&sql, ')');
        if (!clickhouse_query(&w->dest->ch, purpose, buf_text(&sql), NULL, 0, take_old, w, err))
            return false;
        for (size_t i = from; i < to; i++) {
            if (!w->endings[i].logged)
                return clickhouse_report_error(&w->dest->ch, purpose, err,
                                               "a row of %s is gone since it was compared",
                                               w->report->name);
            add_mark(w, w->endings[i].id);
        }
        if (!send_marks(w, PIECE, err))
            return false;
    }
    w->dest->deaths += w->ending_count;
    return true;
}

/* --- what is born ---------------------------------------------------------------------------- */

static bool check_day(struct writer *w, const struct row *row, struct error *err)
{
    const struct window *window = &w->dest->base.window;
    char day[DATE_ISO_SIZE];

    if (row->undated || (row->date >= window->own_first && row->date <= window->own_last))
        return true;
    return clickhouse_report_error(&w->dest->ch, purpose, err,
                                   "%s is not a day of the window of %s",
                                   date_format_iso(row->date, day), w->report->name);
}

static bool add_row(struct writer *w, size_t index, struct error *err)
{
    const struct row *row = &w->batch->rows[index];

    if (!check_day(w, row, err))
        return false;
    if (w->next_row >> CLICKHOUSE_ROW_BITS)
        return clickhouse_report_error(&w->dest->ch, purpose, err, "a window has over %d rows",
                                       1 << CLICKHOUSE_ROW_BITS);
    take_cells(w, index);
    if (!clickhouse_rows_add(&w->rows, row, w->cells,
                             w->dest->tx << CLICKHOUSE_ROW_BITS | w->next_row++, err))
        return error_context(err, "%s: %s", w->dest->ch.address.name, purpose);
    w->dest->births++;
    return send_rows(w, PIECE, err);
}

static int by_key(const void *left, const void *right)
{
    return hash128_compare(left, right);
}

/* Refuses to insert a key that lives, or to write one twice: no index would. */
static bool check_keys(struct writer *w, struct error *err)
{
    const struct plan *plan = w->plan;
    struct hash128 *born = mem_array(plan->row_count, sizeof(*born));
    const struct hash128 *twice = NULL;
    size_t count = 0;

    for (size_t i = 0; i < plan->row_count && !twice; i++) {
        const struct hash128 *key = &w->batch->rows[i].key;
        if (plan->actions[i] == ROW_SAME)
            continue;
        const struct clickhouse_living *living = clickhouse_find_living(w->dest, *key);
        if (plan->actions[i] == ROW_INSERT && living && !living->ends)
            twice = key;
        born[count++] = *key;
    }
    if (count)
        qsort(born, count, sizeof(*born), by_key);
    for (size_t i = 1; i < count && !twice; i++)
        if (hash128_equal(born[i - 1], born[i]))
            twice = &born[i];
    const bool ok =
        !twice || clickhouse_report_error(&w->dest->ch, purpose, err,
                                          "the row to insert is in the window of %s already"
                                          " (" COLUMN_ROW_KEY " %016" PRIx64 "%016" PRIx64 ")",
                                          w->report->name, twice->high, twice->low);
    free(born);
    return ok;
}

static bool add_rows(struct writer *w, struct error *err)
{
    for (size_t i = 0; i < w->batch->row_count; i++)
        if (w->plan->actions[i] != ROW_SAME && !add_row(w, i, err))
            return false;
    return send_rows(w, 0, err);
}

static bool log_new_rows(struct writer *w, struct error *err)
{
    for (size_t i = 0; i < w->batch->row_count; i++) {
        if (w->plan->actions[i] != ROW_INSERT || !w->plan->logged[i])
            continue;
        take_cells(w, i);
        change_insert(&w->change, w->report, w->batch->rows[i].key, w->cells);
        if (!log_change(w, NULL, w->cells, err))
            return false;
    }
    return true;
}

/* --- all of it ------------------------------------------------------------------------------- */

/* Rows go the same way, so none of them arrives before. */
static bool note_begun(struct writer *w, struct error *err)
{
    BUF_DONE struct buf row = BUF_INIT(1024);

    buf_addf(&row, "%" PRIu64 "\t%s\n", w->dest->tx, w->run->id);
    return clickhouse_sender_send(&w->dest->sender, &w->dest->ch, purpose,
                                  "INSERT INTO etl_begun (tx, run_id) FORMAT TabSeparated", &row,
                                  err);
}

static void writer_open(struct writer *w)
{
    w->cells = mem_array(w->report->column_count, sizeof(*w->cells));
    w->change = CHANGE_INIT;
    clickhouse_rows_init(&w->rows, w->report, clickhouse_site(w->dest));
    w->marks = w->log = BUF_INIT(PIECE_MAX);
    w->insert_rows = clickhouse_sql_insert_rows(w->report, clickhouse_site(w->dest));
    w->insert_marks = clickhouse_sql_insert_marks(w->report);
}

static void writer_done(struct writer *w)
{
    free(w->endings);
    free(w->cells);
    free(w->insert_rows);
    free(w->insert_marks);
    change_done(&w->change);
    clickhouse_rows_done(&w->rows);
    buf_done(&w->marks);
    buf_done(&w->log);
}

static bool changes_nothing(const struct plan *plan)
{
    for (size_t i = 0; i < plan->row_count; i++)
        if (plan->actions[i] != ROW_SAME)
            return false;
    return plan->removed_count == 0;
}

bool clickhouse_apply(struct destination *base, const struct run *run, const struct batch *batch,
                      const struct plan *plan, struct error *err)
{
    struct writer w = {.dest = clickhouse_of(base),
                       .run = run,
                       .report = base->report,
                       .batch = batch,
                       .plan = plan};

    if (changes_nothing(plan))
        return true;
    writer_open(&w);
    bool ok = list_endings(&w, err) && check_keys(&w, err) && note_begun(&w, err) &&
              add_rows(&w, err) && end_rows(&w, err) && log_new_rows(&w, err);
    if (ok && w.dest->births)
        add_mark(&w, w.dest->tx);
    ok = ok && send_log(&w, 0, err) && send_marks(&w, 0, err);
    writer_done(&w);
    return ok;
}
