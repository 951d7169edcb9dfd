/* SPDX-License-Identifier: MIT */
/* Slowness, for the time being. */
#include "simulator/fault.h"

#include <errno.h>
#include <time.h>

void fault_init(struct fault *fault, uint32_t delay_ms)
{
    pthread_condattr_t attr;

    *fault = (struct fault){.delay_ms = delay_ms};
    pthread_mutex_init(&fault->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&fault->stopped, &attr);
    pthread_condattr_destroy(&attr);
}

void fault_done(struct fault *fault)
{
    pthread_cond_destroy(&fault->stopped);
    pthread_mutex_destroy(&fault->lock);
}

void fault_set_delay(struct fault *fault, uint32_t delay_ms)
{
    pthread_mutex_lock(&fault->lock);
    fault->delay_ms = delay_ms;
    pthread_mutex_unlock(&fault->lock);
}

void fault_pass(struct fault *fault, enum fault_subject subject)
{
    struct timespec until;

    if (subject != FAULT_EXPORT)
        return;
    clock_gettime(CLOCK_MONOTONIC, &until);
    pthread_mutex_lock(&fault->lock);
    long ns = until.tv_nsec + (long)(fault->delay_ms % 1000) * 1000000L;
    until.tv_sec += (time_t)(fault->delay_ms / 1000) + ns / 1000000000L;
    until.tv_nsec = ns % 1000000000L;
    while (!fault->stop && pthread_cond_timedwait(&fault->stopped, &fault->lock, &until) == 0)
        continue;
    pthread_mutex_unlock(&fault->lock);
}

void fault_stop(struct fault *fault)
{
    pthread_mutex_lock(&fault->lock);
    fault->stop = true;
    pthread_cond_broadcast(&fault->stopped);
    pthread_mutex_unlock(&fault->lock);
}
