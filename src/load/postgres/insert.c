/* SPDX-License-Identifier: MIT */
/* The plan carried out: what is new goes by COPY into the table itself. */
#include "load/postgres/insert.h"

#include "base/date.h"
#include "base/mem.h"
#include "load/postgres/copy_binary.h"
#include "load/postgres/copy_text.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
    SHOWN_MAX = 40,
    LOG_SENT_AT = 1024 * 1024,
    LOG_MAX = LOG_SENT_AT + 8 * CHANGE_JSON_MAX, /* an entry more, each of its bytes escaped */
};

/* In the order of the unique index: it grows at its end, which takes two thirds of the time that the
 * order of keys alone takes, and is a sixth smaller. */
static int by_place(const void *left, const void *right)
{
    const struct item *a = left, *b = right;

    if (a->removed != b->removed)
        return a->removed ? -1 : 1;
    if (a->date != b->date)
        return a->date < b->date ? -1 : 1;
    if (a->key.high != b->key.high)
        return a->key.high < b->key.high ? -1 : 1;
    return (a->key.low > b->key.low) - (a->key.low < b->key.low);
}

static size_t count_rows(const struct plan *plan, enum row_action action)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->row_count; i++)
        count += plan->actions[i] == action;
    return count;
}

static void add_rows(struct items *items, const struct applier *a, enum row_action action)
{
    for (size_t i = 0; i < a->batch->row_count; i++) {
        const struct row *row = &a->batch->rows[i];
        if (a->plan->actions[i] == action)
            items->all[items->count++] = (struct item){
                .key = row->key, .row = i, .date = row->undated ? UNDATED : row->date};
    }
}

static void applier_init(struct applier *a)
{
    const struct plan *plan = a->plan;

    a->held = mem_array(a->report->column_count, sizeof(*a->held));
    a->cells = mem_array(a->report->column_count, sizeof(*a->cells));
    a->change = CHANGE_INIT;
    a->log = BUF_INIT(LOG_MAX);
    a->inserts.all = mem_array(count_rows(plan, ROW_INSERT), sizeof(struct item));
    add_rows(&a->inserts, a, ROW_INSERT);
    a->there.all =
        mem_array(plan->removed_count + count_rows(plan, ROW_UPDATE), sizeof(struct item));
    for (size_t i = 0; i < plan->removed_count; i++)
        a->there.all[a->there.count++] = (struct item){
            .key = plan->removed[i].key,
            .date = plan->removed[i].undated ? UNDATED : plan->removed[i].date,
            .removed = true,
        };
    add_rows(&a->there, a, ROW_UPDATE);
    qsort(a->inserts.all, a->inserts.count, sizeof(struct item), by_place);
    qsort(a->there.all, a->there.count, sizeof(struct item), by_place);
}

static void applier_done(struct applier *a)
{
    change_done(&a->change);
    buf_done(&a->log);
    free(a->inserts.all);
    free(a->there.all);
    free(a->held);
    free(a->cells);
}

/* The change log */

bool apply_send_log(struct applier *a, struct error *err)
{
    static const char sql[] = "COPY etl_changes (run_id, report, changed_at, window_date, row_key, "
                              "op, key, before, after)"
                              " FROM STDIN";

    if (a->log_rows && !copy_in_all(a->dest, "log changes", sql, &a->log, a->log_rows, err))
        return false;
    buf_reset(&a->log);
    a->log_rows = 0;
    return true;
}

static void add_json(struct buf *out, const struct buf *json)
{
    copy_text_cell(out, (struct cell){.text = json->len ? buf_text(json) : NULL, .len = json->len});
}

bool apply_log(struct applier *a, struct error *err)
{
    const struct change *change = &a->change;
    struct buf *log = &a->log;

    if (change_fits(change)) {
        copy_text_text(log, a->run->id);
        copy_text_text(log, a->report->name);
        copy_text_text(log, a->dest->begun_at);
        copy_text_cell(log, change->date);
        copy_text_hash(log, change->row_key);
        copy_text_text(log, change->op);
        add_json(log, &change->key);
        add_json(log, &change->before);
        add_json(log, &change->after);
        copy_text_end_row(log);
    }
    if (!change_fits(change) || log->full)
        return postgres_refuse(a->dest, "log changes", err, "a row has over %d bytes",
                               CHANGE_JSON_MAX);
    a->log_rows++;
    return log->len < LOG_SENT_AT || apply_send_log(a, err);
}

void apply_take_cells(struct applier *a, size_t row)
{
    for (size_t i = 0; i < a->report->column_count; i++)
        a->cells[i] = batch_cell(a->batch, row, i);
}

/* New rows */

static const char insert_rows_purpose[] = "insert rows";

bool apply_check_owned(const struct applier *a, const struct item *item, const char *purpose,
                       struct error *err)
{
    const struct window *window = &a->dest->base.window;
    char day[DATE_ISO_SIZE];

    if (item->date == UNDATED ||
        (item->date >= window->own_first && item->date <= window->own_last))
        return true;
    return postgres_refuse(a->dest, purpose, err, "%s is not a day of the window of %s",
                           date_format_iso(item->date, day), a->report->name);
}

static bool add_row(const struct applier *a, struct buf *out, size_t index, struct error *err)
{
    const struct row *row = &a->batch->rows[index];

    copy_binary_begin_row(out, a->report->column_count + 2);
    for (size_t i = 0; i < a->report->column_count; i++) {
        const struct column *column = &a->report->columns[i];
        const struct cell cell = batch_cell(a->batch, index, i);
        if (!copy_binary_cell(out, column->type, cell))
            return postgres_refuse(
                a->dest, insert_rows_purpose, err, "'%.*s' is no value of the column \"%s\"",
                (int)(cell.len < SHOWN_MAX ? cell.len : SHOWN_MAX), cell.text, column->name);
    }
    copy_binary_hash(out, row->key);
    copy_binary_hash(out, row->fingerprint);
    return true;
}

bool apply_expect(const struct applier *a, const char *purpose, uint64_t rows, size_t expected,
                  struct error *err)
{
    return rows == expected || postgres_refuse(a->dest, purpose, err,
                                               "%" PRIu64 " rows instead of %zu", rows, expected);
}

static bool copy_rows(struct applier *a, struct error *err)
{
    MEM_FREE_TEXT char *sql = postgres_sql_copy_in(a->report);
    COPY_IN_DONE struct copy_in copy = {0};

    if (!copy_in_start(&copy, a->dest, insert_rows_purpose, sql, err))
        return false;
    copy_binary_begin(&copy.row);
    for (size_t i = 0; i < a->inserts.count; i++) {
        const struct item *item = &a->inserts.all[i];
        if (!apply_check_owned(a, item, insert_rows_purpose, err) ||
            !add_row(a, &copy.row, item->row, err) || !copy_in_row(&copy, err))
            return false;
    }
    copy_binary_end(&copy.row);
    return copy_in_finish(&copy, err);
}

static bool log_inserts(struct applier *a, struct error *err)
{
    for (size_t i = 0; i < a->inserts.count; i++) {
        const struct item *item = &a->inserts.all[i];
        if (!a->plan->logged[item->row])
            continue;
        apply_take_cells(a, item->row);
        change_insert(&a->change, a->report, item->key, a->cells);
        if (!apply_log(a, err))
            return false;
    }
    return true;
}

static bool insert_rows(struct applier *a, struct error *err)
{
    return a->inserts.count == 0 || (copy_rows(a, err) && log_inserts(a, err));
}

/* Rows that another program left in the window's days give way to what the portal says. Where the
 * window may not delete they would stand beside their own copies. */
static bool replace_strangers(struct applier *a, struct error *err)
{
    static const char purpose[] = "take over the rows of another program";
    MEM_FREE_TEXT char *sql = postgres_sql_delete_strangers(a->report, a->dest->base.window);
    uint64_t removed;
    size_t count;

    if (!postgres_count_strangers(a->dest, &count, err))
        return false;
    if (count == 0)
        return true;
    if (!a->dest->base.window.complete)
        return postgres_refuse(a->dest, purpose, err,
                               "%s holds %zu rows of these days that another program left, and "
                               "this file may not replace them: run a full cycle first, or say "
                               "with --from and --to which days the file covers",
                               a->report->name, count);
    return postgres_run_counting(a->dest, purpose, sql, &removed, err) &&
           apply_expect(a, purpose, removed, count, err);
}

bool postgres_apply(struct destination *base, const struct run *run, const struct batch *batch,
                    const struct plan *plan, struct error *err)
{
    struct applier a = {.dest = postgres_of(base),
                        .run = run,
                        .report = base->report,
                        .batch = batch,
                        .plan = plan};

    applier_init(&a);
    bool ok = replace_strangers(&a, err) && apply_there(&a, err) &&
              (!base->distrustful || apply_strays(&a, err)) && insert_rows(&a, err) &&
              apply_send_log(&a, err);
    applier_done(&a);
    if (!ok)
        postgres_add_cause(a.dest, base->report, err);
    return ok;
}
