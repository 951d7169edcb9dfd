/*
 * Schema drift: columns that the export brings and the profile does not know.
 *
 *     schema_drift_init(profile's report)     from here on everybody uses drift->grown.report
 *     schema_drift_recall(destination)        the columns that earlier runs have added
 *       for each window, after its files were read:
 *         schema_drift_judge(batch)           does the report's policy want any of the new ones?
 *         schema_drift_add(batch)             the table and the report get them;
 *                                             then read the files again
 *         schema_drift_tell(batch)            logs what was not added, and why
 *     schema_drift_done
 */
#ifndef RUN_SCHEMA_DRIFT_H
#define RUN_SCHEMA_DRIFT_H

#include "base/arena.h"
#include "base/error.h"
#include "load/destination.h"
#include "model/report_grow.h"
#include "run/retry.h"
#include "run/summary.h"

#include <stdbool.h>

/* Of one report in one run. */
struct schema_drift {
    struct grown_report grown;
    struct report_summary *summary;      /* gets the names of new columns; borrowed */
    const char *taken[REPORT_ADDED_MAX]; /* columns of the table that are somebody else's */
    size_t taken_count;
    struct arena names;               /* of `taken` */
    const struct retry_policy *retry; /* for a table that somebody holds locked */
    bool postponed;                   /* it stayed locked: no column is added in this run */
};

void schema_drift_init(struct schema_drift *drift, const struct report *profile,
                       struct report_summary *summary);
void schema_drift_done(struct schema_drift *drift); /* accepts a zeroed one */

/* Lets the report grow by the columns that etl_columns knows, whatever the policy now says. */
bool schema_drift_recall(struct schema_drift *drift, struct destination *dest, struct error *err);

/* Whether any of the unknown columns of a window is to be added. ERROR_DATA where the report's
 * policy is to refuse them. */
bool schema_drift_judge(const struct schema_drift *drift, const struct batch *batch, bool *wanted,
                        struct error *err);

/* Adds the wanted columns, table first, and logs them. *grown: the report has more columns than
 * before. A table that cannot be locked, because somebody reads it without an end, is no reason to
 * lose the window: it is loaded without the new columns, with a warning, and a later run adds them.
 * On failure the report has those that the table got. */
bool schema_drift_add(struct schema_drift *drift, struct destination *dest, const struct run *run,
                      const struct batch *batch, bool *grown, struct error *err);

/* Logs the columns that are unknown still: why they are ignored, or that a run would add them (in a
 * rehearsal, which adds nothing). */
void schema_drift_tell(struct schema_drift *drift, const struct batch *batch);

#endif
