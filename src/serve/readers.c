/* SPDX-License-Identifier: MIT */
/* Opens connections when they are needed, and hands them round. */
#include "serve/readers.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "load/destination_open.h"

#include <stdlib.h>

struct readers {
    const char *url;
    pthread_mutex_t lock;
    pthread_cond_t given;
    struct reader readers[READERS_MAX];
    int64_t away_until; /* clock_ms */
    struct error away;  /* why */
    bool stopped;
};

struct readers *readers_new(const char *url)
{
    struct readers *readers = mem_alloc(sizeof(*readers));

    readers->url = url;
    pthread_mutex_init(&readers->lock, NULL);
    thread_condition_init(&readers->given);
    return readers;
}

void readers_stop(struct readers *readers)
{
    pthread_mutex_lock(&readers->lock);
    readers->stopped = true;
    pthread_cond_broadcast(&readers->given);
    pthread_mutex_unlock(&readers->lock);
}

void readers_free(struct readers *readers)
{
    if (!readers)
        return;
    for (size_t i = 0; i < READERS_MAX; i++)
        destination_close(readers->readers[i].dest);
    pthread_cond_destroy(&readers->given);
    pthread_mutex_destroy(&readers->lock);
    free(readers);
}

/* Returns a reader that nobody has, an open one before others. */
static struct reader *free_one(struct readers *readers)
{
    struct reader *found = NULL;

    for (size_t i = 0; i < READERS_MAX; i++) {
        struct reader *reader = &readers->readers[i];
        if (!reader->taken && (!found || (reader->dest && !found->dest)))
            found = reader;
    }
    return found;
}

static bool refuse_busy(struct error *err)
{
    error_set(err, ERROR_DATABASE, "all connections are in use");
    err->retry_after_s = READERS_RETRY_SECONDS;
    return false;
}

/* Waits for a reader and marks it as taken. */
static bool reserve(struct readers *readers, struct reader **out, struct error *err)
{
    const int64_t deadline = clock_ms() + READERS_WAIT_MS;
    const struct timespec at = thread_deadline(deadline);
    struct reader *reader;

    while (!(reader = free_one(readers)) && !readers->stopped && clock_ms() < deadline)
        pthread_cond_timedwait(&readers->given, &readers->lock, &at);
    if (!reader || readers->stopped)
        return refuse_busy(err);
    if (!reader->dest && clock_ms() < readers->away_until) {
        *err = readers->away;
        return false;
    }
    reader->taken = true;
    *out = reader;
    return true;
}

static bool open_reader(const char *url, struct destination **out, struct error *err)
{
    enum destination_state state = DESTINATION_EMPTY;
    struct destination *dest = NULL;

    if (!destination_open_existing(url, DESTINATION_READ, &dest, err))
        return false;
    if (dest && !destination_inspect(dest, NULL, &state, err)) {
        destination_close(dest);
        return false;
    }
    if (state == DESTINATION_READY) {
        *out = dest;
        return true;
    }
    destination_close(dest);
    return error_set(err, ERROR_DATA, "nothing was loaded into the database yet");
}

bool readers_take(struct readers *readers, struct reader **out, struct error *err)
{
    struct reader *reader = NULL;

    pthread_mutex_lock(&readers->lock);
    bool ok = reserve(readers, &reader, err);
    pthread_mutex_unlock(&readers->lock);
    if (!ok)
        return false;
    if (!reader->dest && !open_reader(readers->url, &reader->dest, err)) {
        pthread_mutex_lock(&readers->lock);
        if (err->kind != ERROR_DATA) { /* that is found out again at once */
            readers->away = *err;
            readers->away_until = clock_ms() + READERS_AWAY_MS;
        }
        pthread_mutex_unlock(&readers->lock);
        readers_give(readers, reader, true);
        return false;
    }
    *out = reader;
    return true;
}

void readers_give(struct readers *readers, struct reader *reader, bool broken)
{
    if (broken) {
        destination_close(reader->dest);
        reader->dest = NULL;
        reader->has_layers = false;
    }
    pthread_mutex_lock(&readers->lock);
    reader->taken = false;
    pthread_cond_signal(&readers->given);
    pthread_mutex_unlock(&readers->lock);
}
