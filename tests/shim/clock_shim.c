/* SPDX-License-Identifier: MIT */
/*
 * Sets the clock of a program: preloaded (LD_PRELOAD), its wall clock begins at CLOCK_AT, in
 * seconds since 1970, and goes on from there. Pages and pictures are then the same on every day.
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static time_t ahead; /* of the machine's clock, in seconds */

__attribute__((constructor)) static void set_clock(void)
{
    const char *at = getenv("CLOCK_AT");
    struct timespec now;

    syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    unsetenv("LD_PRELOAD"); /* a browser that the program starts keeps the machine's clock */
    ahead = at ? (time_t)strtoll(at, NULL, 10) - now.tv_sec : 0;
}

int clock_gettime(clockid_t clock, struct timespec *out)
{
    const int result = (int)syscall(SYS_clock_gettime, clock, out);

    if (result == 0 && clock == CLOCK_REALTIME)
        out->tv_sec += ahead;
    return result;
}

time_t time(time_t *out)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    if (out)
        *out = now.tv_sec;
    return now.tv_sec;
}
