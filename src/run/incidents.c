/* SPDX-License-Identifier: MIT */
/* Counts failures that have nothing to do with each other. */
#include "run/incidents.h"

#include <stdbool.h>

static bool overlap(struct incident one, struct incident other)
{
    return one.began_ms < other.ended_ms && other.began_ms < one.ended_ms;
}

void incidents_add(struct incidents *incidents, struct incident failure)
{
    for (size_t i = 0; i < incidents->count; i++)
        if (overlap(incidents->items[i], failure))
            return;
    if (incidents->count < INCIDENTS_MAX)
        incidents->items[incidents->count++] = failure;
}

void incidents_reset(struct incidents *incidents)
{
    *incidents = (struct incidents){0};
}
