/*
 * Who holds a lease: this machine and this process, in words that another run can check.
 *
 *     "web-1, process 4711 (started 90210, boot 3c5a6f1e-…, pid namespace 4026531836)"
 *
 * A process number means something only within one pid namespace of one boot of one machine; two
 * containers may share a host's name. `started` is in the kernel's clock ticks since boot.
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

/* What is seen of a process number. */
struct process {
    bool exists;
    unsigned long long started; /* 0: it is not shown in /proc */
};

/* Describes this process. */
void lease_holder_name(char out[LEASE_HOLDER_SIZE]);

/* Whether that holder was a process beside us and is no more: then its lease needs not to be
 * waited for. What cannot be compared, such as a holder of another machine or container, one that
 * an older program wrote, or one that /proc hides, is not known to be dead. */
bool lease_holder_is_dead(const char *holder);

/* The parts of it (pure). */
void lease_holder_format(const struct lease_holder *holder, char out[LEASE_HOLDER_SIZE]);
bool lease_holder_parse(const char *text,
                        struct lease_holder *out); /* false: not, or not fully, in that form */

/* `now` is what `here`, a process that looks, sees of the other one's number. */
bool lease_holder_has_died(const struct lease_holder *other, const struct lease_holder *here,
                           struct process now);

#endif
