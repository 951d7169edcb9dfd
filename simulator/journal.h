/*
 * What the portal was asked for: one entry an export, for tests to compare with what they expect.
 *
 * Only the last JOURNAL_MAX are kept; numbers go on. The caller locks.
 */
#ifndef SIMULATOR_JOURNAL_H
#define SIMULATOR_JOURNAL_H

#include "simulator/fault_spec.h"
#include "simulator/order.h"

enum { JOURNAL_MAX = 8192 };

struct journal_entry {
    struct order order;
    uint64_t session;            /* its serial */
    unsigned status;             /* HTTP; 0: not answered (yet) */
    bool done;                   /* all that was to be sent is sent, or the client is gone */
    char fault[FAULT_SPEC_SIZE]; /* empty: none */
};

struct journal {
    struct journal_entry *entries; /* NULL until the first */
    uint64_t count;
    uint32_t running, running_max; /* not done: now, and at most */
};

void journal_done(struct journal *journal);

/* Returns the entry's number, from 1 on. `fault` may be NULL. */
uint64_t journal_add(struct journal *journal, const struct order *order, uint64_t session,
                     const struct fault *fault);
void journal_status(struct journal *journal, uint64_t number, unsigned status);
void journal_end(struct journal *journal, uint64_t number); /* 0: nothing; twice is once */

/* The order of the same report before `number`; false: there is none. */
bool journal_before(const struct journal *journal, uint64_t number, struct order *out);

void journal_show(const struct journal *journal, struct buf *out); /* as a JSON array */

#endif
