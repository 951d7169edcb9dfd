/*
 * What goes wrong: the faults that are set, and which of them meets an ask.
 *
 * Every export, every login that is tried and every report page asks here before it is answered.
 * Each fault counts for itself, from when it was set, what it is about (fault_spec.h); of those
 * that apply to one ask, the one set last wins. Chance is drawn from the seed. The caller locks.
 */
#ifndef SIMULATOR_FAULT_H
#define SIMULATOR_FAULT_H

#include "simulator/fault_spec.h"

enum { FAULTS_MAX = 64 };

struct fault_table {
    struct fault faults[FAULTS_MAX];
    size_t count;
    uint64_t seed;
    uint64_t set; /* how many were ever set: the draws of no two are the same */
};

struct fault_ask {
    enum fault_subject subject;
    enum report_kind report; /* of an export, */
    int32_t first;           /* and its first day */
};

bool fault_add(struct fault_table *table, const char *spec, struct error *err);
void fault_clear(struct fault_table *table);

/* Counts the ask. True: `out` is the fault that applies. */
bool fault_pick(struct fault_table *table, const struct fault_ask *ask, struct fault *out);

void fault_show(const struct fault_table *table, struct buf *out); /* as a JSON array */

#endif
