/*
 * Records which exports the portal was asked for, for tests to compare with what they expect.
 *
 * Only the last JOURNAL_MAX entries are kept; numbers go on. The caller locks.
 */
#ifndef SIMULATOR_JOURNAL_H
#define SIMULATOR_JOURNAL_H

#include "simulator/fault_spec.h"
#include "simulator/order.h"

enum { JOURNAL_MAX = 8192 };

struct journal_entry {
    struct order order;
    uint64_t session;            /* the serial of the session */
    unsigned status;             /* HTTP status; 0: not answered */
    bool done;                   /* the answer has been sent, or the client has gone */
    char fault[FAULT_SPEC_SIZE]; /* empty: none */
};

struct journal {
    struct journal_entry *entries; /* owned; NULL until the first entry */
    uint64_t count;
    uint32_t running, running_max; /* entries that are not done: now, and the most at one time */
};

void journal_done(struct journal *journal);

/* Adds an entry and returns its number, from 1 on. `fault` may be NULL. */
uint64_t journal_add(struct journal *journal, const struct order *order, uint64_t session,
                     const struct fault *fault);
/* Sets the HTTP status of an entry's answer. */
void journal_status(struct journal *journal, uint64_t number, unsigned status);
/* Marks an entry as done. Does nothing if it is already, or if `number` is 0. */
void journal_end(struct journal *journal, uint64_t number);

/* Finds the last order of the same report before `number` with another period; false: there is
 * none. */
bool journal_before(const struct journal *journal, uint64_t number, struct order *out);

/* Appends the entries as a JSON array. */
void journal_show(const struct journal *journal, struct buf *out);

#endif
