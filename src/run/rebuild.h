/*
 * Rebuilds the tables from the bronze archive, without the portal: loads every export of the
 * manifest again, in its order, as the window that it was and with the time at which it was made.
 *
 * The exports of each run are loaded by a run of their own, because what a load decides depends on
 * what the runs before it have left: lines that could not be read, and undated rows, which a cycle
 * of all windows sweeps at its end.
 */
#ifndef RUN_REBUILD_H
#define RUN_REBUILD_H

#include "model/report.h"
#include "model/settings.h"
#include "run/cycle_options.h"
#include "run/summary.h"

#include <stddef.h>

struct bucket;

/*
 * Loads what the archive in `dir` has of the reports; with options->range only of those days. A
 * report of which a window cannot be loaded (a file is damaged, the guard holds it) ends there: the
 * exports behind it would be compared with rows that never were. With `bucket`, which may be NULL,
 * the archive is fetched from there into `dir`, which is empty: the manifest first, then file by
 * file, each for as long as it is needed. *out adds up all runs; it is the
 * caller's (summary_done). out->error is ERROR_DATA if a line of the manifest cannot be read or the
 * archive has no such export, ERROR_SYSTEM if there is no archive.
 */
void rebuild_tables(const struct settings *settings, const char *dir, struct bucket *bucket,
                    const struct report *const *reports, size_t report_count,
                    const struct cycle_options *options, struct summary *out);

#endif
