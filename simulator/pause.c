/* SPDX-License-Identifier: MIT */
/* Waits for the clock, the stop and the client by one poll. */
#include "simulator/pause.h"

#include "simulator/clock.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { NS = 1000000000 };

void pause_init(struct pause *pause)
{
    pause->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (pause->stop < 0)
        abort(); /* there is no descriptor left, and the server has not even begun */
}

void pause_done(struct pause *pause)
{
    close(pause->stop);
    pause->stop = -1;
}

enum pause_end pause_until(const struct pause *pause, int64_t moment, int fd)
{
    struct pollfd ends[] = {{.fd = pause->stop, .events = POLLIN}, {.fd = fd, .events = POLLRDHUP}};

    for (;;) {
        int64_t left = moment == PAUSE_FOREVER ? 1 : moment - sim_clock_ns();
        if (left <= 0)
            return PAUSE_OVER;
        struct timespec limit = {.tv_sec = left / NS, .tv_nsec = left % NS};
        int ready = ppoll(ends, 2, moment == PAUSE_FOREVER ? NULL : &limit, NULL);
        if (ready < 0 && errno != EINTR)
            abort(); /* a mistake of the simulator */
        if (ready > 0)
            return ends[0].revents ? PAUSE_STOPPED : PAUSE_HUNG_UP;
    }
}

void pause_stop(struct pause *pause)
{
    eventfd_write(pause->stop, 1);
}
