/* SPDX-License-Identifier: MIT */
/* São Paulo is three hours behind UTC all year: Brazil gave up daylight saving time in 2019. */
#include "simulator/clock.h"

#include <stddef.h>
#include <time.h>

enum { SAO_PAULO_OFFSET = -3 * 3600, DAY = 86400 };

int32_t sim_clock_today(int32_t *seconds)
{
    int64_t now = (int64_t)time(NULL) + SAO_PAULO_OFFSET;

    if (seconds)
        *seconds = (int32_t)(now % DAY);
    return (int32_t)(now / DAY);
}

int64_t sim_clock_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
