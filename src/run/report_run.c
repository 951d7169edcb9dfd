/* SPDX-License-Identifier: MIT */
/* What a part holds. */
#include "run/report_run.h"

void report_run_done(struct report_run *part)
{
    window_list_done(&part->windows);
    snapshot_done(&part->undated);
    doubts_done(&part->doubts);
    open_lines_done(&part->open);
    grown_report_done(&part->prepared);
    schema_drift_done(&part->drift);
}
