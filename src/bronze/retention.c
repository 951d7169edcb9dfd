/* SPDX-License-Identifier: MIT */
/* Finds the exports that a rebuild does not need, from the newest to the oldest. */
#include "bronze/retention.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct days {
    int32_t first, last; /* inclusive */
};

/* What the later exports of a report have decided. */
struct later {
    const char *report;
    struct days *decided; /* disjoint, with a day between them */
    size_t count;
    const char *swept_by; /* the newest run that swept undated rows; NULL: none */
};

struct view {
    struct later *reports;
    size_t count;
};

static struct later *later_of(struct view *view, const char *report)
{
    for (size_t i = 0; i < view->count; i++)
        if (strcmp(view->reports[i].report, report) == 0)
            return &view->reports[i];
    view->reports = mem_grow(view->reports, view->count + 1, sizeof(*view->reports));
    view->reports[view->count] = (struct later){.report = report};
    return &view->reports[view->count++];
}

static bool is_empty(struct window window)
{
    return window_owned_days(window) == 0;
}

/* Whether later exports have decided about all days of the window. Ranges that touch were made one,
 * so such a window lies within one range. */
static bool is_decided(const struct later *later, struct window window)
{
    for (size_t i = 0; i < later->count; i++)
        if (later->decided[i].first <= window.own_first &&
            later->decided[i].last >= window.own_last)
            return true;
    return is_empty(window);
}

/* Adds the days of a window; ranges that it touches become one with it. */
static void decide(struct later *later, struct window window)
{
    struct days days = {window.own_first, window.own_last};
    size_t left = 0;

    for (size_t i = 0; i < later->count; i++) {
        const struct days other = later->decided[i];
        if ((int64_t)other.last + 1 < days.first || other.first > (int64_t)days.last + 1) {
            later->decided[left++] = other;
            continue;
        }
        days.first = other.first < days.first ? other.first : days.first;
        days.last = other.last > days.last ? other.last : days.last;
    }
    later->decided = mem_grow(later->decided, left + 1, sizeof(*later->decided));
    later->decided[left] = days;
    later->count = left + 1;
}

/* Whether another run has swept the undated rows later. The sweep of its own run does not count:
 * that one left the rows that this export shows. */
static bool is_swept(const struct later *later, const struct bronze_entry *entry)
{
    return entry->undated == 0 || (later->swept_by && strcmp(later->swept_by, entry->run) != 0);
}

static void judge(struct later *later, const struct bronze_entry *entry, time_t before,
                  bool *needless)
{
    if (entry->kind == BRONZE_SWEEP && entry->kept == 0 && !later->swept_by)
        later->swept_by = entry->run;
    if (entry->kind != BRONZE_EXPORT || entry->removed)
        return;
    *needless =
        entry->exported_at < before && is_decided(later, entry->window) && is_swept(later, entry);
    if (entry->window.complete && entry->kept == 0 && !is_empty(entry->window))
        decide(later, entry->window);
}

void retention_find_needless(const struct bronze_entry *entries, size_t count, time_t before,
                             bool *needless)
{
    struct view view = {0};

    for (size_t i = count; i-- > 0;) {
        needless[i] = false;
        judge(later_of(&view, entries[i].report), &entries[i], before, &needless[i]);
    }
    for (size_t i = 0; i < view.count; i++)
        free(view.reports[i].decided);
    free(view.reports);
}
