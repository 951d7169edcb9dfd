/* SPDX-License-Identifier: MIT */
/* What a job holds. */
#include "run/job.h"

void job_done(struct job *job)
{
    window_list_done(&job->windows);
    snapshot_done(&job->undated);
    doubts_done(&job->doubts);
    open_lines_done(&job->open);
    grown_report_done(&job->prepared);
    drift_done(&job->drift);
}
