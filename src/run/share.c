/* SPDX-License-Identifier: MIT */
/* Claims windows of a cycle that several processes share. */
#include "run/share.h"

#include "base/date.h"
#include "base/log.h"
#include "base/mem.h"
#include "load/history.h"
#include "load/lease_claim.h"
#include "run/pipeline.h"
#include "run/run_id.h"

#include <stdlib.h>
#include <string.h>

/* A claim is an eighth of what is left for each of two processes, so that the last ones end at
 * about the same time, and not less than keeps the workers of one process busy. */
enum { CLAIMS = 16 };

/* --- the plan -------------------------------------------------------------------------------- */

static size_t count_days(const struct share_plan *plan)
{
    const struct period period = plan->windows.period;

    return period.last < period.first ? 0 : (size_t)(period.last - period.first) + 1;
}

void share_init(struct share *share, struct destination *dest, const char *name,
                const struct lease *lease, struct report_run *parts, size_t count, size_t workers)
{
    size_t windows = 0;

    *share = (struct share){.dest = dest,
                            .name = name,
                            .lease = *lease,
                            .parts = parts,
                            .plans = mem_array(count, sizeof(*share->plans)),
                            .count = count};
    for (size_t i = 0; i < count; i++) {
        struct share_plan *plan = &share->plans[i];
        plan->windows = parts[i].windows;
        parts[i].windows = (struct window_list){.period = plan->windows.period};
        parts[i].judges_undated = false; /* no run knows what the others were shown */
        parts[i].summary->windows = 0;
        plan->tried = mem_array(plan->windows.count, sizeof(*plan->tried));
        plan->loaded = mem_array(count_days(plan), sizeof(*plan->loaded));
        windows += plan->windows.count;
    }
    share->at_once = workers * PIPELINE_PLACES;
    if (share->at_once < windows / CLAIMS)
        share->at_once = windows / CLAIMS;
    share->lease.name = NULL;
}

void share_done(struct share *share)
{
    for (size_t i = 0; i < share->count; i++) {
        window_list_done(&share->plans[i].windows);
        free(share->plans[i].tried);
        free(share->plans[i].loaded);
    }
    free(share->plans);
    free((char *)share->lease.name);
    *share = (struct share){0};
}

/* --- what the cycle has loaded --------------------------------------------------------------- */

/* Notes the days of a window that was loaded. */
static bool take_loaded(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct share *share = arg;
    int32_t first, last;

    (void)count;
    (void)err;
    for (size_t i = 0; i < share->count; i++) {
        struct share_plan *plan = &share->plans[i];
        const struct period period = plan->windows.period;
        if (!cell_is(cells[0], share->parts[i].report->name) ||
            !date_parse_iso(cells[1].text, cells[1].len, &first) ||
            !date_parse_iso(cells[2].text, cells[2].len, &last))
            continue;
        for (int32_t day = first; day <= last; day++)
            if (day >= period.first && day <= period.last)
                plan->loaded[day - period.first] = true;
    }
    return true;
}

static bool read_loaded(struct share *share, struct error *err)
{
    MEM_FREE_TEXT char *ending = mem_format("%s%s", RUN_MARK_SHARE, share->name);

    return history_loaded_by(share->dest, ending, take_loaded, share, err);
}

/* Whether all days that a window decides were loaded. The last day that may be asked for is decided
 * only if the portal includes it; a window of that day alone is loaded once it was. */
static bool is_loaded(const struct share_plan *plan, struct window window)
{
    const bool last_is_open = window.end_open && window.own_first < window.last;
    const int32_t last = last_is_open ? window.last - 1 : window.own_last;

    for (int32_t day = window.own_first; day <= last; day++)
        if (!plan->loaded[day - plan->windows.period.first])
            return false;
    return true;
}

static bool is_free(const struct share_plan *plan, size_t window)
{
    return window < plan->windows.count && !plan->tried[window] &&
           !is_loaded(plan, plan->windows.items[window]);
}

/* --- claims ---------------------------------------------------------------------------------- */

/* Takes the lease of `count` windows. *taken is false if another run is at some of them. */
static bool take_lease(struct share *share, size_t part, size_t first, size_t count, bool *taken,
                       struct error *err)
{
    const struct window *windows = share->plans[part].windows.items;
    struct error why;

    free((char *)share->lease.name);
    share->lease.name =
        lease_name_of_days(share->parts[part].report->name, windows[first].own_first,
                           windows[first + count - 1].own_last);
    *taken = destination_take_lease(share->dest, &share->lease, &why);
    if (*taken || why.kind == ERROR_LOCKED)
        return true;
    *err = why;
    return false;
}

/* Hands the windows to the part that nobody has loaded since they were chosen. Returns how many. */
static size_t hand_over(struct share *share, size_t part, size_t first, size_t count)
{
    struct share_plan *plan = &share->plans[part];
    struct window_list *windows = &share->parts[part].windows;
    const size_t before = windows->count;

    for (size_t i = first; i < first + count; i++) {
        if (!is_free(plan, i))
            continue;
        windows->items = mem_grow(windows->items, windows->count + 1, sizeof(*windows->items));
        windows->items[windows->count++] = plan->windows.items[i];
        plan->tried[i] = true;
    }
    share->parts[part].summary->windows = windows->count;
    return windows->count - before;
}

static void tell(const struct share *share, size_t part, size_t count)
{
    const struct window_list *windows = &share->parts[part].windows;
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];

    log_info(
        "share.claimed", log_text("report", share->parts[part].report->name),
        log_text("first", date_format_iso(windows->items[windows->count - count].first, first)),
        log_text("last", date_format_iso(windows->items[windows->count - 1].last, last)),
        log_int("windows", (int64_t)count));
}

/* Claims the first free windows of a part. *busy: another run is at some of those that are left. */
static bool claim_of(struct share *share, size_t part, bool *got, bool *busy, struct error *err)
{
    const struct share_plan *plan = &share->plans[part];
    bool taken;

    for (size_t i = 0; i < plan->windows.count; i++) {
        size_t count = 0;
        while (count < share->at_once && is_free(plan, i + count))
            count++;
        if (!count)
            continue;
        if (!take_lease(share, part, i, count, &taken, err))
            return false;
        if (!taken) {
            *busy = true;
            continue;
        }
        if (!read_loaded(share, err)) {
            share_release(share);
            return false;
        }
        const size_t claimed = hand_over(share, part, i, count);
        if (claimed) {
            tell(share, part, claimed);
            *got = true;
            return true;
        }
        share_release(share);
    }
    return true;
}

bool share_claim(struct share *share, enum share_state *out, struct error *err)
{
    bool got = false, busy = false;

    if (!read_loaded(share, err))
        return false;
    for (size_t i = 0; i < share->count && !got; i++)
        if (!report_run_is_hopeless(&share->parts[i]) && !claim_of(share, i, &got, &busy, err))
            return false;
    *out = got ? SHARE_GOT : busy ? SHARE_WAIT : SHARE_OVER;
    return true;
}

void share_release(struct share *share)
{
    destination_release_lease(share->dest);
}

void share_end(struct share *share)
{
    for (size_t i = 0; i < share->count; i++) {
        const struct share_plan *plan = &share->plans[i];
        for (size_t w = 0; w < plan->windows.count; w++)
            share->parts[i].summary->shared +=
                !plan->tried[w] && is_loaded(plan, plan->windows.items[w]);
    }
}
