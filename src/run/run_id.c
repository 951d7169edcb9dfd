/* SPDX-License-Identifier: MIT */
/* Names a run by its start and a random number, and reads what the end of a name says. */
#include "run/run_id.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

/* Ids sort by start, to the millisecond; a random number tells runs apart that start at the same
 * time. */
void run_id_make(struct run *run, const char *mode, const char *ending)
{
    struct timespec now;
    struct tm civil;
    uint32_t random_number = 0;

    clock_gettime(CLOCK_REALTIME, &now);
    if (getrandom(&random_number, sizeof(random_number), 0) < 0)
        random_number = (uint32_t)now.tv_nsec;
    run->mode = mode;
    run->started_at = now.tv_sec;
    localtime_r(&now.tv_sec, &civil);
    size_t len = strftime(run->id, sizeof(run->id), "%Y%m%dT%H%M%S", &civil);
    snprintf(run->id + len, sizeof(run->id) - len, ".%03u-%08x%s",
             (unsigned)(now.tv_nsec / 1000000) % 1000U, random_number, ending);
}

static bool ends_with(const char *text, const char *ending)
{
    const size_t len = strlen(text), end = strlen(ending);

    return len > end && strcmp(text + len - end, ending) == 0;
}

bool run_id_is_partial(const char *id)
{
    return strstr(id, RUN_MARK_SHARE) || ends_with(id, RUN_MARK_PART);
}

bool share_name_is_good(const char *name)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    const size_t len = strlen(name);

    return len > 0 && len <= SHARE_NAME_MAX && strspn(name, allowed) == len &&
           !ends_with(name, RUN_MARK_PART);
}
