/*
 * Sends rows on a connection and a thread of its own, while the window goes on: of what is sent to
 * write a window the rows take the longest, and nothing but the commit has to come after them.
 */
#ifndef LOAD_CLICKHOUSE_SENDER_H
#define LOAD_CLICKHOUSE_SENDER_H

#include "base/buf.h"
#include "load/clickhouse/client.h"

#include <pthread.h>
#include <stdbool.h>

/* Zeroed: nothing was sent yet. One piece is on its way at a time. */
struct clickhouse_sender {
    struct clickhouse ch; /* connected when the first piece is sent */
    pthread_t thread;
    bool at_work; /* the thread is to be joined */
    /* the piece on its way */
    const char *purpose; /* borrowed */
    char *sql;
    struct buf rows;
    struct error err;
    bool ok; /* it has arrived */
};

/* Waits for the piece before, and sends one: an INSERT and its rows, which it takes over. `like` is
 * the window's connection. Fails as the piece before did; ERROR_SYSTEM if there is no thread. */
bool clickhouse_sender_send(struct clickhouse_sender *sender, const struct clickhouse *like,
                            const char *purpose, const char *sql, struct buf *rows,
                            struct error *err);

/* Waits until the last piece has arrived, and fails as it did. */
bool clickhouse_sender_wait(struct clickhouse_sender *sender, struct error *err);

/* Waits, too. Accepts a zeroed one, and leaves one. */
void clickhouse_sender_done(struct clickhouse_sender *sender);

#endif
