/*
 * The day that two neighbouring windows both ask for, as a checksum: a file that was cut where a
 * row ends looks whole, but the end of one export is the beginning of the next, and there the two
 * differ.
 */
#ifndef RUN_WINDOW_OVERLAP_H
#define RUN_WINDOW_OVERLAP_H

#include "run/portal_habits.h"
#include "run/window_prepare.h"

#include <stdbool.h>

/* Whether `later` begins on the day on which `earlier` ends. */
bool window_overlap_exists(struct window earlier, struct window later);

/*
 * Compares what two windows that are ready hold of their common day. If they differ, the earlier
 * one is asked for again, and then the later one; what a window has is kept until another export of
 * it is there. If no two of these exports agree, or only about fewer rows than a third one has
 * shown, both windows end as ERROR_HELD, naming the day and its rows, and why asking again failed
 * if it did; after a stop signal as ERROR_STOPPED. But where the earlier one goes up to the day
 * before, and no window of the report ever had rows of its last day, the portal leaves that day
 * out: this is logged once and no fault.
 *
 * Nothing is compared if either has failed, if there is nobody to ask (seconds == 0), or if what is
 * odd is to be loaded (accept_shrink); nor the empty end of a report whose profile says that the
 * end is exclusive.
 *
 * False if the windows are held because the portal let us in no more when it was to be asked again:
 * somebody with a session may ask it in our place.
 */
bool window_overlap_compare(const struct preparer *preparer, struct portal_habits *known,
                            struct prepared *earlier, struct prepared *later);

#endif
