/*
 * Waiting that a stop ends.
 *
 * Whatever the portal waits for (a file in the making, a slow line, a client that hangs) it waits
 * for here, so that the server can end at once.
 */
#ifndef SIMULATOR_PAUSE_H
#define SIMULATOR_PAUSE_H

#include <stdint.h>

#define PAUSE_FOREVER INT64_MAX

struct pause {
    int stop; /* an eventfd, readable from pause_stop on */
};

enum pause_end { PAUSE_OVER, PAUSE_STOPPED, PAUSE_HUNG_UP };

void pause_init(struct pause *pause);
void pause_done(struct pause *pause);

/* Until a moment of sim_clock_ns, or until the client at the other end of socket `fd` (-1: no
 * matter) has gone, or a stop. Any number of threads. */
enum pause_end pause_until(const struct pause *pause, int64_t moment, int fd);

void pause_stop(struct pause *pause); /* ends every pause, now and later */

#endif
