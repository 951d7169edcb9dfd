/* SPDX-License-Identifier: MIT */
/* Plans the windows of a cycle, and the days that each of them owns. */
#include "run/windows.h"

#include "base/date.h"
#include "base/mem.h"

#include <stdlib.h>

const char *cycle_mode_name(enum cycle_mode mode)
{
    return mode == MODE_FULL ? "full" : "incremental";
}

void window_list_done(struct window_list *list)
{
    free(list->items);
    *list = (struct window_list){0};
}

/* Cuts the days from `first` to `last` into windows of `step` days; neighbours share a day. A
 * window that is shorter is the first one if they are counted from the end, else the last one. */
static void cut(struct window_list *list, int32_t first, int32_t last, int32_t step, bool from_end)
{
    const int64_t length = (int64_t)last - first;
    const size_t count = length > step ? (size_t)((length + step - 1) / step) : 1;

    list->items = mem_array(count, sizeof(*list->items));
    list->count = count;
    for (size_t i = 0; i < count; i++) {
        int32_t before = (int32_t)i * step, after = (int32_t)(count - 1 - i) * step;
        int32_t from = from_end ? last - after - step : first + before;
        int32_t to = from_end ? last - after : first + before + step;
        list->items[i] = (struct window){
            .first = from > first ? from : first,
            .last = to < last ? to : last,
            .complete = true,
        };
    }
}

/* The days at which a cycle ends. */
struct cycle_end {
    int32_t base;     /* windows are counted up to this day */
    int32_t last;     /* the last window asks up to this day */
    int32_t own_last; /* the last window owns up to this day */
    bool open;        /* it owns that last day only if the portal turns out to include it */
};

/* Finds the end of a cycle; the table in windows.h has the cases. */
static struct cycle_end find_end(const struct window_rule *rule, int32_t today,
                                 struct day_range range)
{
    const int offset = rule->end_offset;
    const int32_t limit = today + offset;

    if (!range.has_last && offset > 0)
        return (struct cycle_end){.base = limit, .last = limit, .own_last = limit - 1};
    if (range.has_last && (offset > 0 || range.last < limit))
        return (struct cycle_end){.base = range.last + (offset > 0 ? offset : 0),
                                  .last = range.last + (offset > 0 ? offset : 1),
                                  .own_last = range.last};
    const int32_t last = range.has_last && offset == 0 ? range.last : limit;
    return (struct cycle_end){.base = last, .last = last, .own_last = last, .open = true};
}

/* Gives each day to one window: a day that two windows ask for belongs to the later one. */
static void assign_days(struct window_list *list, const struct cycle_end *end)
{
    struct window *last = &list->items[list->count - 1];

    for (size_t i = 0; i < list->count; i++) {
        struct window *window = &list->items[i];
        window->own_first = window->first;
        if (window < last)
            window->own_last = window[1].first - 1;
    }
    last->last = end->last;
    last->own_last = end->own_last;
    last->end_open = end->open;
}

bool windows_plan(const struct window_rule *rule, enum cycle_mode mode, int32_t today,
                  struct day_range range, struct window_list *out, struct error *err)
{
    const struct cycle_end end = find_end(rule, today, range);
    int32_t first = mode == MODE_FULL ? rule->begin : end.base - rule->incremental_days;

    if (range.has_first)
        first = range.first;
    if (first < rule->begin)
        first = rule->begin;
    if (first > end.own_last) {
        char a[DATE_ISO_SIZE], b[DATE_ISO_SIZE], c[DATE_ISO_SIZE];
        return error_set(err, ERROR_CONFIG,
                         "no day to ask for: from %s to %s (the report's history begins on %s)",
                         date_format_iso(first, a), date_format_iso(end.own_last, b),
                         date_format_iso(rule->begin, c));
    }
    struct window_list list = {.period = {.first = first, .last = end.last}};
    cut(&list, first, end.base, mode == MODE_FULL ? rule->days : rule->incremental_step,
        rule->from_end);
    assign_days(&list, &end);
    *out = list;
    return true;
}

struct window window_close_end(struct window window, const struct batch *batch, bool inclusive)
{
    if (window.end_open && !inclusive && batch->last_day.rows == 0)
        window.own_last = window.last - 1;
    window.end_open = false;
    return window;
}

struct window window_narrow(struct window window, const struct batch *batch)
{
    bool any = false;

    for (size_t i = 0; i < batch->row_count; i++) {
        const struct row *row = &batch->rows[i];
        if (row->undated)
            continue;
        if (!any || row->date < window.first)
            window.first = row->date;
        if (!any || row->date > window.last)
            window.last = row->date;
        any = true;
    }
    if (!any) { /* no day: an empty range */
        window.first = 0;
        window.last = -1;
    }
    window.own_first = window.first;
    window.own_last = window.last;
    return window;
}
