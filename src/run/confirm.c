/* SPDX-License-Identifier: MIT */
/* Finds the doubtful days of a window, and asks the portal for them again. */
#include "run/confirm.h"

#include "base/date.h"
#include "base/log.h"
#include "base/mem.h"
#include "model/key_set.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { WEEK = 7, WEEKS = 8 };

/* How many rows each owned day of a window has. */
struct day_counts {
    int32_t first; /* the day number of day 0 */
    int64_t days;
    uint64_t *shown; /* in the export */
    uint64_t *held;  /* in the table */
    uint64_t *gone;  /* in the table and not in the export */
};

static void count_day(uint64_t *counts, const struct day_counts *of, int32_t date)
{
    if (date >= of->first && date - of->first < of->days)
        counts[date - of->first]++;
}

static struct day_counts count_days(const struct confirm_view *view)
{
    const size_t room = window_owned_days(view->window);
    struct day_counts out = {
        .first = view->window.own_first,
        .days = (int64_t)room,
        .shown = mem_array(room, sizeof(uint64_t)),
        .held = mem_array(room, sizeof(uint64_t)),
        .gone = mem_array(room, sizeof(uint64_t)),
    };

    for (size_t i = 0; i < view->batch->row_count; i++)
        if (!view->batch->rows[i].superseded && !view->batch->rows[i].undated)
            count_day(out.shown, &out, view->batch->rows[i].date);
    for (size_t i = 0; i < view->held->count; i++)
        if (!view->held->rows[i].undated)
            count_day(out.held, &out, view->held->rows[i].date);
    for (size_t i = 0; i < view->plan->removed_count; i++)
        count_day(out.gone, &out, view->plan->removed[i].date);
    return out;
}

static void day_counts_done(struct day_counts *counts)
{
    free(counts->shown);
    free(counts->held);
    free(counts->gone);
}

/* Returns how many rows the weekday of a day had on average in the WEEKS before, as far as the
 * window reaches back; 0 if there is no such day. A day without rows does not count: it may be a
 * holiday, or lie before the report's first row. */
static double usual_rows(const struct day_counts *counts, int64_t day)
{
    uint64_t sum = 0;
    int weeks = 0;

    for (int64_t at = day - WEEK; at >= 0 && weeks < WEEKS; at -= WEEK) {
        const uint64_t shown = counts->shown[at], held = counts->held[at];
        sum += shown > held ? shown : held;
        weeks += shown > 0 || held > 0;
    }
    return weeks ? (double)sum / weeks : 0;
}

/* Returns the last day of which the export has rows; -1 if there is none. */
static int64_t last_shown(const struct day_counts *counts)
{
    int64_t day = counts->days - 1;

    while (day >= 0 && counts->shown[day] == 0)
        day--;
    return day;
}

/* Whether no other export confirms where this one ends. The next window's export repeats the last
 * day that was asked for, so it confirms the end if this export has rows of that day. */
static bool is_end_unconfirmed(const struct confirm_view *view)
{
    return view->is_last || view->batch->last_day.rows == 0;
}

/* Whether a day is doubtful; `reason` then gets why. */
static bool is_doubtful(const struct confirm_view *view, const struct day_counts *counts,
                        int64_t day, char reason[DOUBT_REASON_SIZE])
{
    const struct limits *limits = view->limits;
    const int32_t date = counts->first + (int32_t)day;
    const bool in_tail = view->is_last && counts->days - day <= limits->confirm_days;
    const bool at_end = is_end_unconfirmed(view) && day == last_shown(counts);
    const double usual = in_tail && date < view->today ? usual_rows(counts, day) : 0;
    const uint64_t shown = counts->shown[day], held = counts->held[day], gone = counts->gone[day];
    char text[DATE_ISO_SIZE];

    date_format_iso(date, text);
    if (gone && shown == 0)
        snprintf(reason, DOUBT_REASON_SIZE,
                 "the table holds %" PRIu64 " rows of %s, the export none (confirm_days)", held,
                 text);
    else if (gone && in_tail)
        snprintf(reason, DOUBT_REASON_SIZE,
                 "%" PRIu64 " rows of %s, at the end of the last window, are gone (confirm_days)",
                 gone, text);
    else if (gone && at_end)
        snprintf(reason, DOUBT_REASON_SIZE,
                 "%" PRIu64 " rows of %s, where the export ends, are gone (confirm_days)", gone,
                 text);
    else if (usual >= (double)limits->min_day_rows && (double)shown < limits->min_day_ratio * usual)
        snprintf(reason, DOUBT_REASON_SIZE,
                 "%s has %" PRIu64 " rows, its weekday usually %.0f (min_day_ratio)", text, shown,
                 usual);
    else
        return false;
    return true;
}

/* Returns the last day before `day` of which the export has rows; `day` itself if there is none. */
static int64_t find_anchor(const struct day_counts *counts, int64_t day)
{
    for (int64_t at = day - 1; at >= 0; at--)
        if (counts->shown[at])
            return at;
    return day;
}

/* Adds a doubtful day, in date order. */
static void add_doubtful(const struct day_counts *counts, int64_t day, bool is_first,
                         struct doubtful_days *out)
{
    const int32_t date = counts->first + (int32_t)day;

    if (is_first) {
        out->first = date;
        out->anchor = out->last_empty = counts->first + (int32_t)find_anchor(counts, day);
    }
    if (counts->shown[day] == 0)
        out->last_empty = date;
    out->last = date;
}

bool confirm_find(const struct confirm_view *view, struct doubtful_days *out)
{
    struct day_counts counts = count_days(view);
    char reason[DOUBT_REASON_SIZE] = ""; /* of a doubtful day after the first: not kept */
    bool found = false;

    for (int64_t day = 0; view->limits->confirm_days > 0 && day < counts.days; day++) {
        if (!is_doubtful(view, &counts, day, found ? reason : out->reason))
            continue;
        add_doubtful(&counts, day, !found, out);
        found = true;
    }
    day_counts_done(&counts);
    return found;
}

/* Counts the rows from day `first` to day `last` that one export has and the other one lacks. */
static uint64_t count_lacking(const struct batch *lacks, const struct batch *has, int32_t first,
                              int32_t last)
{
    struct key_set shown = {0};
    uint64_t lacking = 0;

    for (size_t i = 0; i < lacks->row_count; i++)
        key_set_add(&shown, lacks->rows[i].key);
    key_set_seal(&shown);
    for (size_t i = 0; i < has->row_count; i++) {
        const struct row *row = &has->rows[i];
        if (row->undated || row->superseded || row->date < first || row->date > last)
            continue;
        lacking += !key_set_has(&shown, row->key);
    }
    key_set_done(&shown);
    return lacking;
}

/* Returns a window of some days of another one. It asks for one day more, as far as the other one
 * did, because a portal may leave out the last day. */
static struct window days_alone(struct window window, int32_t first, int32_t last)
{
    window.first = window.own_first = first;
    window.own_last = last;
    window.last = last < window.last ? last + 1 : last;
    window.end_open = false;
    return window;
}

/* How the window's export and a second export of its doubtful days differ. */
struct disagreement {
    int32_t first, last;   /* the days of the second export */
    uint64_t window_lacks; /* rows that only the second export has */
    uint64_t second_lacks; /* rows that only the window's export has */
};

static bool disagree(const struct disagreement *of)
{
    return of->window_lacks || of->second_lacks;
}

/* Fails the window as ERROR_HELD. */
static void hold(struct prepared *prepared, const struct disagreement *of)
{
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];

    error_set(&prepared->error, ERROR_HELD,
              "%s; a second export, from %s to %s, has %" PRIu64
              " rows that this one lacks and lacks %" PRIu64 " that it has: one of them was cut",
              prepared->doubtful.reason, date_format_iso(of->first, first),
              date_format_iso(of->last, last), of->window_lacks, of->second_lacks);
}

/* Asks for the days from `from` to the last doubtful one, in an export of their own, and compares
 * it with the window's. The days before `first` are not doubtful: there only rows that the second
 * export lacks count, because they show that it was cut. False: asking failed, and with it the
 * window. */
static bool ask_for_days(const struct preparer *preparer, struct prepared *prepared, int32_t from,
                         int32_t first, struct disagreement *out)
{
    const struct doubtful_days *days = &prepared->doubtful;
    struct prepared second;

    window_prepare(preparer, days_alone(prepared->window, from, days->last), &second);
    *out = (struct disagreement){.first = from, .last = days->last};
    if (second.error.kind != ERROR_NONE) {
        prepared->error = second.error;
        error_context(&prepared->error, "%s; asking for these days again failed", days->reason);
    } else {
        out->window_lacks = count_lacking(&prepared->batch, &second.batch, first, days->last);
        out->second_lacks = count_lacking(&second.batch, &prepared->batch, from, days->last);
        prepared_remember(prepared, &second);
    }
    prepared_done(&second, false);
    return prepared->error.kind == ERROR_NONE;
}

/* Replaces the window's export by another export of all its days. False: asking failed, and the
 * window keeps its rows and gets the error. */
static bool replace_export(const struct preparer *preparer, struct prepared *prepared)
{
    struct prepared fresh;

    window_prepare(preparer, prepared->window, &fresh);
    if (fresh.error.kind != ERROR_NONE) {
        prepared->error = fresh.error;
        prepared_done(&fresh, false);
        return false;
    }
    fresh.started_at = prepared->started_at;
    fresh.began_ms = prepared->began_ms;
    fresh.spent_ms += prepared->spent_ms;
    fresh.replaced = true;
    prepared_remember(&fresh, prepared);
    prepared_done(prepared, false);
    *prepared = fresh;
    return true;
}

/* Asks for the doubtful days, beginning with a day that is known to have rows, so that an export
 * without these rows proves nothing. Then asks for the last of the empty days alone: a portal that
 * always breaks off at the same row would never reach that day in a longer export. */
static bool ask_for_doubtful_days(const struct preparer *preparer, struct prepared *prepared,
                                  struct disagreement *out)
{
    const struct doubtful_days *days = &prepared->doubtful;

    if (!ask_for_days(preparer, prepared, days->anchor, days->first, out))
        return false;
    return disagree(out) || days->last_empty == days->anchor ||
           ask_for_days(preparer, prepared, days->last_empty, days->last_empty, out);
}

void confirm_window(const struct preparer *preparer, struct prepared *prepared)
{
    struct disagreement found;

    log_warn("window.doubted", log_text("report", preparer->report->name),
             log_text("reason", prepared->doubtful.reason));
    prepared->confirmed = true;
    if (!ask_for_doubtful_days(preparer, prepared, &found) || !disagree(&found))
        return;
    if (prepared->replaced)
        hold(prepared, &found);
    else
        replace_export(preparer, prepared);
}
