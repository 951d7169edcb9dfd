/*
 * Counts failures in a row; failures at the same time count once (pure). When the portal cannot be
 * reached, all windows that are being exported fail together: that is one incident.
 */
#ifndef RUN_INCIDENTS_H
#define RUN_INCIDENTS_H

#include <stddef.h>
#include <stdint.h>

enum { INCIDENTS_MAX = 8 }; /* more are not counted */

/* The time in which work failed, from its beginning to its failure (clock_ms). */
struct incident {
    int64_t began_ms, ended_ms;
};

/* The failures in a row; zeroed: there was none. */
struct incidents {
    struct incident items[INCIDENTS_MAX];
    size_t count;
};

/* Counts a failure, unless it overlaps in time with one that was counted. A failure that begins at
 * the moment at which another one ends does not overlap with it. */
void incidents_add(struct incidents *incidents, struct incident failure);

/* Begins anew after a success. */
void incidents_reset(struct incidents *incidents);

#endif
