/* SPDX-License-Identifier: MIT */
/* Runs a cycle: opens the destination and the portal, loads all windows, and ends the run. */
#include "run/cycle.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/scratch.h"
#include "base/stop.h"
#include "extract/extractor.h"
#include "layers/summaries.h"
#include "load/history.h"
#include "run/compact.h"
#include "run/keeper.h"
#include "run/lease_holder.h"
#include "run/report_run.h"
#include "run/window_loop.h"
#include "run/open_destination.h"
#include "run/progress.h"
#include "run/resume.h"
#include "run/retry.h"
#include "run/run_id.h"
#include "run/share.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Longer than writing a window takes together with waiting for a database to come back
 * (run/retry.h). All longer waits renew the lease. */
enum { LEASE_SECONDS = 300 };

/* How often a run asks whether others that share its cycle have left or lost windows. */
enum { SHARE_ASK_MS = 1000 };

/* A run and all that it holds open. */
struct cycle {
    const struct cycle_options *options;
    struct run run;
    char holder[LEASE_HOLDER_SIZE]; /* of the lease: host and process */
    struct report_run *parts;
    size_t part_count;
    struct extractor *extractor;
    struct destination *destination, *scratch; /* see open_destination.h */
    bool has_ledger;                           /* see open_destination.h */
    struct summaries summaries;
    struct scratch folder; /* of the exports; none for files that were downloaded by hand */
    bool keep_files;
    int window_seconds; /* for how long a window is tried again */
    size_t workers;
    struct keeper keeper;
    struct progress progress;
    int exit_code; /* known at the end */
};

/* Whether the run loads only some days or some reports. */
static bool is_partial(const struct cycle_options *options)
{
    return options->some_reports || options->range.has_first || options->range.has_last;
}

static struct lease lease_of(const struct cycle *cycle)
{
    return (struct lease){.run_id = cycle->run.id,
                          .holder = cycle->holder,
                          .seconds = LEASE_SECONDS,
                          .is_dead = lease_holder_is_dead};
}

static bool open_destination(struct cycle *cycle, const struct settings *settings,
                             struct error *err)
{
    struct open_destination opening = {
        .url = settings->database,
        .run = &cycle->run,
        .lease = lease_of(cycle),
        .parts = cycle->parts,
        .part_count = cycle->part_count,
    };

    progress_main(&cycle->progress, "opening the database", 0, 0);
    lease_holder_name(cycle->holder);
    bool ok = cycle->options->sample  ? open_destination_to_rehearse(&opening, err)
              : cycle->options->share ? open_destination_to_share(&opening, err)
                                      : open_destination_to_load(&opening, err);
    cycle->destination = opening.destination;
    if (cycle->destination)
        cycle->destination->distrustful = cycle->options->verify;
    cycle->scratch = opening.scratch;
    cycle->has_ledger = opening.has_ledger;
    return ok;
}

/* Takes out of the parts the windows that interrupted runs loaded since yesterday. Older ones are
 * asked for again, because the portal changes by the hour. */
static bool skip_loaded(void *arg, struct error *err)
{
    struct cycle *cycle = arg;
    const struct cycle_options *options = cycle->options;

    return resume_skip_loaded(cycle->destination, cycle->run.mode, is_partial(options),
                              options->today - 1, cycle->parts, cycle->part_count, err);
}

static bool resume(struct cycle *cycle, struct error *err)
{
    return !cycle->options->resume || !cycle->has_ledger ||
           retry_until_done(&retry_database, skip_loaded, cycle, err);
}

static bool open_portal(struct cycle *cycle, const struct portal *portal,
                        const struct settings *settings, struct error *err)
{
    progress_main(&cycle->progress, "logging in", 0, 0);
    cycle->window_seconds = portal->deadlines.window;
    cycle->workers = (size_t)settings->jobs;
    return scratch_open("exports", &cycle->folder, err) &&
           extractor_open_portal(portal, settings, cycle->folder.path, &cycle->extractor, err);
}

static bool open_summaries(void *arg, struct error *err)
{
    struct cycle *cycle = arg;

    return summaries_open(&cycle->summaries, cycle->destination, err);
}

static bool refill_summaries(void *arg, struct error *err)
{
    struct cycle *cycle = arg;
    bool done;

    progress_main(&cycle->progress, "filling the summaries", 0, 0);
    return summaries_refill_if_due(&cycle->summaries, cycle->destination, &done, err);
}

/* Fills the summaries anew where the windows could not follow them. The tables are loaded, so a
 * failure is told and does not fail the run: the pages say so, and the next run tries again. */
static void end_summaries(struct cycle *cycle)
{
    struct error err;

    if (!cycle->options->sample && !stop_signal() &&
        !retry_until_done(&retry_database, refill_summaries, cycle, &err))
        log_warn("summaries.due", log_text("error", err.message),
                 log_text("hint", "`etl-sigos layers --refresh` fills them"));
}

struct claim {
    struct share *share;
    enum share_state state;
};

static bool claim_windows(void *arg, struct error *err)
{
    struct claim *claim = arg;

    return share_claim(claim->share, &claim->state, err);
}

/* Loads windows that other processes leave to this one, until none is left. */
static bool share_windows(struct cycle *cycle, const struct window_loop *loop, struct error *err)
{
    const struct lease lease = lease_of(cycle);
    struct window_loop some = *loop;
    struct share share;
    struct claim claim = {.share = &share};
    bool ok, waits = false;

    some.more = true;
    share_init(&share, cycle->destination, cycle->options->share, &lease, cycle->parts,
               cycle->part_count, cycle->workers);
    while ((ok = retry_until_done(&retry_database, claim_windows, &claim, err)) &&
           claim.state != SHARE_OVER) {
        if (claim.state == SHARE_WAIT) {
            if (!waits)
                log_info("share.waiting", log_text("cycle", cycle->options->share));
            waits = true;
            progress_main(loop->progress, "waiting for the other runs", 0, 0);
            ok = retry_wait(SHARE_ASK_MS, err);
        } else {
            waits = false;
            ok = window_loop_run(&some, err);
            share_release(&share);
        }
        if (!ok)
            break;
    }
    share_end(&share);
    share_done(&share);
    for (size_t i = 0; i < cycle->part_count; i++)
        report_run_end(&cycle->parts[i], &cycle->run, false);
    return ok;
}

/* Nothing depends on it, so a failure is told and does not fail the run: the next whole cycle goes
 * on from there. */
static void compact_tables(struct cycle *cycle)
{
    struct error err;

    progress_main(&cycle->progress, "removing rows that were replaced", 0, 0);
    for (size_t i = 0; i < cycle->part_count && !stop_signal(); i++)
        if (!compact_report(cycle->destination, cycle->parts[i].report, &err))
            log_warn("compaction.failed", log_text("error", err.message));
}

static bool run_windows(struct cycle *cycle, struct error *err)
{
    progress_main(&cycle->progress, "", 0, 0);
    const struct window_loop loop = {
        .run = &cycle->run,
        .options = cycle->options,
        .destination = cycle->destination,
        .summaries = cycle->options->sample ? NULL : &cycle->summaries,
        .extractor = cycle->extractor,
        .workers = cycle->workers,
        .seconds = cycle->window_seconds,
        .renew_ms = (int64_t)LEASE_SECONDS * 1000 / 3,
        .keep_files = cycle->keep_files,
        .progress = &cycle->progress,
        .keeper = &cycle->keeper,
        .parts = cycle->parts,
        .part_count = cycle->part_count,
    };

    const bool ok =
        (cycle->options->sample || retry_until_done(&retry_database, open_summaries, cycle, err)) &&
        (cycle->options->share ? share_windows(cycle, &loop, err) : window_loop_run(&loop, err));
    if (cycle->summaries.there)
        end_summaries(cycle);
    return ok;
}

/* Has the exports of the run kept. A rehearsal loads nothing, so it keeps nothing. */
static void keep_exports(struct cycle *cycle, const struct settings *settings)
{
    cycle->keeper = (struct keeper){
        .dir = cycle->options->sample ? NULL : settings->bronze,
        .keep_days = settings->bronze_days,
        .to = &settings->bucket,
        .run = &cycle->run,
        .options = cycle->options,
    };
}

static void cycle_init(struct cycle *cycle, const struct cycle_options *options, const char *mode,
                       bool is_partial_run, size_t part_count, struct summary *out)
{
    *out = (struct summary){
        .reports = mem_array(part_count, sizeof(*out->reports)),
        .report_count = part_count,
        .rehearsal = options->sample != NULL,
    };
    *cycle = (struct cycle){
        .options = options,
        .parts = mem_array(part_count, sizeof(*cycle->parts)),
        .part_count = part_count,
        .keep_files = options->keep_files,
        .workers = 1,
    };
    MEM_FREE_TEXT char *ending =
        mem_format("%s%s%s", is_partial_run ? RUN_MARK_PART : "",
                   options->share ? RUN_MARK_SHARE : "", options->share ? options->share : "");
    run_id_make(&cycle->run, mode, ending);
    snprintf(out->run_id, sizeof(out->run_id), "%s", cycle->run.id);
    log_set_run(cycle->run.id);
    MEM_FREE_TEXT char *brief = mem_format("%s %s", cycle->run.id, mode);
    log_info("run.started", log_brief(brief), log_text("mode", mode));
    progress_init(&cycle->progress, options->live);
}

static bool end_run(void *arg, struct error *err)
{
    const struct cycle *cycle = arg;

    return destination_end_run(cycle->destination, &cycle->run, cycle->exit_code, clock_now(), err);
}

static void warn_of_empty_reports(const struct summary *out)
{
    for (size_t i = 0; i < out->report_count; i++)
        if (summary_is_empty(&out->reports[i]))
            log_warn("report.empty", log_text("report", out->reports[i].report),
                     log_int("windows", (int64_t)out->reports[i].loaded));
}

/* Closes everything, writes the run's end into the ledger and the outcome into *out. `started`: the
 * ledger has the run. */
static void cycle_done(struct cycle *cycle, int64_t began_ms, bool started, struct summary *out)
{
    struct error err;

    if (cycle->keeper.dir) {
        progress_main(&cycle->progress, "ending the archive", 0, 0);
        out->not_sent = keeper_end(&cycle->keeper);
    }
    progress_done(&cycle->progress);
    extractor_close(cycle->extractor);
    out->seconds = (double)(clock_ms() - began_ms) / 1000;
    cycle->exit_code = summary_exit_code(out);
    warn_of_empty_reports(out);
    if (started && !cycle->options->sample &&
        !retry_until_done(&retry_database, end_run, cycle, &err))
        log_warn("ledger.unrecorded", log_text("error", err.message));
    if (cycle->destination)
        destination_release_lease(cycle->destination);
    destination_close(cycle->destination);
    destination_close(cycle->scratch);
    if (cycle->folder.path && cycle->options->keep_files) {
        MEM_FREE_TEXT char *kept = scratch_keep(&cycle->folder);
        log_info("files.kept", log_text("folder", kept));
    }
    scratch_close(&cycle->folder);
    log_info("run.ended", log_int("exit_code", cycle->exit_code),
             log_int("ms", (int64_t)(out->seconds * 1000)));
    log_set_run(NULL);
    for (size_t i = 0; i < cycle->part_count; i++)
        report_run_done(&cycle->parts[i]);
    free(cycle->parts);
    mem_give_back(); /* a schedule stays for months */
}

void cycle_run(const struct portal *portal, const struct settings *settings,
               const struct report *const *reports, size_t report_count,
               const struct cycle_options *options, struct summary *out)
{
    const int64_t began_ms = clock_ms();
    const bool is_whole =
        options->mode == MODE_FULL && !options->range.has_first && !options->range.has_last;
    struct cycle cycle;
    bool ok = true, started = false;

    cycle_init(&cycle, options, cycle_mode_name(options->mode), is_partial(options), report_count,
               out);
    keep_exports(&cycle, settings);
    for (size_t i = 0; ok && i < report_count; i++) {
        struct window_list windows = {0};
        ok = windows_plan(&reports[i]->windows, options->mode, options->today, options->range,
                          &windows, &out->error) ||
             error_context(&out->error, "%s", reports[i]->name);
        report_run_init(&cycle.parts[i], reports[i], windows, is_whole, &out->reports[i]);
    }
    ok = ok && extractor_check_portal(settings, &out->error); /* before a database is created */
    ok = ok && (started = open_destination(&cycle, settings, &out->error));
    ok = ok && resume(&cycle, &out->error);
    ok = ok && open_portal(&cycle, portal, settings, &out->error);
    ok = ok && run_windows(&cycle, &out->error);
    if (ok && is_whole && !options->sample && !options->share)
        compact_tables(&cycle);
    cycle_done(&cycle, began_ms, started, out);
}

void cycle_load_files(const struct settings *settings, const struct report *report,
                      char *const *paths, size_t path_count, const struct cycle_options *options,
                      struct summary *out)
{
    const int64_t began_ms = clock_ms();
    const struct day_range range = options->range;
    struct cycle cycle;
    bool started = false;

    struct window window = {
        .first = range.has_first ? range.first : DATE_MIN,
        .last = range.has_last ? range.last : DATE_MAX,
        .complete = range.has_first && range.has_last,
    };
    window.own_first = window.first;
    window.own_last = window.last;
    struct window_list windows = {
        .items = mem_array(1, sizeof(*windows.items)),
        .count = 1,
        .period = {.first = window.first, .last = window.last},
    };
    windows.items[0] = window;
    cycle_init(&cycle, options, "load", false, 1, out);
    keep_exports(&cycle, settings);
    cycle.keep_files = true; /* the files belong to a person */
    report_run_init(&cycle.parts[0], report, windows, false, &out->reports[0]);
    /* The files come first: reading a pipe may take long, and the lease would run out meanwhile. */
    if (extractor_open_files(paths, path_count, &cycle.extractor, &out->error) &&
        (started = open_destination(&cycle, settings, &out->error)))
        run_windows(&cycle, &out->error);
    cycle_done(&cycle, began_ms, started, out);
}

void cycle_replay(const struct settings *settings, const struct cycle_replay *replay,
                  const struct cycle_options *options, struct summary *out)
{
    const int64_t began_ms = clock_ms();
    struct cycle cycle;
    bool started = false;

    cycle_init(&cycle, options, "load", false, replay->count, out);
    cycle.extractor = replay->extractor;
    for (size_t i = 0; i < replay->count; i++)
        report_run_init(&cycle.parts[i], replay->reports[i], replay->windows[i], replay->sweeps[i],
                        &out->reports[i]);
    if ((started = open_destination(&cycle, settings, &out->error)))
        run_windows(&cycle, &out->error);
    cycle_done(&cycle, began_ms, started, out);
}
