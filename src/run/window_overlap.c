/* SPDX-License-Identifier: MIT */
/* Compares what two neighbouring windows hold of their common day, asks again, and learns from
 * exports how the portal exports a report. */
#include "run/window_overlap.h"

#include "base/date.h"
#include "base/log.h"

#include <inttypes.h>

void portal_habits_init(struct portal_habits *habits, const struct habits *known)
{
    habits->includes_last_day = known->includes_last_day;
    habits->leaves_out_last_day = known->leaves_out_last_day;
    habits->ends_lines = known->ends_lines;
    habits->leaves_lines_open = known->leaves_lines_open;
    habits->hand_ends_lines = known->hand_ends_lines;
}

struct habits portal_habits_now(const struct portal_habits *habits)
{
    return (struct habits){.includes_last_day = habits->includes_last_day,
                           .leaves_out_last_day = habits->leaves_out_last_day,
                           .ends_lines = habits->ends_lines,
                           .leaves_lines_open = habits->leaves_lines_open,
                           .hand_ends_lines = habits->hand_ends_lines};
}

void portal_habits_learn(struct portal_habits *habits, const struct prepared *prepared,
                         bool by_hand)
{
    if (prepared->error.kind != ERROR_NONE || prepared->export.proven)
        return;
    if (!by_hand && prepared->batch.last_day.rows > 0)
        habits->includes_last_day = true;
    for (size_t i = 0; i < prepared->facts_count; i++) {
        if (prepared->facts[i].end == FILE_END_LINE)
            *(by_hand ? &habits->hand_ends_lines : &habits->ends_lines) = true;
        else if (prepared->facts[i].end == FILE_END_OPEN && !by_hand && !habits->ends_lines)
            habits->leaves_lines_open = true;
    }
}

bool portal_habits_end_lines(const struct portal_habits *habits, bool by_hand)
{
    return (habits->ends_lines && !habits->leaves_lines_open) ||
           (by_hand && habits->hand_ends_lines);
}

bool window_overlap_exists(struct window earlier, struct window later)
{
    return earlier.last == later.first && earlier.first < later.last;
}

/* Whether the two exports disagree about the common day. An earlier one that has no row of its last
 * day disagrees only if neither the habits nor the profile say that the portal leaves it out. */
static bool differ(const struct preparer *preparer, struct portal_habits *habits,
                   const struct prepared *earlier, const struct prepared *later)
{
    const struct day_digest *end = &earlier->batch.last_day, *begin = &later->batch.first_day;

    if (earlier->error.kind != ERROR_NONE || later->error.kind != ERROR_NONE)
        return false;
    if (day_digest_equal(end, begin))
        return false;
    return habits->includes_last_day ||
           (!habits->leaves_out_last_day && preparer->report->windows.end_offset == 0);
}

/* Returns the rows of the common day in the export that has more of them. */
static uint64_t most_rows(const struct prepared *earlier, const struct prepared *later)
{
    const uint64_t end = earlier->batch.last_day.rows, begin = later->batch.first_day.rows;

    return end > begin ? end : begin;
}

/* Whether the two agree about the common day, and have as many rows of it as any export before: two
 * exports that were both cut may agree that the day has none. *most is the most rows so far. */
static bool agree(const struct preparer *preparer, struct portal_habits *habits,
                  struct prepared *const both[2], uint64_t *most)
{
    const uint64_t rows = most_rows(both[0], both[1]);

    if (rows > *most)
        *most = rows;
    return rows == *most && !differ(preparer, habits, both[0], both[1]);
}

/* Describes the disagreement. */
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

/* Asks for a window once more. True: *prepared has the new export, *before the old one. False:
 * *prepared keeps its export, and the reason is in *why. */
static bool ask_again(const struct preparer *preparer, struct prepared *prepared,
                      struct prepared *before, struct error *why)
{
    struct prepared fresh;

    window_prepare(preparer, prepared->window, &fresh);
    if (fresh.error.kind != ERROR_NONE) {
        *why = fresh.error;
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

/* Whether the export has rows of the last day but one and none of the last day: then it was not
 * cut, but the portal leaves out the last day. */
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

/* Notes and logs that the portal leaves out the last day. */
static void note_left_out(const struct preparer *preparer, struct portal_habits *habits,
                          int32_t date)
{
    char day[DATE_ISO_SIZE];

    habits->leaves_out_last_day = true;
    log_warn("portal.leaves_out_last_day", log_text("report", preparer->report->name),
             log_text("day", date_format_iso(date, day)));
}

static void swap(struct prepared *one, struct prepared *other)
{
    const struct prepared kept = *one;

    *one = *other;
    *other = kept;
}

/* Asks for the earlier window and then for the later one, until the two agree; true if they do.
 * `before` gets the first export of each that was replaced. If asking fails, the reason is in
 * *failure and the window keeps its export. */
static bool ask_until_they_agree(const struct preparer *preparer, struct portal_habits *habits,
                                 struct prepared *const both[2], struct prepared before[2],
                                 struct error *failure)
{
    bool replaced[2] = {false, false};
    uint64_t most = most_rows(both[0], both[1]);
    struct error why;

    for (size_t i = 0; i < 2 && failure->kind != ERROR_STOPPED; i++) {
        describe(both[0], both[1], &why);
        log_warn("window.asked_again", log_text("report", preparer->report->name),
                 log_text("error", why.message));
        replaced[i] = ask_again(preparer, both[i], &before[i], failure);
        if (replaced[i] && agree(preparer, habits, both, &most))
            return true;
    }
    if (!replaced[0] || !replaced[1])
        return false;
    /* The second export of the earlier window may be the one that was cut: try its first one. */
    swap(both[0], &before[0]);
    if (agree(preparer, habits, both, &most))
        return true;
    swap(both[0], &before[0]);
    return false;
}

/* Fails both windows as ERROR_HELD: which of the two was cut cannot be told. `failure` tells why
 * asking again failed, if it did. */
static void hold_both(struct prepared *earlier, struct prepared *later, const struct error *failure)
{
    struct error why;

    describe(earlier, later, &why);
    if (failure->kind != ERROR_NONE)
        error_append(&why, "; asking again failed: %s", failure->message);
    earlier->error = later->error = failure->kind == ERROR_STOPPED ? *failure : why;
}

bool window_overlap_compare(const struct preparer *preparer, struct portal_habits *habits,
                            struct prepared *earlier, struct prepared *later)
{
    struct prepared *const both[] = {earlier, later};
    struct prepared before[2] = {0};
    struct error failure = {0};

    if (preparer->seconds == 0 || preparer->accept_shrink ||
        !differ(preparer, habits, earlier, later))
        return true;
    const bool agreed = ask_until_they_agree(preparer, habits, both, before, &failure);
    for (size_t i = 0; i < 2; i++) {
        prepared_remember(both[i], &before[i]);
        prepared_done(&before[i], false);
    }
    if (agreed)
        return true;
    if (failure.kind == ERROR_NONE && !habits->includes_last_day && leaves_out_last_day(earlier))
        note_left_out(preparer, habits, earlier->window.last);
    else
        hold_both(earlier, later, &failure);
    return failure.kind != ERROR_LOGIN;
}
