/* SPDX-License-Identifier: MIT */
/* Finds the starts of the timetable, decides those that have come, and waits for the next one. */
#include "run/schedule.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "base/reload.h"
#include "base/stop.h"

#include <poll.h>

enum {
    CHECK_MS = 60 * 1000, /* how often the clock is read: it may be set, or the machine may sleep */
    DAYS_AHEAD = 8,       /* a rule that runs at all has a start within a week */
    DAYS_BACK = 31,       /* how far back starts are decided */
    DAY_SECONDS = 24 * 60 * 60,
};

/* Returns how far the zone's clock is ahead of UTC at a moment, in seconds. */
static long offset_at(time_t when)
{
    struct tm civil;

    localtime_r(&when, &civil);
    return civil.tm_gmtoff;
}

time_t schedule_instant(int32_t date, int minute)
{
    const time_t as_utc = (time_t)date * DAY_SECONDS + (time_t)minute * 60;
    const long before = offset_at(as_utc - DAY_SECONDS), after = offset_at(as_utc + DAY_SECONDS);
    const time_t by_before = as_utc - before, by_after = as_utc - after;

    return offset_at(by_before) != before && offset_at(by_after) == after ? by_after : by_before;
}

/* Finds the first start of a rule after a moment. It looks from the day before on, because a start
 * that the day does not have may come on the next day. */
static bool rule_next(const struct timetable_rule *rule, time_t after, time_t *out)
{
    const int32_t today = clock_day_of(after);
    bool found = false;

    for (int32_t date = today - 1; rule->days && date < today + DAYS_AHEAD && !found; date++) {
        if (!(rule->days >> date_weekday(date) & 1))
            continue;
        for (int minute = rule->first; minute <= rule->last; minute += rule->every) {
            const time_t at = schedule_instant(date, minute);
            if (at > after && (!found || at < *out)) {
                *out = at;
                found = true;
            }
        }
    }
    return found;
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

/* Whether the cycle ran at that time and loads all that one of this mode would load. */
static bool covers(struct ran ran, struct due due)
{
    return ran.began && due.at > ran.began && due.at <= ran.ended &&
           (ran.mode == MODE_FULL || due.mode == MODE_INCREMENTAL);
}

static bool is_late(const struct timetable *timetable, struct due due, time_t now)
{
    const int late = due.mode == MODE_FULL ? timetable->full.late : timetable->incremental.late;
    const time_t allowed = late * (time_t)60;

    return now - due.at > (allowed > CHECK_MS / 1000 ? allowed : CHECK_MS / 1000);
}

static void leave_out(struct decision *decision, struct due due, enum left_out why)
{
    if (decision->left_count >= DECISION_LEFT_MAX)
        for (size_t i = 1; i < DECISION_LEFT_MAX; i++)
            decision->left[i - 1] = decision->left[i];
    const size_t at =
        decision->left_count < DECISION_LEFT_MAX ? decision->left_count : DECISION_LEFT_MAX - 1;
    decision->left[at].due = due;
    decision->left[at].why = why;
    decision->left_count++;
}

/* Takes the start as the one to run, unless a full cycle is to run. */
static void choose(struct decision *decision, struct due due)
{
    if (decision->runs && decision->run.mode == MODE_FULL && due.mode != MODE_FULL) {
        leave_out(decision, due, LEFT_OUT_REPLACED);
        return;
    }
    if (decision->runs)
        leave_out(decision, decision->run, LEFT_OUT_REPLACED);
    decision->runs = true;
    decision->run = due;
}

struct decision schedule_decide(const struct timetable *timetable, struct decided decided,
                                struct ran ran, time_t now)
{
    const time_t oldest = now - (time_t)DAYS_BACK * DAY_SECONDS;
    struct decision decision = {0};
    struct due due;
    time_t at = decided.incremental < decided.full ? decided.incremental : decided.full;

    for (at = at < oldest ? oldest : at; schedule_next(timetable, at, &due) && due.at <= now;
         at = due.at) {
        /* Where both modes start at one moment, schedule_next gives the full one, which covers the
         * other. */
        if (due.at <= (due.mode == MODE_FULL ? decided.full : decided.incremental))
            continue;
        if (covers(ran, due))
            leave_out(&decision, due, LEFT_OUT_COVERED);
        else if (is_late(timetable, due, now))
            leave_out(&decision, due, LEFT_OUT_LATE);
        else
            choose(&decision, due);
    }
    return decision;
}

const char *schedule_why(enum left_out why)
{
    static const char *const words[] = {
        [LEFT_OUT_COVERED] = "a cycle was running that loads the same",
        [LEFT_OUT_REPLACED] = "a later start or a full cycle runs in its place",
        [LEFT_OUT_LATE] = "it is too late for it",
    };
    return words[why];
}

static void log_left_out(const struct decision *decision)
{
    const size_t shown =
        decision->left_count < DECISION_LEFT_MAX ? decision->left_count : DECISION_LEFT_MAX;
    char stamp[CLOCK_STAMP_SIZE];

    if (shown < decision->left_count)
        log_warn("schedule.left_out", log_int("earlier", (int64_t)(decision->left_count - shown)),
                 log_text("reason", schedule_why(decision->left[0].why)));
    for (size_t i = 0; i < shown; i++)
        log_warn("schedule.left_out", log_text("mode", cycle_mode_name(decision->left[i].due.mode)),
                 log_text("at", clock_format_zoned(decision->left[i].due.at, stamp)),
                 log_text("reason", schedule_why(decision->left[i].why)));
}

/* Waits until the moment has come, SIGHUP asks to read the configuration again, or the clock was
 * set back, so that another start may come first. */
static bool wait_until(time_t at, struct error *err)
{
    for (time_t last = clock_now();;) {
        const time_t now = clock_now();
        const int64_t left = ((int64_t)at - (int64_t)now) * 1000;
        struct pollfd wakers[] = {{.fd = stop_fd(), .events = POLLIN},
                                  {.fd = reload_fd(), .events = POLLIN}};
        if (!stop_check(err))
            return false;
        if (left <= 0 || now < last)
            return true;
        last = now;
        if (poll(wakers, 2, left < CHECK_MS ? (int)left : CHECK_MS) > 0 && wakers[1].revents)
            return stop_check(err);
    }
}

/* Waits for the next start. */
static bool wait_for_next(const struct timetable *timetable, time_t now, struct error *err)
{
    char stamp[CLOCK_STAMP_SIZE];
    struct due due;

    if (!schedule_next(timetable, now, &due))
        return error_set(err, ERROR_CONFIG, "the profile's timetable is empty: nothing would run");
    log_info("schedule.next", log_text("mode", cycle_mode_name(due.mode)),
             log_text("at", clock_format_zoned(due.at, stamp)));
    return wait_until(due.at, err);
}

bool schedule_loop(const struct schedule *schedule, struct error *err)
{
    struct decided decided = schedule->decided;
    struct ran ran = {0};

    for (;;) {
        const struct timetable *timetable = schedule->timetable(schedule->arg);
        const time_t now = clock_now();
        const struct decision decision = schedule_decide(timetable, decided, ran, now);

        log_left_out(&decision);
        decided = (struct decided){.incremental = now, .full = now};
        ran = (struct ran){0};
        if (decision.runs) {
            schedule->run(decision.run.mode, schedule->arg);
            ran = (struct ran){.began = now, .ended = clock_now(), .mode = decision.run.mode};
            if (!stop_check(err))
                return false;
        } else if (!wait_for_next(timetable, now, err)) {
            return false;
        }
    }
}
