/* SPDX-License-Identifier: MIT */
/* Counts working time, and compares it with the limits of the timetable. */
#include "run/freshness.h"

#include "base/clock.h"
#include "base/date.h"
#include "run/schedule.h"

enum { DAY_MINUTES = 24 * 60, LATE_DAYS = 9, STALE_DAYS = 16 };

/* Whether the timetable tells working hours. */
static bool has_hours(const struct timetable_rule *rule)
{
    return rule->days && rule->last > rule->first;
}

static int64_t overlap(time_t from, time_t to, time_t first, time_t last)
{
    const time_t begin = from > first ? from : first, end = to < last ? to : last;

    return end > begin ? (int64_t)(end - begin) : 0;
}

int64_t freshness_age(const struct timetable *timetable, time_t from, time_t to)
{
    const struct timetable_rule *rule = &timetable->incremental;
    int64_t seconds = 0;

    if (to <= from)
        return 0;
    if (!has_hours(rule))
        return (int64_t)(to - from) / 60;
    const int32_t last = clock_day_of(to);
    for (int32_t date = clock_day_of(from); date <= last; date++)
        if (rule->days >> date_weekday(date) & 1)
            seconds += overlap(from, to, schedule_instant(date, rule->first),
                               schedule_instant(date, rule->last));
    return seconds / 60;
}

time_t freshness_since(int32_t newest_day, time_t loaded_at)
{
    enum { DAYS_BEHIND = 1 };

    return newest_day + DAYS_BEHIND >= clock_day_of(loaded_at)
               ? loaded_at
               : schedule_instant(newest_day + DAYS_BEHIND + 1, 0);
}

/* Returns the limit in minutes; 0: there is none. */
static int64_t limit_of(const struct timetable *timetable, int hours, int times, int days)
{
    if (hours)
        return (int64_t)hours * 60;
    if (timetable->incremental.days)
        return (int64_t)timetable->incremental.every * times;
    return timetable->full.days ? (int64_t)days * DAY_MINUTES : 0;
}

enum freshness freshness_judge(const struct timetable *timetable, time_t loaded_at, time_t now)
{
    const int64_t late = limit_of(timetable, timetable->late_after, 2, LATE_DAYS);
    const int64_t stale = limit_of(timetable, timetable->stale_after, 4, STALE_DAYS);

    if (!loaded_at)
        return FRESHNESS_NEVER;
    const int64_t age = freshness_age(timetable, loaded_at, now);
    if (stale && age > stale)
        return FRESHNESS_STALE;
    return late && age > late ? FRESHNESS_LATE : FRESH;
}

const char *freshness_name(enum freshness freshness)
{
    static const char *const names[] = {
        [FRESH] = "fresh",
        [FRESHNESS_LATE] = "late",
        [FRESHNESS_STALE] = "stale",
        [FRESHNESS_NEVER] = "never loaded",
    };
    return names[freshness];
}
