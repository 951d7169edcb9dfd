/* SPDX-License-Identifier: MIT */
/* Shows the progress of a run in a line on the terminal. */
#include "run/progress.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"

#include <inttypes.h>

void progress_init(struct progress *progress, bool live)
{
    *progress = (struct progress){.live = live};
}

void progress_done(struct progress *progress)
{
    if (progress->live)
        log_live(NULL);
}

void progress_start_report(struct progress *progress, const char *report, size_t windows)
{
    progress->report = report;
    progress->total = windows;
    progress->done = 0;
    progress->rows = 0;
    progress->started_ms = clock_ms();
}

static void add_duration(struct buf *line, int64_t seconds)
{
    if (seconds >= 3600)
        buf_addf(line, "%" PRId64 " h %" PRId64 " min", seconds / 3600, seconds / 60 % 60);
    else if (seconds >= 60)
        buf_addf(line, "%" PRId64 " min %" PRId64 " s", seconds / 60, seconds % 60);
    else
        buf_addf(line, "%" PRId64 " s", seconds);
}

void progress_start_window(struct progress *progress, struct window window)
{
    BUF_DONE struct buf line = BUF_INIT(1024);
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];

    if (!progress->live)
        return;
    buf_addf(&line, "%s  window %zu/%zu  %s..%s  %" PRIu64 " rows", progress->report,
             progress->done + 1, progress->total, date_format_iso(window.first, first),
             date_format_iso(window.last, last), progress->rows);
    int64_t elapsed = clock_ms() - progress->started_ms;
    if (progress->done && elapsed > 0) {
        int64_t left =
            elapsed * (int64_t)(progress->total - progress->done) / (int64_t)progress->done / 1000;
        buf_addf(&line, "  %" PRIu64 " rows/s  ", progress->rows * 1000 / (uint64_t)elapsed);
        add_duration(&line, left);
        buf_add_text(&line, " left");
    }
    log_live(buf_text(&line));
}

void progress_end_window(struct progress *progress, uint64_t rows)
{
    progress->done++;
    progress->rows += rows;
}
