/*
 * Describes the process that holds a lease, in a text by which another run can find out whether
 * that process is dead.
 *
 *     "web-1, process 4711 (started 90210, boot 3c5a6f1e-…, pid namespace 4026531836)"
 *
 * A process number is unique only within one pid namespace of one boot of one machine, and later
 * another process may get it. Two containers may share a host's name. `started` is in the kernel's
 * clock ticks since boot.
 */
#ifndef RUN_LEASE_HOLDER_H
#define RUN_LEASE_HOLDER_H

#include <stdbool.h>

enum { LEASE_HOLDER_SIZE = 256 };

struct lease_holder {
    char host[72];
    char boot[40], pid_namespace[24]; /* "" where the kernel does not tell */
    long pid;
    unsigned long long started; /* 0: unknown */
};

/* The process that now has a number. */
struct process {
    bool exists;
    unsigned long long started; /* 0: /proc does not show it */
};

/* Writes the text for this process. */
void lease_holder_name(char out[LEASE_HOLDER_SIZE]);

/* Whether the holder of that text is known to be dead, so that nobody need wait until its lease
 * runs out. False for a holder on another machine or in another container, for one that /proc
 * hides, and for a text in another form, as of an older program. */
bool lease_holder_is_dead(const char *holder);

/* Writes the text of a holder (pure). */
void lease_holder_format(const struct lease_holder *holder, char out[LEASE_HOLDER_SIZE]);

/* Reads such a text (pure); false if it is in another form or not complete. */
bool lease_holder_parse(const char *text, struct lease_holder *out);

/* Whether the holder `other` is dead (pure). `here` is the process that asks, `now` the process
 * that it sees under the other one's number. */
bool lease_holder_has_died(const struct lease_holder *other, const struct lease_holder *here,
                           struct process now);

#endif
