/* SPDX-License-Identifier: MIT */
/* Counts failures in a row; failures at the same time count once. */
#include "run/incidents.h"

#include <stdbool.h>

/* Whether the two have a moment in common. */
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
