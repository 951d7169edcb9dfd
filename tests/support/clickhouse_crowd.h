/*
 * Readers that ask ClickHouse without pause, each in a process of its own and each another kind of
 * question, beside a writer of click_version (below). What they and the writer tell is in memory
 * that all share.
 */
#ifndef TESTS_SUPPORT_CLICKHOUSE_CROWD_H
#define TESTS_SUPPORT_CLICKHOUSE_CROWD_H

#include "load/clickhouse/connect.h"
#include "tests/support/destination_fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

enum crowd_kind {
    CROWD_SUMS,    /* counts and sums over all rows: one version, no key twice, none missing */
    CROWD_KEYS,    /* two keys: each once, and of one version */
    CROWD_CHANGES, /* the change log: all of a window's changes or none */
    CROWD_LEDGER,  /* what the ledger says is loaded is readable, and the other way round */
    CROWD_KINDS,
};

enum { CROWD_ROWS = 20, CROWD_HALF = CROWD_ROWS / 2 };

/* Where the writer is, for whoever kills it. */
enum crowd_phase {
    CROWD_BEGINS,
    CROWD_APPLIES,
    CROWD_WAITS,
    CROWD_COMMITS,
    CROWD_COMPACTS,
    CROWD_PHASES
};

struct crowd {
    pthread_rwlock_t server; /* the one who kills a server has it until the server is up again */
    atomic_int server_kills; /* so many have begun */
    atomic_bool over;        /* readers end after their next answer */
    atomic_ulong answers[CROWD_KINDS], wrong[CROWD_KINDS];
    atomic_ulong errors;     /* queries without an answer, because a server was killed */
    atomic_ulong unexpected; /* the same, without a reason */
    atomic_flag told;        /* somebody has written words */
    char words[512];         /* of the first wrong answer or unexpected error */
    atomic_int phase;        /* of the writer */
    atomic_int compactions;  /* that were done */
    atomic_int killed_in;    /* the last window in which a kill was planned: once in each */
    pid_t readers[CROWD_KINDS];
};

/* Starts the readers; each has had an answer when this returns. The table has a version. */
struct crowd *crowd_start(void);
/* Ends them. The memory stays, until crowd_done. */
void crowd_stop(struct crowd *crowd);
void crowd_done(struct crowd *crowd);

/* Notes what went wrong, if nobody has done so before. */
void crowd_tell(struct crowd *crowd, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Makes `work` a window that brings all rows to that version: updates, and in each third window
 * half of the rows are deleted and others inserted, in the change log, too. Version 0 are inserts;
 * *entry is the window's, and says the version as the rows of its file. */
void crowd_version(int version, struct work *work, struct ledger_entry *entry);

#endif
