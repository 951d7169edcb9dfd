/* SPDX-License-Identifier: MIT */
/* Compacts a table and tells what went. */
#include "run/compact.h"

#include "base/clock.h"
#include "base/log.h"

bool compact_report(struct destination *dest, const struct report *report, struct error *err)
{
    const int64_t began_ms = clock_ms();
    struct compaction found;

    if (!destination_compact(dest, report, false, &found, err))
        return error_context(err, "%s", report->name);
    if (found.outcome == COMPACTION_DONE)
        log_info("compaction.done", log_text("report", report->name),
                 log_int("rows", (int64_t)found.rows), log_int("marks", (int64_t)found.marks),
                 log_int("ms", clock_ms() - began_ms));
    else if (found.outcome == COMPACTION_WAITS)
        log_info("compaction.waits", log_text("report", report->name),
                 log_int("rows", (int64_t)found.rows), log_int("ms", clock_ms() - began_ms),
                 log_text("hint", "queries that run for long still need the old rows; the next"
                                  " compaction goes on"));
    return true;
}
