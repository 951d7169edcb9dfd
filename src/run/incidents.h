/*
 * How often in a row something went wrong (pure). Of several windows that are exported at a time
 * each fails when the portal is gone: what failed while something that was counted failed too is
 * the same incident.
 */
#ifndef RUN_INCIDENTS_H
#define RUN_INCIDENTS_H

#include <stddef.h>
#include <stdint.h>

enum { INCIDENTS_MAX = 8 }; /* more are not told apart */

/* Work that failed, from its beginning to its failure (clock_ms). */
struct incident {
    int64_t began_ms, ended_ms;
};

/* Zeroed: there was none. */
struct incidents {
    struct incident items[INCIDENTS_MAX]; /* each the failure that was counted */
    size_t count;
};

/* Counts a failure, unless its work overlapped in time with that of one that was counted: one that
 * begins when another ends does not. */
void incidents_add(struct incidents *incidents, struct incident failure);

/* Something went well: those before are over. */
void incidents_reset(struct incidents *incidents);

#endif
