/*
 * What a run learns of a report's portal, by all its threads at once.
 */
#ifndef RUN_PORTAL_HABITS_H
#define RUN_PORTAL_HABITS_H

#include "load/habits.h"
#include "run/window_prepare.h"

#include <stdatomic.h>

/* As load/habits.h has them. */
struct portal_habits {
    atomic_bool includes_last_day, leaves_out_last_day, ends_lines, leaves_lines_open,
        hand_ends_lines;
};

void portal_habits_init(struct portal_habits *live, const struct habits *known);
struct habits portal_habits_now(const struct portal_habits *live);

/* Learns from the files of a window: the portal's, or somebody's. */
void portal_habits_learn(struct portal_habits *live, const struct prepared *prepared, bool by_hand);

/* Whether such files are known to end with a line end. What people have saved proves nothing about
 * the portal. */
bool portal_habits_end_lines(const struct portal_habits *live, bool by_hand);

#endif
