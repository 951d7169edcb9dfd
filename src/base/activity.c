/* SPDX-License-Identifier: MIT */
/* Keeps the activity of each thread. */
#include "base/activity.h"

#include <stddef.h>

static _Thread_local struct activity *present;

void activity_use(struct activity *activity)
{
    present = activity;
}

void activity_received(int64_t bytes)
{
    if (present)
        atomic_store_explicit(&present->received, bytes, memory_order_relaxed);
}
