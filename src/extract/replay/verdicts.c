/* SPDX-License-Identifier: MIT */
/* What is known of requests, under a lock. */
#include "extract/replay/verdicts.h"

#include "base/mem.h"

#include <pthread.h>
#include <stdlib.h>

struct entry {
    struct entry *next;
    const struct report *report;
    struct request request; /* owned */
    enum verdict proof;
};

struct verdicts {
    pthread_mutex_t lock;
    struct entry *entries;
};

struct verdicts *verdicts_new(void)
{
    struct verdicts *proofs = mem_alloc(sizeof(*proofs));

    *proofs = (struct verdicts){.lock = PTHREAD_MUTEX_INITIALIZER};
    return proofs;
}

void verdicts_free(struct verdicts *proofs)
{
    if (!proofs)
        return;
    while (proofs->entries) {
        struct entry *entry = proofs->entries;
        proofs->entries = entry->next;
        request_done(&entry->request);
        free(entry);
    }
    pthread_mutex_destroy(&proofs->lock);
    free(proofs);
}

static struct entry *entry_of(struct verdicts *proofs, const struct report *report,
                              const struct request *request)
{
    struct entry *entry = proofs->entries;

    while (entry && (entry->report != report || !request_is_alike(&entry->request, request)))
        entry = entry->next;
    if (!entry) {
        entry = mem_alloc(sizeof(*entry));
        *entry = (struct entry){.next = proofs->entries, .report = report, .proof = VERDICT_WANTED};
        request_copy(request, &entry->request);
        proofs->entries = entry;
    }
    return entry;
}

enum verdict verdicts_ask(struct verdicts *proofs, const struct report *report,
                          const struct request *request)
{
    pthread_mutex_lock(&proofs->lock);
    struct entry *entry = entry_of(proofs, report, request);
    const enum verdict proof = entry->proof;
    if (proof == VERDICT_WANTED)
        entry->proof = VERDICT_AWAITED;
    pthread_mutex_unlock(&proofs->lock);
    return proof;
}

void verdicts_answer(struct verdicts *proofs, const struct report *report,
                     const struct request *request, enum verdict answer)
{
    pthread_mutex_lock(&proofs->lock);
    entry_of(proofs, report, request)->proof = answer;
    pthread_mutex_unlock(&proofs->lock);
}
