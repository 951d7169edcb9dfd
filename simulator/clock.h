/*
 * Reads the time in São Paulo; nothing else in the simulator asks for it.
 */
#ifndef SIMULATOR_CLOCK_H
#define SIMULATOR_CLOCK_H

#include <stdint.h>

/* Returns today's day number in São Paulo; *seconds, if not NULL, becomes the seconds since
 * midnight. */
int32_t sim_clock_today(int32_t *seconds);

/* Returns the nanoseconds of a clock that only goes forward. */
int64_t sim_clock_ns(void);

#endif
