/*
 * A run: the reports, one window after the other, from the extractor into the destination.
 *
 * One failing window does not stop the others, one failing report does not stop the other; after
 * CYCLE_FAILURES_MAX windows in a row that portal, database or machine failed, the rest of the
 * report is given up, because each further try would cost its whole deadline.
 */
#ifndef RUN_CYCLE_H
#define RUN_CYCLE_H

#include "model/portal.h"
#include "model/report.h"
#include "model/settings.h"
#include "run/cycle_options.h"
#include "run/summary.h"

#include <stddef.h>

/*
 * Exports the reports from the portal and loads them. Never fails as a function: what went wrong is
 * in *out, in the ledger and in the log. The summary's strings belong to the reports, but for the
 * names of new columns.
 */
void cycle_run(const struct portal *portal, const struct settings *settings,
               const struct report *const *reports, size_t report_count,
               const struct cycle_options *options, struct summary *out);

/*
 * Loads files that were exported by hand into one report. With both ends of options->range they are
 * taken as all that there is on those days, otherwise nothing is deleted. mode and today are
 * ignored.
 */
void cycle_load_files(const struct settings *settings, const struct report *report,
                      char *const *paths, size_t path_count, const struct cycle_options *options,
                      struct summary *out);

#endif
