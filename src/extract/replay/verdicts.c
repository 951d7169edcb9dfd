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
    enum proof proof;
};

struct proofs {
    pthread_mutex_t lock;
    struct entry *entries;
};

struct proofs *proofs_new(void)
{
    struct proofs *proofs = mem_alloc(sizeof(*proofs));

    *proofs = (struct proofs){.lock = PTHREAD_MUTEX_INITIALIZER};
    return proofs;
}

void proofs_free(struct proofs *proofs)
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

static struct entry *entry_of(struct proofs *proofs, const struct report *report,
                              const struct request *request)
{
    struct entry *entry = proofs->entries;

    while (entry && (entry->report != report || !request_is_alike(&entry->request, request)))
        entry = entry->next;
    if (!entry) {
        entry = mem_alloc(sizeof(*entry));
        *entry = (struct entry){.next = proofs->entries, .report = report, .proof = PROOF_WANTED};
        request_copy(request, &entry->request);
        proofs->entries = entry;
    }
    return entry;
}

enum proof proofs_ask(struct proofs *proofs, const struct report *report,
                      const struct request *request)
{
    pthread_mutex_lock(&proofs->lock);
    struct entry *entry = entry_of(proofs, report, request);
    const enum proof proof = entry->proof;
    if (proof == PROOF_WANTED)
        entry->proof = PROOF_AWAITED;
    pthread_mutex_unlock(&proofs->lock);
    return proof;
}

void proofs_answer(struct proofs *proofs, const struct report *report,
                   const struct request *request, enum proof answer)
{
    pthread_mutex_lock(&proofs->lock);
    entry_of(proofs, report, request)->proof = answer;
    pthread_mutex_unlock(&proofs->lock);
}
