/*
 * A window: the unit of export, of transaction, of retry and of the ledger.
 *
 * Neighbouring windows ask for a common day, because portals disagree about whether an end is
 * inclusive. The days that windows own are disjoint: first <= d < first of the next one. Only owned
 * days are written or emptied. The last window owns no day that
 * it did not ask for, and the last one that it did only where the portal is known to include it.
 */
#ifndef MODEL_WINDOW_H
#define MODEL_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct window {
    int32_t first, last;         /* the days asked for, as they are put in the form, inclusive */
    int32_t own_first, own_last; /* the days whose rows this window decides, inclusive */
    bool complete; /* the export holds all rows of those days: absent ones are deleted */
    bool end_open; /* the last day asked for is owned, if the portal turns out to include it */
    /* Decides no day, but the undated rows of a whole cycle, at its end: run/undated_rows.h. */
    bool ends_cycle;
};

/* Returns how many days the window owns. */
static inline size_t window_owned_days(struct window window)
{
    const int64_t days = (int64_t)window.own_last - window.own_first + 1;

    return days > 0 ? (size_t)days : 0;
}

/* All the days that a run asks for, inclusive. A row outside them is foreign; a row inside but not
 * owned by its window is a boundary row. */
struct period {
    int32_t first, last;
};

#endif
