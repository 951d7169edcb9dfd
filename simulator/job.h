/*
 * Exports that are queued: the post only hands in the order, and a number to ask by.
 *
 * The table is small; a new job takes the place of the oldest. A job's file can be fetched more
 * than once, by its own session alone. The caller locks.
 */
#ifndef SIMULATOR_JOB_H
#define SIMULATOR_JOB_H

#include "simulator/fault_spec.h"
#include "simulator/order.h"

enum { JOBS_MAX = 256 };

struct job {
    uint64_t number; /* 0: the place is free */
    uint64_t session;
    uint64_t asked; /* number in the journal */
    struct order order;
    bool faulty;
    struct fault fault; /* of the file, if faulty */
    int64_t ready_ns;   /* when the file has been made */
};

struct job_table {
    struct job jobs[JOBS_MAX];
    uint64_t count;
};

uint64_t job_add(struct job_table *table, const struct job *job); /* returns its number */
const struct job *job_find(const struct job_table *table, uint64_t number,
                           uint64_t session); /* NULL */

#endif
