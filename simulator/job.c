/* SPDX-License-Identifier: MIT */
/* Keeps jobs in a ring. */
#include "simulator/job.h"

#include <stddef.h>

uint64_t job_add(struct job_table *table, const struct job *job)
{
    struct job *place = &table->jobs[++table->count % JOBS_MAX];

    *place = *job;
    place->number = table->count;
    return place->number;
}

const struct job *job_find(const struct job_table *table, uint64_t number, uint64_t session)
{
    const struct job *place = &table->jobs[number % JOBS_MAX];

    return number && place->number == number && place->session == session ? place : NULL;
}
