/* SPDX-License-Identifier: MIT */
/* One window, from the portal to the committed table. */
#include "run/window_load.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "load/guard.h"
#include "load/history.h"
#include "load/reconcile.h"
#include "run/retry.h"
#include "run/windows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a window produces on its way; released together. */
struct products {
    struct export export;
    struct batch batch;
    struct file_facts *facts; /* of each file that was read */
    size_t facts_count;
    struct buf files; /* base names, ", " between */
    struct snapshot held;
    struct plan plan;
    bool *covered;
};

static void forget_comparison(struct products *products)
{
    snapshot_done(&products->held);
    plan_done(&products->plan);
    free(products->covered);
    products->covered = NULL;
}

static void forget_rows(struct products *products)
{
    batch_done(&products->batch);
    buf_reset(&products->files);
    products->facts_count = 0;
}

static void products_done(struct products *products, bool keep_files)
{
    forget_comparison(products);
    forget_rows(products);
    free(products->facts);
    buf_done(&products->files);
    for (size_t i = 0; !keep_files && i < products->export.count; i++)
        unlink(products->export.paths[i]);
    export_done(&products->export);
}

static void note_file(struct products *products, const char *path)
{
    const char *slash = strrchr(path, '/');

    if (products->files.len)
        buf_add_text(&products->files, ", ");
    buf_add_text(&products->files, slash ? slash + 1 : path);
    products->facts_count++;
}

/* Columns that come or go are how a portal announces a change: said once a window, never an error.
 */
static void warn_of_missing(const struct report *report, const struct products *products)
{
    for (size_t i = 0; i < products->facts_count; i++)
        if (*products->facts[i].missing)
            log_warn("columns.missing", log_text("report", report->name),
                     log_text("file", products->export.paths[i]),
                     log_text("null", products->facts[i].missing));
}

static bool clean(const struct window_loader *loader, const struct scope *scope,
                  struct products *products, struct ledger_entry *entry, struct error *err)
{
    batch_init(&products->batch, loader->report->column_count, TRANSFORM_BATCH_MAX);
    entry->bytes = 0;
    for (size_t i = 0; i < products->export.count; i++) {
        const char *path = products->export.paths[i];
        struct file_facts *facts = &products->facts[i];
        if (!transform_file(loader->transform, path, scope, &products->batch, facts, err))
            return false;
        note_file(products, path);
        entry->bytes += facts->bytes;
    }
    entry->file = buf_text(&products->files);
    if (products->facts_count)
        entry->sha256 = products->facts[products->facts_count - 1].sha256;
    bool ok = transform_finish(loader->transform, &products->batch, loader->accept_shrink, err);
    entry->rows = products->batch.counts;
    return ok;
}

static bool has_key(const struct snapshot *snapshot, struct hash128 key)
{
    for (size_t i = 0; i < snapshot->count; i++)
        if (hash128_equal(snapshot->rows[i].key, key))
            return true;
    return false;
}

/* A rehearsal takes each window back, so an undated row that several exports show would be new to each of
 * them; a run finds it from the second one on. */
static void hold_rehearsed(const struct window_loader *loader, struct products *products)
{
    for (size_t i = 0; i < products->batch.row_count; i++) {
        const struct row *row = &products->batch.rows[i];
        if (row->undated && has_key(loader->undated, row->key) &&
            !has_key(&products->held, row->key))
            snapshot_add(&products->held, (struct held_row){.key = row->key,
                                                            .fingerprint = row->fingerprint,
                                                            .undated = true});
    }
}

static bool compare(const struct window_loader *loader, struct window window,
                    struct products *products, struct error *err)
{
    const int64_t days = (int64_t)window.own_last - window.own_first + 1;

    products->covered = mem_array((size_t)(days > 0 ? days : 0), sizeof(bool));
    if (!destination_snapshot(loader->destination, &products->held, err) ||
        !destination_coverage(loader->destination, products->covered, err) ||
        (loader->strangers && !history_count_rows(loader->strangers, loader->report, window,
                                                  &products->held.strangers, err)))
        return false;
    if (loader->sample)
        hold_rehearsed(loader, products);
    reconcile(&products->batch, &products->held, window, products->covered, &products->plan);
    return loader->accept_shrink ||
           guard_check(&products->plan, &products->held, &loader->report->limits, err);
}

/* Only an export that is going to be written may change the table's shape: one that the guard holds
 * leaves it as it was. */
static bool passes_guard(const struct window_loader *loader, struct window window,
                         struct products *products, struct error *err)
{
    if (!destination_begin(loader->destination, loader->report, window, err))
        return false;
    bool ok = compare(loader, window, products, err);
    destination_rollback(loader->destination);
    forget_comparison(products);
    return ok;
}

/* Where the report got new columns, the files are read again to fill them: that is rare, and so the
 * others need not be read twice. */
static bool take_new_columns(const struct window_loader *loader, const struct scope *scope,
                             struct products *products, struct ledger_entry *entry,
                             struct error *err)
{
    bool grown = false;

    for (int attempt = 1; !passes_guard(loader, entry->window, products, err); attempt++)
        if (!retry_again(&retry_database, attempt, err))
            return false;
    bool ok =
        drift_add(loader->drift, loader->destination, loader->run, &products->batch, &grown, err);
    if (grown) {
        forget_rows(products);
        transform_follow_report(loader->transform);
    }
    return ok && (!grown || clean(loader, scope, products, entry, err));
}

static bool settle_columns(const struct window_loader *loader, const struct scope *scope,
                           struct products *products, struct ledger_entry *entry, struct error *err)
{
    bool wanted;

    if (!drift_judge(loader->drift, &products->batch, &wanted, err) ||
        (wanted && !loader->sample && !take_new_columns(loader, scope, products, entry, err)))
        return false;
    drift_tell(loader->drift, &products->batch);
    return true;
}

static void end_entry(struct ledger_entry *entry, int64_t started_ms)
{
    entry->ended_at = clock_now();
    entry->seconds = (double)(clock_ms() - started_ms) / 1000;
}

static bool try_to_write(const struct window_loader *loader, struct products *products,
                         struct ledger_entry *entry, int64_t started_ms, struct error *err)
{
    struct destination *dest = loader->destination;

    forget_comparison(products);
    if (!destination_begin(dest, loader->report, entry->window, err))
        return false;
    bool ok = compare(loader, entry->window, products, err) && stop_check(err) &&
              destination_apply(dest, loader->run, &products->batch, &products->plan, err) &&
              destination_reject(dest, loader->run, &products->batch, err);
    if (ok) {
        entry->changes = products->plan.counts;
        entry->status = WINDOW_LOADED;
        end_entry(entry, started_ms);
        ok = destination_commit(dest, entry, err);
    }
    if (!ok)
        destination_rollback(dest);
    return ok;
}

/* The change log of the open window, before it is rolled back. */
static bool read_sample(const struct window_loader *loader, struct error *err)
{
    const struct history_filter filter = {
        .report = loader->report->name, .run = loader->run->id, .limit = loader->sample_max};

    return history_read(loader->destination, &history_changes, &filter, loader->sample,
                        loader->sample_arg, err);
}

/* Does what a load does, and takes it back: the same counts, and changes with before and after. */
static bool rehearse(const struct window_loader *loader, struct products *products,
                     struct ledger_entry *entry, struct error *err)
{
    struct destination *dest = loader->destination;

    if (!destination_begin(dest, loader->report, entry->window, err))
        return false;
    bool ok = compare(loader, entry->window, products, err) &&
              destination_start_run(dest, loader->run, err) &&
              destination_apply(dest, loader->run, &products->batch, &products->plan, err) &&
              read_sample(loader, err);
    destination_rollback(dest);
    if (ok) {
        entry->changes = products->plan.counts;
        entry->status = WINDOW_LOADED;
    }
    return ok;
}

/* The rows are in memory: a database that comes back gets them without another export. What it holds
 * may have changed meanwhile, so the comparison is made anew. */
static bool write_window(const struct window_loader *loader, struct products *products,
                         struct ledger_entry *entry, int64_t started_ms, struct error *err)
{
    for (int attempt = 1;; attempt++) {
        if (try_to_write(loader, products, entry, started_ms, err))
            return true;
        if (!retry_again(&retry_database, attempt, err))
            return false;
    }
}

static bool load(const struct window_loader *loader, struct products *products,
                 struct ledger_entry *entry, int64_t started_ms, struct error *err)
{
    struct scope scope = {.window = entry->window, .period = loader->period};

    if (!extractor_fetch(loader->extractor, loader->report, entry->window, &products->export, err))
        return false;
    scope.extracted_at = products->export.extracted_at;
    products->facts = mem_array(products->export.count, sizeof(*products->facts));
    bool ok = clean(loader, &scope, products, entry, err);
    warn_of_missing(loader->report, products);
    if (!ok)
        return false;
    if (!entry->window.complete)
        entry->window = window_narrow(entry->window, &products->batch);
    if (!settle_columns(loader, &scope, products, entry, err))
        return false;
    if (loader->sample)
        return rehearse(loader, products, entry, err);
    return write_window(loader, products, entry, started_ms, err);
}

static enum window_status status_of(const struct error *err)
{
    if (err->kind == ERROR_HELD)
        return WINDOW_HELD;
    return err->kind == ERROR_DATA ? WINDOW_REFUSED : WINDOW_FAILED;
}

/* A window that was not loaded is in the ledger too; that this fails as well is not worse. */
static void record_failure(const struct window_loader *loader, struct ledger_entry *entry,
                           const struct error *why)
{
    struct error err;

    entry->status = status_of(why);
    entry->reason = why->message;
    entry->changes = (struct change_counts){0};
    if (loader->sample)
        return;
    if (!destination_record(loader->destination, entry, &err))
        log_warn("ledger.unrecorded", log_text("report", entry->report),
                 log_text("error", err.message));
}

bool window_load(const struct window_loader *loader, struct window window,
                 struct ledger_entry *entry, struct error *err)
{
    const int64_t started_ms = clock_ms();
    struct products products = {.files = BUF_INIT(64 * 1024)};

    *entry = (struct ledger_entry){
        .run_id = loader->run->id,
        .report = loader->report->name,
        .window = window,
        .reason = "",
        .file = "",
        .sha256 = "",
        .started_at = clock_now(),
    };
    bool ok = load(loader, &products, entry, started_ms, err);
    end_entry(entry, started_ms);
    if (ok)
        snapshot_add_undated(loader->undated, &products.batch);
    else
        record_failure(loader, entry, err);
    products_done(&products, loader->keep_files);
    entry->reason = entry->file = entry->sha256 = "";
    return ok;
}
