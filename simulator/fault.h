/*
 * Keeps the faults that are set, and decides which of them applies to a request.
 *
 * Every export, every login that is tried and every report page asks here before it is answered.
 * Each fault counts the requests that it is about (fault_spec.h), from when it was set. If several
 * apply to one request, the one that was set last is taken. Chance is drawn from the seed. The
 * caller locks.
 */
#ifndef SIMULATOR_FAULT_H
#define SIMULATOR_FAULT_H

#include "simulator/fault_spec.h"

enum { FAULTS_MAX = 64 };

struct fault_table {
    struct fault faults[FAULTS_MAX];
    size_t count;
    uint64_t seed;
    uint64_t set; /* number of faults ever set, so that no two have the same draws */
};

struct fault_ask {
    enum fault_subject subject;
    enum report_kind report; /* FAULT_OF_EXPORT: its report */
    int32_t first;           /* FAULT_OF_EXPORT: its first day */
};

/* Adds a fault. Fails with ERROR_CONFIG as fault_parse, or if there are FAULTS_MAX. */
bool fault_add(struct fault_table *table, const char *spec, struct error *err);
void fault_clear(struct fault_table *table);

/* Counts the request. True: *out is a copy of the fault that applies. */
bool fault_pick(struct fault_table *table, const struct fault_ask *ask, struct fault *out);

/* Appends the faults as a JSON array. */
void fault_show(const struct fault_table *table, struct buf *out);

#endif
