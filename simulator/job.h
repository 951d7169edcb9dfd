/*
 * Keeps exports that are queued: the post returns only a number, by which the file is asked for.
 *
 * The table is small; a new job takes the place of the oldest one. Only its own session can fetch
 * the file of a job, more than once if it likes. The caller locks.
 */
#ifndef SIMULATOR_JOB_H
#define SIMULATOR_JOB_H

#include "simulator/fault_spec.h"
#include "simulator/order.h"

enum { JOBS_MAX = 256 };

struct job {
    uint64_t number; /* 0: the place is free */
    uint64_t session;
    uint64_t asked; /* its number in the journal */
    struct order order;
    bool faulty;
    struct fault fault; /* of the file, if faulty */
    int64_t ready_ns;   /* when the file is ready, an instant of sim_clock_ns() */
};

struct job_table {
    struct job jobs[JOBS_MAX];
    uint64_t count;
};

/* Adds a copy of a job and returns its number. */
uint64_t job_add(struct job_table *table, const struct job *job);
/* Returns the job of a session; NULL: there is none of that number. */
const struct job *job_find(const struct job_table *table, uint64_t number, uint64_t session);

#endif
