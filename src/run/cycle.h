/*
 * Runs a cycle: loads the windows of the reports from the portal, or from files, into the
 * destination.
 *
 * A window that fails does not stop the other windows, and a report that fails does not stop the
 * other reports. After CYCLE_FAILURES_MAX failures in a row of portal, database or machine the rest
 * of the report is given up, because each further try would cost its whole deadline.
 */
#ifndef RUN_CYCLE_H
#define RUN_CYCLE_H

#include "model/portal.h"
#include "model/report.h"
#include "model/settings.h"
#include "run/cycle_options.h"
#include "run/summary.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Exports the reports from the portal and loads them. What went wrong is in *out, in the ledger and
 * in the log; the function itself never fails. *out is the caller's (summary_done); its report
 * names are borrowed from the reports.
 */
void cycle_run(const struct portal *portal, const struct settings *settings,
               const struct report *const *reports, size_t report_count,
               const struct cycle_options *options, struct summary *out);

/*
 * Loads files that were downloaded by hand into one report. With both ends of options->range the
 * files hold all rows of these days, so rows that they lack are deleted; otherwise nothing is
 * deleted. options->mode is ignored. The outcome is as that of cycle_run.
 */
void cycle_load_files(const struct settings *settings, const struct report *report,
                      char *const *paths, size_t path_count, const struct cycle_options *options,
                      struct summary *out);

struct extractor;

/* What a run of the past loaded, one member of the arrays a report (run/rebuild.h). */
struct cycle_replay {
    const struct report *const *reports;
    struct window_list *windows; /* cycle_replay takes them over */
    const bool *sweeps;          /* it removed the undated rows that no export showed */
    size_t count;
    struct extractor *extractor; /* of these windows; cycle_replay closes it */
};

/* Loads what a run of the past loaded. Nothing of it is kept in the bronze archive again.
 * options->today is that run's. The outcome is as that of cycle_run. */
void cycle_replay(const struct settings *settings, const struct cycle_replay *replay,
                  const struct cycle_options *options, struct summary *out);

#endif
