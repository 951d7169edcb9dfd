/* SPDX-License-Identifier: MIT */
/* Finds the next start of the timetable, and waits for it. */
#include "run/schedule.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "base/stop.h"

#include <poll.h>

enum {
    CHECK_MS = 60 * 1000, /* how often the clock is read: it may be set, or the machine may sleep */
    DAYS_AHEAD = 8,       /* a rule that runs at all has a start within a week */
};

/* Returns the moment of a minute of a day, in the process's time zone. */
static time_t instant_of(int32_t date, int minute)
{
    struct tm civil = {.tm_isdst = -1, .tm_hour = minute / 60, .tm_min = minute % 60};

    date_to_civil(date, &civil.tm_year, &civil.tm_mon, &civil.tm_mday);
    civil.tm_year -= 1900;
    civil.tm_mon -= 1;
    return mktime(&civil);
}

/* Finds the first start of a rule after a moment. */
static bool rule_next(const struct timetable_rule *rule, time_t after, time_t *out)
{
    const int32_t today = clock_day_of(after);

    for (int32_t date = today; rule->days && date < today + DAYS_AHEAD; date++) {
        if (!(rule->days >> date_weekday(date) & 1))
            continue;
        for (int minute = rule->first; minute <= rule->last; minute += rule->every) {
            time_t at = instant_of(date, minute);
            if (at > after) {
                *out = at;
                return true;
            }
        }
    }
    return false;
}

bool schedule_next(const struct timetable *timetable, time_t after, struct due *out)
{
    time_t incremental, full;
    const bool has_incremental = rule_next(&timetable->incremental, after, &incremental);
    const bool has_full = rule_next(&timetable->full, after, &full);

    if (has_full && (!has_incremental || full <= incremental))
        *out = (struct due){.at = full, .mode = MODE_FULL};
    else if (has_incremental)
        *out = (struct due){.at = incremental, .mode = MODE_INCREMENTAL};
    return has_full || has_incremental;
}

static bool wait_until(time_t at, struct error *err)
{
    for (;;) {
        int64_t left = ((int64_t)at - (int64_t)clock_now()) * 1000;
        struct pollfd stop = {.fd = stop_fd(), .events = POLLIN};
        if (!stop_check(err))
            return false;
        if (left <= 0)
            return true;
        poll(&stop, 1, left < CHECK_MS ? (int)left : CHECK_MS);
    }
}

bool schedule_loop(const struct timetable *timetable, void (*run)(enum cycle_mode mode, void *arg),
                   void *arg, struct error *err)
{
    for (;;) {
        char stamp[CLOCK_STAMP_SIZE];
        struct due due;
        if (!schedule_next(timetable, clock_now(), &due))
            return error_set(err, ERROR_CONFIG,
                             "the profile's timetable is empty: nothing would run");
        log_info("schedule.next", log_text("mode", cycle_mode_name(due.mode)),
                 log_text("at", clock_format_zoned(due.at, stamp)));
        if (!wait_until(due.at, err))
            return false;
        run(due.mode, arg);
        if (!stop_check(err))
            return false;
    }
}
