/* SPDX-License-Identifier: MIT */
/* Formats metrics and replaces their file. */
#include "notify/metrics.h"

#include "base/mem.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { METRICS_MAX = 256 * 1024 };

/* One number of each report. */
struct report_metric {
    const char *name, *help;
    uint64_t (*value)(const struct report_summary *report);
};

static uint64_t rows_read(const struct report_summary *report)
{
    return report->rows.read;
}

static uint64_t rows_rejected(const struct report_summary *report)
{
    return report->rows.rejected;
}

static uint64_t rows_inserted(const struct report_summary *report)
{
    return report->changes.inserted;
}

static uint64_t rows_updated(const struct report_summary *report)
{
    return report->changes.updated;
}

static uint64_t rows_deleted(const struct report_summary *report)
{
    return report->changes.deleted;
}

static uint64_t windows_loaded(const struct report_summary *report)
{
    return report->loaded;
}

static uint64_t windows_held(const struct report_summary *report)
{
    return report->held;
}

static uint64_t windows_lost(const struct report_summary *report)
{
    return report->refused + report->failed;
}

static const struct report_metric report_metrics[] = {
    {"windows_loaded", "Windows that the last run loaded.", windows_loaded},
    {"windows_held", "Windows that the guard held in the last run.", windows_held},
    {"windows_lost", "Windows that were refused or failed in the last run.", windows_lost},
    {"rows_read", "Records read in the last run.", rows_read},
    {"rows_rejected", "Records that could not be used in the last run.", rows_rejected},
    {"rows_inserted", "Rows inserted by the last run.", rows_inserted},
    {"rows_updated", "Rows updated by the last run.", rows_updated},
    {"rows_deleted", "Rows deleted by the last run.", rows_deleted},
};

static void add_head(struct buf *out, const char *name, const char *help)
{
    buf_addf(out, "# HELP etl_sigos_%s %s\n# TYPE etl_sigos_%s gauge\n", name, help, name);
}

void metrics_add(struct buf *out, const struct told_run *run, time_t ended_at)
{
    const struct summary *summary = run->summary;

    add_head(out, "run_exit_code", "Exit code of the last run; 0: good.");
    buf_addf(out, "etl_sigos_run_exit_code{mode=\"%s\"} %d\n", run->mode, run->exit_code);
    add_head(out, "run_ended_timestamp_seconds", "When the last run ended.");
    buf_addf(out, "etl_sigos_run_ended_timestamp_seconds{mode=\"%s\"} %lld\n", run->mode,
             (long long)ended_at);
    add_head(out, "run_duration_seconds", "How long the last run took.");
    buf_addf(out, "etl_sigos_run_duration_seconds{mode=\"%s\"} %.3f\n", run->mode,
             summary->seconds);
    for (size_t m = 0; m < sizeof(report_metrics) / sizeof(*report_metrics); m++) {
        const struct report_metric *metric = &report_metrics[m];
        add_head(out, metric->name, metric->help);
        for (size_t i = 0; i < summary->report_count; i++)
            buf_addf(out, "etl_sigos_%s{report=\"%s\",mode=\"%s\"} %" PRIu64 "\n", metric->name,
                     summary->reports[i].report, run->mode, metric->value(&summary->reports[i]));
    }
}

static bool write_all(const char *path, const struct buf *text, struct error *err)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

    if (fd < 0)
        return error_set_errno(err, ERROR_SYSTEM, "cannot make %s", path);
    const bool ok = write(fd, text->data, text->len) == (ssize_t)text->len;
    if (!ok)
        error_set_errno(err, ERROR_SYSTEM, "cannot write %s", path);
    close(fd);
    return ok;
}

bool metrics_write(const char *path, const struct told_run *run, time_t ended_at, struct error *err)
{
    MEM_FREE_TEXT char *fresh = mem_format("%s.%ld.tmp", path, (long)getpid());
    BUF_DONE struct buf text = BUF_INIT(METRICS_MAX);

    metrics_add(&text, run, ended_at);
    if (write_all(fresh, &text, err)) {
        if (rename(fresh, path) == 0)
            return true;
        error_set_errno(err, ERROR_SYSTEM, "cannot replace %s", path);
    }
    unlink(fresh);
    return false;
}
