/*
 * Schema drift: adds the columns to a report and its table that an export brings and the profile
 * does not know.
 *
 *     schema_drift_init(profile's report)     from here on the report is drift->grown.report
 *     schema_drift_recall(destination)        adds the columns of earlier runs to the report
 *       for each window, after its files were read:
 *         schema_drift_judge(batch)           whether some of its unknown columns are to be added
 *         schema_drift_add(batch)             adds them to the table and the report; after that
 *                                             the files must be read again
 *         schema_drift_tell(batch)            logs which columns were not added, and why
 *     schema_drift_done
 */
#ifndef RUN_SCHEMA_DRIFT_H
#define RUN_SCHEMA_DRIFT_H

#include "base/arena.h"
#include "base/error.h"
#include "load/destination.h"
#include "model/report.h"
#include "run/retry.h"
#include "run/summary.h"

#include <stdbool.h>

/* The new columns of one report in one run. */
struct schema_drift {
    struct grown_report grown;
    struct report_summary *summary;      /* gets the names of new columns; borrowed */
    const char *taken[REPORT_ADDED_MAX]; /* columns of the table that etl-sigos did not add */
    size_t taken_count;
    struct arena names;               /* memory of `taken` */
    const struct retry_policy *retry; /* for a table that is locked */
    bool postponed;                   /* the table stayed locked: this run adds no column */
};

/* Begins with the profile's report; both pointers are borrowed until schema_drift_done. */
void schema_drift_init(struct schema_drift *drift, const struct report *profile,
                       struct report_summary *summary);
void schema_drift_done(struct schema_drift *drift); /* accepts a zeroed one */

/* Adds the columns that etl_columns knows to the report, whatever the report's policy now says. */
bool schema_drift_recall(struct schema_drift *drift, struct destination *dest, struct error *err);

/* Finds out whether any unknown column of a window is to be added: *wanted. Fails with ERROR_DATA
 * if there is one and the report's policy is to refuse them. */
bool schema_drift_judge(const struct schema_drift *drift, const struct batch *batch, bool *wanted,
                        struct error *err);

/* Adds the wanted columns, first to the table and then to the report, and logs them. *grown: the
 * report has more columns than before. If the table cannot be locked, because another program reads
 * it all the time, that is no failure: the window is loaded without the new columns, with a
 * warning, and a later run adds them. On failure the report has the columns that the table got. */
bool schema_drift_add(struct schema_drift *drift, struct destination *dest, const struct run *run,
                      const struct batch *batch, bool *grown, struct error *err);

/* Logs the columns that are still unknown: why they are ignored, or, in a rehearsal, which adds
 * none, that a run would add them. */
void schema_drift_tell(struct schema_drift *drift, const struct batch *batch);

#endif
