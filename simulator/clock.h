/*
 * The one place that asks what time it is, in São Paulo.
 */
#ifndef SIMULATOR_CLOCK_H
#define SIMULATOR_CLOCK_H

#include <stdint.h>

/* The day number there, and the seconds since its midnight if asked for. */
int32_t sim_clock_today(int32_t *seconds);

/* Nanoseconds that only go forward, from some moment on. */
int64_t sim_clock_ns(void);

#endif
