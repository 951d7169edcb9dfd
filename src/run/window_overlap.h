/*
 * Compares two neighbouring windows on the day that both ask for, to find a file that was cut. A
 * file that was cut where a row ends looks whole, but the next window's export begins with the day
 * with which this one ends, and there the two differ.
 *
 * Learns from the exports of a run how the portal exports a report: whether it includes the last
 * day, and how its files end. Without that a window that ends early cannot be judged.
 */
#ifndef RUN_WINDOW_OVERLAP_H
#define RUN_WINDOW_OVERLAP_H

#include "load/habits.h"
#include "run/window_prepare.h"

#include <stdatomic.h>
#include <stdbool.h>

/* What the exports of a run have shown: the members of struct habits (load/habits.h). All threads
 * of the run share it, so it is atomic. */
struct portal_habits {
    atomic_bool includes_last_day, leaves_out_last_day, ends_lines, leaves_lines_open,
        hand_ends_lines;
};

/* Begins with what the database knows. */
void portal_habits_init(struct portal_habits *habits, const struct habits *known);
/* Returns what is known by now. */
struct habits portal_habits_now(const struct portal_habits *habits);

/* Learns from the files of a window, unless it failed or comes from the archive. `by_hand`: a
 * person downloaded and perhaps saved them again, so they prove nothing about the portal. */
void portal_habits_learn(struct portal_habits *habits, const struct prepared *prepared,
                         bool by_hand);

/* Whether the files of the report, or those that people load by hand, are known to end with a line
 * end. */
bool portal_habits_end_lines(const struct portal_habits *habits, bool by_hand);

/* Whether `later` begins on the day on which `earlier` ends. */
bool window_overlap_exists(struct window earlier, struct window later);

/*
 * Compares what two prepared windows hold of their common day. If that differs, asks for the
 * earlier window again, and then for the later one. A window keeps its export until another one is
 * there.
 *
 * If no two of these exports agree, or only about fewer rows than a third one had, both windows
 * fail as ERROR_HELD, with the day, its rows, and why asking again failed if it did; after a stop
 * signal as ERROR_STOPPED. But if the earlier export has rows of the day before and none of the
 * common day, and no window of the report ever had rows of its last day, the portal leaves that day
 * out: that is noted in `habits`, logged once and no failure.
 *
 * Nothing is compared if either window has failed, if there is no portal to ask (seconds == 0), or
 * if the guard is not to be asked (accept_shrink). An earlier export without rows of the common day
 * differs from no other if the habits or the profile (end_offset) say that the portal leaves it
 * out.
 *
 * False if the windows failed because the portal refused the login when it was to be asked again: a
 * worker that has a session may ask in place of this one.
 */
bool window_overlap_compare(const struct preparer *preparer, struct portal_habits *habits,
                            struct prepared *earlier, struct prepared *later);

#endif
