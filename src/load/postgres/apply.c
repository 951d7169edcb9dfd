/* SPDX-License-Identifier: MIT */
/* Executes a plan: deletes the legacy rows of the window, rewrites rows, and inserts new rows with
 * COPY. */
#include "load/postgres/apply.h"

#include "base/mem.h"
#include "load/postgres/cause.h"
#include "load/postgres/copy.h"
#include "load/postgres/encode.h"
#include "load/postgres/rewrite.h"
#include "load/postgres/snapshot.h"
#include "load/postgres/sql.h"

enum { SHOWN_MAX = 40 }; /* bytes of a value that a message shows */

static const char insert_rows_purpose[] = "insert rows";

static bool add_row(const struct applier *a, struct buf *out, size_t index, struct error *err)
{
    const struct row *row = &a->batch->rows[index];

    copy_binary_begin_row(out, a->report->column_count + 2);
    for (size_t i = 0; i < a->report->column_count; i++) {
        const struct column *column = &a->report->columns[i];
        const struct cell cell = batch_cell(a->batch, index, i);
        if (!copy_binary_cell(out, column->type, cell))
            return postgres_report_error(
                a->dest, insert_rows_purpose, err, "'%.*s' is no value of the column \"%s\"",
                (int)(cell.len < SHOWN_MAX ? cell.len : SHOWN_MAX), cell.text, column->name);
    }
    copy_binary_hash(out, row->key);
    copy_binary_hash(out, row->fingerprint);
    return true;
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
        if (!applier_check_owned(a, item, insert_rows_purpose, err) ||
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
        applier_take_cells(a, item->row);
        change_insert(&a->change, a->report, item->key, a->cells);
        if (!applier_log(a, err))
            return false;
    }
    return true;
}

static bool insert_rows(struct applier *a, struct error *err)
{
    return a->inserts.count == 0 || (copy_rows(a, err) && log_inserts(a, err));
}

/* Deletes the legacy rows of the window's days, which the portal's rows replace. Fails for a window
 * that may not delete: its rows would be in the table twice. */
static bool replace_legacy_rows(struct applier *a, struct error *err)
{
    static const char purpose[] = "take over the rows of another program";
    MEM_FREE_TEXT char *sql = postgres_sql_delete_legacy(a->report, a->dest->base.window);
    uint64_t removed;
    size_t count;

    if (!postgres_count_legacy(a->dest, &count, err))
        return false;
    if (count == 0)
        return true;
    if (!a->dest->base.window.complete)
        return postgres_report_error(
            a->dest, purpose, err,
            "%s holds %zu rows of these days that another program left, and "
            "this file may not replace them: run a full cycle first, or say "
            "with --from and --to which days the file covers",
            a->report->name, count);
    return postgres_run_counting(a->dest, purpose, sql, &removed, err) &&
           applier_check_count(a, purpose, removed, count, err);
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
    bool ok = replace_legacy_rows(&a, err) && rewrite_rows(&a, err) &&
              (!base->distrustful || rewrite_strays(&a, err)) && insert_rows(&a, err) &&
              applier_send_log(&a, err);
    applier_done(&a);
    if (!ok)
        postgres_add_cause(a.dest, base->report, err);
    return ok;
}
