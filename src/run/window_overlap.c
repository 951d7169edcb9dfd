/* SPDX-License-Identifier: MIT */
/* Two exports of one day. */
#include "run/window_overlap.h"

#include "base/date.h"
#include "base/log.h"

#include <inttypes.h>

bool window_overlap_exists(struct window earlier, struct window later)
{
    return earlier.last == later.first && earlier.first < later.last;
}

static bool differ(const struct preparer *preparer, struct portal_habits *known,
                   const struct prepared *earlier, const struct prepared *later)
{
    const struct day_digest *end = &earlier->batch.last_day, *begin = &later->batch.first_day;

    if (earlier->error.kind != ERROR_NONE || later->error.kind != ERROR_NONE)
        return false;
    if (day_digest_equal(end, begin))
        return false;
    return known->includes_last_day ||
           (!known->leaves_out_last_day && preparer->report->windows.end_offset == 0);
}

static uint64_t most_rows(const struct prepared *earlier, const struct prepared *later)
{
    const uint64_t end = earlier->batch.last_day.rows, begin = later->batch.first_day.rows;

    return end > begin ? end : begin;
}

/* Whether they agree, and not about less than an export before them has shown: of two that were cut
 * each may have no row of the day. */
static bool agree(const struct preparer *preparer, struct portal_habits *known,
                  struct prepared *const both[2], uint64_t *shown)
{
    const uint64_t rows = most_rows(both[0], both[1]);

    if (rows > *shown)
        *shown = rows;
    return rows == *shown && !differ(preparer, known, both[0], both[1]);
}

static void describe(const struct prepared *earlier, const struct prepared *later,
                     struct error *err)
{
    const uint64_t end = earlier->batch.last_day.rows, begin = later->batch.first_day.rows;
    char day[DATE_ISO_SIZE], first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];

    date_format_iso(earlier->window.last, day);
    error_set(err, ERROR_HELD,
              "two exports disagree about %s: the one from %s on ends with %" PRIu64
              " rows of that day, the one up to %s begins with %" PRIu64 "%s: rows are missing",
              day, date_format_iso(earlier->window.first, first), end,
              date_format_iso(later->window.last, last), begin, end == begin ? " others" : "");
}

/* Asks for a window once more. What it had stays in *prepared until another export is there, and is
 * left in *before then. */
static bool ask_again(const struct preparer *preparer, struct prepared *prepared,
                      struct prepared *before, struct error *lost)
{
    struct prepared fresh;

    window_prepare(preparer, prepared->window, &fresh);
    if (fresh.error.kind != ERROR_NONE) {
        *lost = fresh.error;
        prepared->spent_ms += fresh.spent_ms;
        prepared_done(&fresh, false);
        return false;
    }
    fresh.started_at = prepared->started_at;
    fresh.began_ms = prepared->began_ms;
    fresh.spent_ms += prepared->spent_ms;
    *before = *prepared;
    *prepared = fresh;
    return true;
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

static void note_exclusive(const struct preparer *preparer, struct portal_habits *known,
                           int32_t date)
{
    char day[DATE_ISO_SIZE];

    known->leaves_out_last_day = true;
    log_warn("portal.leaves_out_last_day", log_text("report", preparer->report->name),
             log_text("day", date_format_iso(date, day)));
}

static void swap(struct prepared *one, struct prepared *other)
{
    const struct prepared kept = *one;

    *one = *other;
    *other = kept;
}

/* Asks for one window and then for the other, until they agree; true if they do. `before` gets what
 * each of them was first. A try that failed is left in *lost, and what was asked for stays. */
static bool ask_until_they_agree(const struct preparer *preparer, struct portal_habits *known,
                                 struct prepared *const both[2], struct prepared before[2],
                                 struct error *lost)
{
    bool replaced[2] = {false, false};
    uint64_t shown = most_rows(both[0], both[1]);
    struct error why;

    for (size_t i = 0; i < 2 && lost->kind != ERROR_STOPPED; i++) {
        describe(both[0], both[1], &why);
        log_warn("window.asked_again", log_text("report", preparer->report->name),
                 log_text("error", why.message));
        replaced[i] = ask_again(preparer, both[i], &before[i], lost);
        if (replaced[i] && agree(preparer, known, both, &shown))
            return true;
    }
    if (!replaced[0] || !replaced[1])
        return false;
    /* The second answer to the first question may be the spoilt one. */
    swap(both[0], &before[0]);
    if (agree(preparer, known, both, &shown))
        return true;
    swap(both[0], &before[0]);
    return false;
}

/* Neither can be trusted: which of the two is short, nobody knows. */
static void hold_both(struct prepared *earlier, struct prepared *later, const struct error *lost)
{
    struct error why;

    describe(earlier, later, &why);
    if (lost->kind != ERROR_NONE)
        error_append(&why, "; asking again failed: %s", lost->message);
    earlier->error = later->error = lost->kind == ERROR_STOPPED ? *lost : why;
}

bool window_overlap_compare(const struct preparer *preparer, struct portal_habits *known,
                            struct prepared *earlier, struct prepared *later)
{
    struct prepared *const both[] = {earlier, later};
    struct prepared before[2] = {0};
    struct error lost = {0};

    if (preparer->seconds == 0 || preparer->accept_shrink ||
        !differ(preparer, known, earlier, later))
        return true;
    const bool agreed = ask_until_they_agree(preparer, known, both, before, &lost);
    for (size_t i = 0; i < 2; i++) {
        prepared_remember(both[i], &before[i]);
        prepared_done(&before[i], false);
    }
    if (agreed)
        return true;
    if (lost.kind == ERROR_NONE && !known->includes_last_day && leaves_out_last_day(earlier))
        note_exclusive(preparer, known, earlier->window.last);
    else
        hold_both(earlier, later, &lost);
    return lost.kind != ERROR_LOGIN;
}
