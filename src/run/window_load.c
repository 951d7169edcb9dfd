/* SPDX-License-Identifier: MIT */
/* Loads a prepared window: compares it with the table, asks the guard and writes the difference. */
#include "run/window_load.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "load/doubt_notes.h"
#include "load/guard.h"
#include "load/history.h"
#include "load/missing_keys.h"
#include "load/reconcile.h"
#include "model/key_set.h"
#include "run/confirm.h"
#include "run/retry.h"
#include "run/undated_rows.h"
#include "run/windows.h"

#include <stdlib.h>
#include <string.h>

/* A window that is being loaded. */
struct work {
    const struct window_loader *loader;
    struct prepared *prepared;
    struct ledger_entry *entry;
    int64_t began_ms;
    struct snapshot held; /* the window's rows in the table */
    struct plan plan;
};

static void forget_comparison(struct work *work)
{
    snapshot_done(&work->held);
    plan_done(&work->plan);
}

/* Warns of columns that the files lack, and of files in an archive that are no CSV. Neither is an
 * error: a column that disappears is how most changes of a portal begin. */
static void warn_of_missing(const struct report *report, const struct prepared *prepared)
{
    for (size_t i = 0; i < prepared->facts_count; i++) {
        const struct file_facts *facts = &prepared->facts[i];
        if (*facts->missing)
            log_warn("columns.missing", log_text("report", report->name),
                     log_text("file", prepared->export.paths[i]), log_text("null", facts->missing));
        if (*facts->left_out)
            log_warn("archive.left_out", log_text("report", report->name),
                     log_text("file", prepared->export.paths[i]),
                     log_text("files", facts->left_out));
    }
}

static void note_rows(struct work *work)
{
    const struct prepared *prepared = work->prepared;
    struct ledger_entry *entry = work->entry;

    entry->rows = prepared->batch.counts;
    entry->bytes = prepared->bytes;
    entry->file = buf_text(&prepared->files);
    if (prepared->facts_count)
        entry->sha256 = prepared->facts[prepared->facts_count - 1].sha256;
}

/* Reads the files of the window again, after the report has got more columns than the rows. */
static bool clean_again(struct work *work, struct error *err)
{
    const struct window_loader *loader = work->loader;
    struct transform *transform = transform_new(loader->report);
    const struct preparer preparer = {.report = loader->report,
                                      .transform = transform,
                                      .accept_shrink = loader->accept_shrink,
                                      .ends_lines = loader->known->ends_lines &&
                                                    !loader->known->leaves_lines_open};

    const bool ok = prepared_clean(&preparer, work->prepared, err);
    note_rows(work);
    transform_free(transform);
    return ok;
}

/* Whether no column is empty in the export that has many values in the table; else ERROR_HELD. */
static bool check_columns(struct work *work, struct error *err)
{
    const struct window_loader *loader = work->loader;
    const struct report *report = loader->report;
    size_t filled;

    for (size_t c = 0; c < report->column_count; c++) {
        if (report->columns[c].source != COLUMN_FROM_FILE ||
            !guard_is_empty(&work->prepared->batch, c))
            continue;
        if (!history_count_filled(loader->destination, report, work->entry->window, c, &filled,
                                  err) ||
            !guard_check_column(report->columns[c].name, filled, &report->limits, err))
            return false;
    }
    return true;
}

/* Whether a column that was added to the report has its first values in this window: then every row
 * changes, and that is no sign of a failure. False: the database failed. */
static bool find_new_values(struct work *work, bool *out, struct error *err)
{
    const struct window_loader *loader = work->loader;
    const struct report *report = loader->report;
    size_t filled;

    *out = false;
    for (size_t c = report_own_columns(report); c < report->column_count && !*out; c++) {
        if (!work->prepared->batch.tallies[c].present || guard_is_empty(&work->prepared->batch, c))
            continue;
        if (!history_count_filled(loader->destination, report, work->entry->window, c, &filled,
                                  err))
            return false;
        *out = filled == 0;
    }
    return true;
}

/* Whether the portal may have changed as many rows as it seems to have; else ERROR_HELD. */
static bool check_updates(struct work *work, struct error *err)
{
    const struct window_loader *loader = work->loader;
    const struct limits *limits = &loader->report->limits;
    bool has_new_values;

    if ((int64_t)work->plan.counts.updated <= limits->min_updates)
        return true;
    if (!check_columns(work, err))
        return false;
    if (guard_check_updates(&work->prepared->batch, &work->plan, &work->held, limits, loader->today,
                            err))
        return true;
    return find_new_values(work, &has_new_values, err) && has_new_values;
}

/* Whether the guard lets the plan through; else ERROR_HELD. Updates are checked only in a window
 * whose export holds all rows of its days. Files that were downloaded by hand are not such an
 * export unless --from and --to are given: a person who loads a few files wants what is in them. */
static bool ask_guard(struct work *work, struct error *err)
{
    const struct limits *limits = &work->loader->report->limits;

    return guard_check_deletes(&work->plan, &work->held, limits, err) &&
           (!work->entry->window.complete || check_updates(work, err));
}

/* Whether the plan deletes no row that another export of this run showed; else ERROR_HELD. */
static bool check_shown(const struct work *work, struct error *err)
{
    const struct plan *plan = &work->plan;
    size_t lacking = 0;

    for (size_t i = plan->moved; i < plan->removed_count; i++)
        lacking += key_set_has(&work->prepared->shown, plan->removed[i].key);
    if (lacking == 0)
        return true;
    return error_set(
        err, ERROR_HELD,
        "the export lacks %zu rows that another one showed a moment before: it was cut", lacking);
}

/* Whether the export can be believed as it is. Else ERROR_HELD: it has doubtful days that must be
 * asked for again (prepared->doubted is then set), or it lacks rows that another export showed. */
static bool check_doubts(struct work *work, struct error *err)
{
    const struct window_loader *loader = work->loader;
    struct prepared *prepared = work->prepared;
    const struct confirm_view view = {
        .batch = &prepared->batch,
        .plan = &work->plan,
        .held = &work->held,
        .window = work->entry->window,
        .is_last = prepared->window.last == loader->last_day,
        .today = loader->today,
        .limits = &loader->report->limits,
    };

    if (!loader->may_doubt || !view.window.complete)
        return true;
    if (prepared->confirmed || !confirm_find(&view, &prepared->doubtful))
        return check_shown(work, err);
    prepared->doubted = true;
    return error_set(err, ERROR_HELD, "%s", prepared->doubtful.reason);
}

static void decide_again(struct work *work, const struct comparison *what)
{
    plan_done(&work->plan);
    reconcile(what, &work->plan);
}

/* A new row changes the past if its day was loaded before; without new rows nobody has to know. */
static bool read_loaded_days(struct work *work, struct comparison *what, struct error *err)
{
    if (!work->plan.counts.inserted)
        return true;
    bool *days = mem_array(window_owned_days(what->window), sizeof(*days));
    const bool ok = destination_loaded_days(work->loader->destination, days, err);
    what->covered = days;
    if (ok)
        decide_again(work, what);
    free(days);
    return ok;
}

/* Decides what to do with every row. A line that could not be read keeps the rows that it may be.
 * Where there are such rows, reads their keys from the table and decides again: most lines still
 * show that they are none of these rows. */
static bool plan_window(struct work *work, struct error *err)
{
    const struct window_loader *loader = work->loader;
    struct comparison what = {
        .batch = &work->prepared->batch,
        .snapshot = &work->held,
        .window = work->entry->window,
        .before = loader->doubts,
        .run = loader->run->id,
    };
    struct row_keys keys = {0};

    reconcile(&what, &work->plan);
    const struct doubt_list *rows = &work->plan.doubts.rows;
    bool ok =
        !rows->count || missing_keys_read(loader->destination, loader->report, rows, &keys, err);
    if (ok && rows->count) {
        what.keys = &keys;
        decide_again(work, &what);
    }
    ok = ok && read_loaded_days(work, &what, err);
    row_keys_done(&keys);
    return ok;
}

/* Compares the window with the table, and asks the guard about the difference. */
static bool compare(struct work *work, struct error *err)
{
    const struct window_loader *loader = work->loader;
    const struct window window = work->entry->window;

    if (!destination_snapshot(loader->destination, &work->held, err) ||
        (loader->legacy_rows && !history_count_rows(loader->legacy_rows, loader->report, window,
                                                    &work->held.legacy_rows, err)))
        return false;
    if (loader->sample)
        undated_rows_hold(loader->undated, &work->prepared->batch, &work->held);
    if (!plan_window(work, err))
        return false;
    return loader->accept_shrink || (check_doubts(work, err) && ask_guard(work, err));
}

/* Compares the window in a transaction that is rolled back, to learn whether the guard lets it
 * through: only then may its new columns be added to the table. */
static bool compare_and_roll_back(struct work *work, struct error *err)
{
    const struct window_loader *loader = work->loader;

    if (!destination_begin(loader->destination, loader->report, work->entry->window, err))
        return false;
    bool ok = compare(work, err);
    destination_rollback(loader->destination);
    forget_comparison(work);
    return ok;
}

/* Adds the window's new columns to the table and the report, and reads the files again. */
static bool add_new_columns(struct work *work, struct error *err)
{
    const struct window_loader *loader = work->loader;
    bool grown = false;

    for (int attempt = 1; !compare_and_roll_back(work, err); attempt++)
        if (!retry_again(&retry_database, attempt, err))
            return false;
    bool ok = schema_drift_add(loader->drift, loader->destination, loader->run,
                               &work->prepared->batch, &grown, err);
    return ok && (!grown || clean_again(work, err));
}

/* Gives the rows all columns of the report, which an earlier window may have added after this one
 * was cleaned, and does with columns that are still unknown what the report's policy says. */
static bool settle_columns(struct work *work, struct error *err)
{
    const struct window_loader *loader = work->loader;
    bool wanted;

    if (work->prepared->batch.columns != loader->report->column_count && !clean_again(work, err))
        return false;
    if (!schema_drift_judge(loader->drift, &work->prepared->batch, &wanted, err) ||
        (wanted && !loader->sample && !add_new_columns(work, err)))
        return false;
    schema_drift_tell(loader->drift, &work->prepared->batch);
    return true;
}

static void end_entry(struct work *work)
{
    work->entry->ended_at = clock_now();
    work->entry->seconds = (double)(work->prepared->spent_ms + clock_ms() - work->began_ms) / 1000;
}

/* Writes down which rows are kept for which unread lines. A window that is not complete judges no
 * row that it does not show, so it has nothing to write down. */
static bool write_doubts(struct work *work, struct error *err)
{
    const struct window_loader *loader = work->loader;
    const struct window window = work->entry->window;

    return !window.complete || doubt_notes_write(loader->destination, loader->run, false,
                                                 loader->doubts, &work->plan.doubts, err);
}

/* Writes the rows, and has the summaries follow them. */
static bool apply(struct work *work, struct error *err)
{
    const struct window_loader *loader = work->loader;
    const struct batch *batch = &work->prepared->batch;
    struct destination *dest = loader->destination;
    const struct summaries_window window = {
        .run = loader->run,
        .report = loader->report,
        .batch = batch,
        .plan = &work->plan,
        .window = work->entry->window,
        .legacy_rows = work->held.legacy_rows,
    };

    return summaries_before(loader->summaries, dest, &window, err) &&
           destination_apply(dest, loader->run, batch, &work->plan, err) &&
           summaries_after(loader->summaries, dest, &window, err);
}

/* Writes the window in one transaction. */
static bool try_to_write(struct work *work, struct error *err)
{
    const struct window_loader *loader = work->loader;
    const struct batch *batch = &work->prepared->batch;
    struct destination *dest = loader->destination;

    forget_comparison(work);
    dest->has_undated = batch_count_undated(batch) > 0;
    if (!destination_begin(dest, loader->report, work->entry->window, err))
        return false;
    bool ok = compare(work, err) && stop_check(err) && apply(work, err) &&
              destination_reject(dest, loader->run, batch, err) && write_doubts(work, err) &&
              habits_write(dest, loader->run, loader->known, &loader->now, err);
    if (ok) {
        work->entry->changes = work->plan.counts;
        work->entry->status = WINDOW_LOADED;
        end_entry(work);
        ok = destination_commit(dest, work->entry, err);
    }
    destination_rollback(dest); /* what was not committed */
    return ok;
}

/* Hands over the first changes that the open transaction has logged. */
static bool read_sample(const struct window_loader *loader, struct error *err)
{
    const struct history_filter filter = {
        .report = loader->report->name, .run = loader->run->id, .limit = loader->sample_max};

    return history_read(loader->destination, &history_changes, &filter, loader->sample,
                        loader->sample_arg, err);
}

/* Writes the window, reads the changes back and rolls all of it back. The counts are those of a
 * real load. */
static bool rehearse(struct work *work, struct error *err)
{
    const struct window_loader *loader = work->loader;
    struct destination *dest = loader->destination;

    if (!destination_begin(dest, loader->report, work->entry->window, err))
        return false;
    bool ok = compare(work, err) && destination_start_run(dest, loader->run, err) &&
              destination_apply(dest, loader->run, &work->prepared->batch, &work->plan, err) &&
              read_sample(loader, err);
    destination_rollback(dest);
    if (ok) {
        work->entry->changes = work->plan.counts;
        work->entry->status = WINDOW_LOADED;
    }
    return ok;
}

/* Writes the window, and again if the database fails for a while: the rows are in memory, so that
 * needs no other export. Each try compares anew, because the table may have changed. */
static bool write_window(struct work *work, struct error *err)
{
    for (int attempt = 1;; attempt++) {
        if (try_to_write(work, err))
            return true;
        if (!retry_again(&retry_database, attempt, err))
            return false;
    }
}

/* Prepends the window's days to an error, and returns false. For a window that is not complete the
 * days are unknown, and the message has the names of the files instead. */
static bool add_days(struct window window, struct error *err)
{
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];

    if (!window.complete || err->kind == ERROR_STOPPED)
        return false;
    return error_context(err, "%s..%s", date_format_iso(window.first, first),
                         date_format_iso(window.last, last));
}

static bool load(struct work *work, struct error *err)
{
    const struct window_loader *loader = work->loader;
    struct prepared *prepared = work->prepared;

    note_rows(work);
    warn_of_missing(loader->report, prepared);
    if (prepared->error.kind != ERROR_NONE) {
        *err = prepared->error;
        return false;
    }
    work->entry->window =
        work->entry->window.complete
            ? window_close_end(work->entry->window, &prepared->batch, loader->now.includes_last_day)
            : window_narrow(work->entry->window, &prepared->batch);
    if (!settle_columns(work, err) ||
        !(loader->sample ? rehearse(work, err) : write_window(work, err)))
        return add_days(prepared->window, err);
    return true;
}

static enum window_status status_of(const struct error *err)
{
    if (err->kind == ERROR_HELD)
        return WINDOW_HELD;
    return err->kind == ERROR_DATA ? WINDOW_REFUSED : WINDOW_FAILED;
}

/* Appends the command that lets this held window through, and no other window. */
static void add_remedy(const struct window_loader *loader, struct window window, struct error *err)
{
    const bool by_hand = strcmp(loader->run->mode, "load") == 0;
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];

    if (err->kind != ERROR_HELD || !window.complete)
        return;
    error_append(err, "; if it is right: etl-sigos %s %s%s --from %s --to %s --accept-shrink",
                 loader->run->mode, by_hand ? "FILE… --report " : "", loader->report->name,
                 date_format_iso(window.own_first, first), date_format_iso(window.own_last, last));
}

/* Writes a window that was not loaded into the ledger. A failure of that is only logged. */
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

bool window_load(const struct window_loader *loader, struct prepared *prepared,
                 struct ledger_entry *entry, struct error *err)
{
    struct work work = {
        .loader = loader, .prepared = prepared, .entry = entry, .began_ms = clock_ms()};

    *entry = (struct ledger_entry){
        .run_id = loader->run->id,
        .report = loader->report->name,
        .window = prepared->window,
        .reason = "",
        .file = "",
        .sha256 = "",
        .started_at = prepared->started_at,
    };
    bool ok = load(&work, err);
    end_entry(&work);
    if (ok) {
        snapshot_add_undated(loader->undated, &prepared->batch);
        if (loader->open)
            open_lines_add(loader->open, &prepared->batch, &work.plan.doubts.lines);
    } else if (!prepared->doubted || prepared->confirmed) {
        add_remedy(loader, entry->window, err);
        record_failure(loader, entry, err);
    }
    forget_comparison(&work);
    entry->reason = entry->file = entry->sha256 = "";
    return ok;
}
