/*
 * Says how old a report's data is, in working hours, and whether that is too old. Pure functions of
 * the timetable; local times are those of the process's time zone.
 *
 * Nobody expects new data at night or on a Sunday, so only working time counts: on the days of the
 * incremental cycle, the hours between its first and its last start. Where the timetable has no
 * such hours, all time counts.
 */
#ifndef RUN_FRESHNESS_H
#define RUN_FRESHNESS_H

#include "model/timetable.h"

#include <stdint.h>
#include <time.h>

enum freshness {
    FRESH,
    FRESHNESS_LATE,  /* old enough to be told */
    FRESHNESS_STALE, /* too old: `status` exits with EXIT_CODE_STALE */
    FRESHNESS_NEVER, /* nothing was loaded yet: as stale */
};

/* Returns the working time between two moments, in minutes; 0 if `to` is not later. */
int64_t freshness_age(const struct timetable *timetable, time_t from, time_t to);

/* Returns up to when data is there: when it was loaded, if its newest day is that day or the one
 * before, because a portal may leave the present day out; else the end of the day after its newest
 * one, since which a day is missing. */
time_t freshness_since(int32_t newest_day, time_t loaded_at);

/* Judges data that was loaded at `loaded_at` (0: never), by the timetable's limits. A limit that is
 * not set is two (late) or four (stale) times the incremental rule's `every`; where only full
 * cycles run, nine or sixteen days. Without any rule data is never late. */
enum freshness freshness_judge(const struct timetable *timetable, time_t loaded_at, time_t now);

/* Returns "fresh", "late", "stale" or "never loaded". */
const char *freshness_name(enum freshness freshness);

#endif
