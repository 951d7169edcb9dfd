/*
 * Compares two neighbouring windows on the day that both ask for, to find a file that was cut. A
 * file that was cut where a row ends looks whole, but the next window's export begins with the day
 * with which this one ends, and there the two differ.
 */
#ifndef RUN_WINDOW_OVERLAP_H
#define RUN_WINDOW_OVERLAP_H

#include "run/portal_habits.h"
#include "run/window_prepare.h"

#include <stdbool.h>

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
