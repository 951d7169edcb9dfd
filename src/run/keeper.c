/* SPDX-License-Identifier: MIT */
/* Keeps the exports of a run in the bronze archive. */
#include "run/keeper.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "bronze/bronze.h"
#include "run/bucket.h"

#include <stdlib.h>

enum { DAY_SECONDS = 24 * 60 * 60 };

/* Tells of the first failure of a run: the others have the same cause, most of the time. */
static void tell(struct keeper *keeper, const struct error *err)
{
    if (!keeper->told)
        log_warn("bronze.failed", log_text("folder", keeper->dir), log_text("error", err->message),
                 log_text("remedy",
                          "the rows are loaded, but the archive lacks exports: make room in the "
                          "folder or correct its rights; the next cycle keeps its exports again"));
    keeper->told = true;
}

/* Opens the archive, once a run. */
static bool is_open(struct keeper *keeper)
{
    struct error err;

    if (!keeper->tried && !bronze_open(keeper->dir, NULL, NULL, &keeper->bronze, &err))
        tell(keeper, &err);
    keeper->tried = true;
    return keeper->bronze;
}

/* Sends to the bucket what it lacks. During the run one failure is enough: a server that is away
 * must not hold up every window. Returns how many exports the bucket lacks. */
static size_t send_copy(struct keeper *keeper, bool last)
{
    struct error err;
    size_t left = 0;

    if (!keeper->bronze || !keeper->to->name || (keeper->away && !last))
        return 0;
    if (!keeper->bucket)
        keeper->bucket = bucket_open(keeper->to, keeper->dir);
    if (bucket_send(keeper->bucket, last && !stop_signal(), &keeper->sent, &left, &err))
        return 0;
    keeper->away = true;
    if (last)
        log_warn("bronze.not_sent", log_int("exports", (int64_t)left),
                 log_text("error", err.message),
                 log_text("remedy", "the rows are loaded and the folder has the exports; the next "
                                    "run sends them"));
    return left > 0 ? left : 1;
}

/* Keeps the export; `window` has the days that were asked for and those that were decided about. */
static bool keep(struct keeper *keeper, const struct prepared *prepared,
                 const struct ledger_entry *entry, struct error *err)
{
    struct bronze_source *files = mem_array(prepared->facts_count, sizeof(*files));
    struct bronze_export export = {
        .run = entry->run_id,
        .report = entry->report,
        .window = prepared->window,
        .exported_at = prepared->export.extracted_at,
        .today = keeper->options->today,
        .accepted = keeper->options->accept_shrink,
        .rows = entry->rows.read,
        .rejected = entry->rows.rejected,
        .undated = batch_count_undated(&prepared->batch),
        .kept = entry->changes.kept,
        .files = files,
        .file_count = prepared->facts_count,
    };

    export.window.own_first = entry->window.own_first;
    export.window.own_last = entry->window.own_last;
    for (size_t i = 0; i < prepared->facts_count; i++)
        files[i] = (struct bronze_source){.path = prepared->export.paths[i],
                                          .sha256 = prepared->facts[i].sha256,
                                          .bytes = prepared->facts[i].bytes};
    const bool ok = bronze_keep(keeper->bronze, &export, err);
    free(files);
    return ok;
}

void keeper_keep(struct keeper *keeper, struct report_run *part, const struct prepared *prepared,
                 const struct ledger_entry *entry)
{
    struct error err;

    if (!keeper->dir)
        return;
    if (is_open(keeper)) {
        if (keep(keeper, prepared, entry, &err)) {
            send_copy(keeper, false);
            return;
        }
        tell(keeper, &err);
    }
    part->summary->not_kept++;
}

void keeper_sweep(struct keeper *keeper, const struct report_run *part)
{
    struct error err;

    if (!keeper->dir || !part->swept || part->summary->not_kept > 0 || !is_open(keeper))
        return;
    if (!bronze_sweep(keeper->bronze, keeper->run->id, part->report->name, part->swept_kept, &err))
        tell(keeper, &err);
}

static void expire(struct keeper *keeper)
{
    const time_t before = clock_now() - (time_t)keeper->keep_days * DAY_SECONDS;
    struct error err;
    size_t removed = 0;

    if (!bronze_expire(keeper->bronze, before, &removed, &err))
        tell(keeper, &err);
    else if (removed > 0)
        log_info("bronze.expired", log_int("exports", (int64_t)removed));
}

size_t keeper_end(struct keeper *keeper)
{
    size_t left = 0;

    if (keeper->dir && keeper->to->name && is_open(keeper))
        left = send_copy(keeper, true);
    if (keeper->bronze && keeper->keep_days > 0 && (keeper->sent || !keeper->to->name))
        expire(keeper);
    bucket_close(keeper->bucket);
    bronze_close(keeper->bronze);
    keeper->bucket = NULL;
    keeper->bronze = NULL;
    return left;
}
