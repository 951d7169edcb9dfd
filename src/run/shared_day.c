/* SPDX-License-Identifier: MIT */
/* Two exports of one day. */
#include "run/shared_day.h"

#include "base/date.h"
#include "base/log.h"

#include <inttypes.h>

bool shared_day_exists(struct window earlier, struct window later)
{
    return earlier.last == later.first && earlier.first < later.last;
}

static bool differ(const struct preparer *preparer, struct shared_days *known,
                   const struct prepared *earlier, const struct prepared *later)
{
    const struct day_digest *end = &earlier->batch.last_day, *begin = &later->batch.first_day;

    if (earlier->error.kind != ERROR_NONE || later->error.kind != ERROR_NONE)
        return false;
    if (end->rows > 0)
        known->inclusive = true;
    if (day_digest_equal(end, begin))
        return false;
    return known->inclusive || (!known->exclusive && preparer->report->windows.end_offset == 0);
}

static void describe(const struct prepared *earlier, const struct prepared *later,
                     struct error *err)
{
    const uint64_t end = earlier->batch.last_day.rows, begin = later->batch.first_day.rows;
    char day[DATE_ISO_SIZE], first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];

    date_format_iso(earlier->window.last, day);
    error_set(err, ERROR_HELD,
              "two exports disagree about %s: the one from %s on ends with %" PRIu64
              " rows of that day, the one up to %s begins with %" PRIu64
              "%s; rows are missing; to load what came, run again with --accept-shrink",
              day, date_format_iso(earlier->window.first, first), end,
              date_format_iso(later->window.last, last), begin, end == begin ? " others" : "");
}

static void ask_again(const struct preparer *preparer, struct prepared *prepared)
{
    const struct prepared before = *prepared;

    window_prepare(preparer, before.window, prepared);
    prepared->started_at = before.started_at;
    prepared->spent_ms += before.spent_ms;
    struct prepared dropped = before;
    prepared_done(&dropped, false);
}

/* Its rows go on to the day before the last: it was not cut, the last day is simply not in it. */
static bool leaves_out_last_day(const struct prepared *prepared)
{
    const struct batch *batch = &prepared->batch;

    if (batch->last_day.rows)
        return false;
    for (size_t i = 0; i < batch->row_count; i++)
        if (!batch->rows[i].undated && batch->rows[i].date == prepared->window.last - 1)
            return true;
    return false;
}

static void note_exclusive(const struct preparer *preparer, struct shared_days *known, int32_t date)
{
    char day[DATE_ISO_SIZE];

    known->exclusive = true;
    log_warn("portal.leaves_out_last_day", log_text("report", preparer->report->name),
             log_text("day", date_format_iso(date, day)));
}

void shared_day_settle(const struct preparer *preparer, struct shared_days *known,
                       struct prepared *earlier, struct prepared *later)
{
    struct prepared *const both[] = {earlier, later};
    struct error why;

    if (preparer->seconds == 0 || preparer->accept_shrink)
        return;
    for (size_t i = 0; i < 2; i++) {
        if (!differ(preparer, known, earlier, later))
            return;
        describe(earlier, later, &why);
        log_warn("window.asked_again", log_text("report", preparer->report->name),
                 log_text("error", why.message));
        ask_again(preparer, both[i]);
    }
    if (!differ(preparer, known, earlier, later))
        return;
    if (!known->inclusive && leaves_out_last_day(earlier)) {
        note_exclusive(preparer, known, earlier->window.last);
        return;
    }
    describe(earlier, later, &why);
    const uint64_t end = earlier->batch.last_day.rows, begin = later->batch.first_day.rows;
    if (end <= begin)
        earlier->error = why;
    if (begin <= end)
        later->error = why;
}
