/* SPDX-License-Identifier: MIT */
/* Keeps a list of requests and their verdicts under a lock. */
#include "extract/replay/verdicts.h"

#include "base/mem.h"

#include <pthread.h>
#include <stdlib.h>

struct entry {
    struct entry *next;
    const struct report *report;
    struct request request; /* owned */
    enum verdict verdict;
};

struct verdicts {
    pthread_mutex_t lock;
    struct entry *entries;
};

struct verdicts *verdicts_new(void)
{
    struct verdicts *verdicts = mem_alloc(sizeof(*verdicts));

    *verdicts = (struct verdicts){.lock = PTHREAD_MUTEX_INITIALIZER};
    return verdicts;
}

void verdicts_free(struct verdicts *verdicts)
{
    if (!verdicts)
        return;
    while (verdicts->entries) {
        struct entry *entry = verdicts->entries;
        verdicts->entries = entry->next;
        request_done(&entry->request);
        free(entry);
    }
    pthread_mutex_destroy(&verdicts->lock);
    free(verdicts);
}

static struct entry *entry_of(struct verdicts *verdicts, const struct report *report,
                              const struct request *request)
{
    struct entry *entry = verdicts->entries;

    while (entry && (entry->report != report || !request_is_alike(&entry->request, request)))
        entry = entry->next;
    if (!entry) {
        entry = mem_alloc(sizeof(*entry));
        *entry =
            (struct entry){.next = verdicts->entries, .report = report, .verdict = VERDICT_WANTED};
        request_copy(request, &entry->request);
        verdicts->entries = entry;
    }
    return entry;
}

enum verdict verdicts_ask(struct verdicts *verdicts, const struct report *report,
                          const struct request *request)
{
    pthread_mutex_lock(&verdicts->lock);
    struct entry *entry = entry_of(verdicts, report, request);
    const enum verdict verdict = entry->verdict;
    if (verdict == VERDICT_WANTED)
        entry->verdict = VERDICT_AWAITED;
    pthread_mutex_unlock(&verdicts->lock);
    return verdict;
}

void verdicts_answer(struct verdicts *verdicts, const struct report *report,
                     const struct request *request, enum verdict answer)
{
    pthread_mutex_lock(&verdicts->lock);
    entry_of(verdicts, report, request)->verdict = answer;
    pthread_mutex_unlock(&verdicts->lock);
}
