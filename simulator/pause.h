/*
 * Waits for an instant, and ends the wait at once when the server stops.
 *
 * Every wait of the portal (a file in the making, a slow line, a client that hangs) is here, so
 * that the server can end at once.
 */
#ifndef SIMULATOR_PAUSE_H
#define SIMULATOR_PAUSE_H

#include <stdint.h>

#define PAUSE_FOREVER INT64_MAX

struct pause {
    int stop; /* an eventfd, readable after pause_stop */
};

/* Why a wait ended: the instant came, the server stops, the client has gone. */
enum pause_end { PAUSE_OVER, PAUSE_STOPPED, PAUSE_HUNG_UP };

void pause_init(struct pause *pause);
void pause_done(struct pause *pause);

/* Waits until an instant of sim_clock_ns, until the client at the other end of the socket `fd` has
 * gone (-1: there is none), or until a stop. May be called by any number of threads. */
enum pause_end pause_until(const struct pause *pause, int64_t moment, int fd);

void pause_stop(struct pause *pause); /* ends every wait, now and later */

#endif
