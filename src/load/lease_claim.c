/* SPDX-License-Identifier: MIT */
/* Names leases and finds out which of them stand in each other's way. */
#include "load/lease_claim.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/mem.h"

#include <stddef.h>
#include <string.h>

/* --- names ----------------------------------------------------------------------------------- */

char *lease_name_of_days(const char *report, int32_t first, int32_t last)
{
    char from[DATE_ISO_SIZE], to[DATE_ISO_SIZE];

    return mem_format("%s %s %s", report, date_format_iso(first, from), date_format_iso(last, to));
}

const char *lease_name(const struct lease *lease)
{
    return lease->name ? lease->name : LEASE_ALL;
}

bool lease_is_for_all(const struct lease *lease)
{
    return strcmp(lease_name(lease), LEASE_ALL) == 0;
}

struct days {
    const char *report;
    size_t report_len;
    int32_t first, last;
};

/* Reads a name. The days are at its end: a report's name may have blanks. */
static bool parse(const char *name, struct days *out)
{
    enum { DAY = DATE_ISO_SIZE - 1, DAYS = 2 * (DAY + 1) };
    const size_t len = strlen(name);

    if (len <= DAYS)
        return false;
    const char *days = name + len - DAYS;
    *out = (struct days){.report = name, .report_len = len - DAYS};
    return days[0] == ' ' && days[DAY + 1] == ' ' && date_parse_iso(days + 1, DAY, &out->first) &&
           date_parse_iso(days + DAY + 2, DAY, &out->last);
}

static bool is_same_report(const struct days *days, const char *report, size_t len)
{
    return days->report_len == len && memcmp(days->report, report, len) == 0;
}

static bool overlap(const char *one, const char *other)
{
    struct days a, b;

    if (!parse(one, &a) || !parse(other, &b))
        return true;
    return is_same_report(&a, b.report, b.report_len) && a.first <= b.last && b.first <= a.last;
}

/* --- decisions ------------------------------------------------------------------------------- */

bool lease_covers(const struct lease *lease, const char *report, struct window window)
{
    struct days days;

    if (lease_is_for_all(lease))
        return true;
    return parse(lease_name(lease), &days) && is_same_report(&days, report, strlen(report)) &&
           window.own_first <= window.own_last && window.own_first >= days.first &&
           window.own_last <= days.last;
}

enum lease_verdict lease_judge(const struct lease *wanted, const struct lease_row *row)
{
    if (!row->run_id || !overlap(lease_name(wanted), row->name))
        return LEASE_APART;
    if (row->expired || strcmp(row->run_id, wanted->run_id) == 0 ||
        (wanted->is_dead && wanted->is_dead(row->holder)))
        return LEASE_DEAD;
    return LEASE_HELD;
}

bool lease_refuse(const struct lease_row *row, struct error *err)
{
    const bool all = strcmp(row->name, LEASE_ALL) == 0;
    char until[CLOCK_STAMP_SIZE];

    return error_set(err, ERROR_LOCKED,
                     "another run holds the lease%s%s: %s of %s, since %s, until %s if it is dead",
                     all ? "" : " of ", all ? "" : row->name, row->run_id, row->holder,
                     row->taken_at, clock_format_zoned((time_t)row->expires_at, until));
}

bool lease_lost(struct error *err)
{
    return error_set(err, ERROR_LOCKED, "the lease of this run expired and another run took it");
}
