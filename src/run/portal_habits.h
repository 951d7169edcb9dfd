/*
 * Learns from the exports of a run how the portal exports a report: whether it includes the last
 * day, and how its files end. All threads of the run share what is learned, so it is atomic.
 */
#ifndef RUN_PORTAL_HABITS_H
#define RUN_PORTAL_HABITS_H

#include "load/habits.h"
#include "run/window_prepare.h"

#include <stdatomic.h>

/* The members of struct habits (load/habits.h). */
struct portal_habits {
    atomic_bool includes_last_day, leaves_out_last_day, ends_lines, leaves_lines_open,
        hand_ends_lines;
};

/* Begins with what the database knows. */
void portal_habits_init(struct portal_habits *habits, const struct habits *known);
/* Returns what is known by now. */
struct habits portal_habits_now(const struct portal_habits *habits);

/* Learns from the files of a window, unless it failed. `by_hand`: a person downloaded and perhaps
 * saved them again, so they prove nothing about the portal. */
void portal_habits_learn(struct portal_habits *habits, const struct prepared *prepared,
                         bool by_hand);

/* Whether the files of the report, or those that people load by hand, are known to end with a line
 * end. */
bool portal_habits_end_lines(const struct portal_habits *habits, bool by_hand);

#endif
