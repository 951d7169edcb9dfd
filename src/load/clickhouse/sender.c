/* SPDX-License-Identifier: MIT */
/* Sends rows on a thread of its own. */
#include "load/clickhouse/sender.h"

#include "base/mem.h"
#include "base/thread.h"

#include <stdlib.h>
#include <string.h>

static void *send_piece(void *arg)
{
    struct clickhouse_sender *sender = arg;

    sender->ok =
        clickhouse_insert(&sender->ch, sender->purpose, sender->sql, &sender->rows, &sender->err);
    return NULL;
}

static void forget_piece(struct clickhouse_sender *sender)
{
    buf_done(&sender->rows);
    free(sender->sql);
    sender->sql = NULL;
}

bool clickhouse_sender_wait(struct clickhouse_sender *sender, struct error *err)
{
    if (!sender->at_work)
        return true;
    pthread_join(sender->thread, NULL);
    sender->at_work = false;
    forget_piece(sender);
    if (!sender->ok)
        *err = sender->err;
    return sender->ok;
}

bool clickhouse_sender_send(struct clickhouse_sender *sender, const struct clickhouse *like,
                            const char *purpose, const char *sql, struct buf *rows,
                            struct error *err)
{
    if (!clickhouse_sender_wait(sender, err))
        return false;
    if (!sender->ch.easy)
        clickhouse_init_like(&sender->ch, like);
    sender->ch.heed_stop = like->heed_stop;
    sender->purpose = purpose;
    sender->sql = mem_copy(sql);
    sender->rows = *rows;
    *rows = (struct buf){.max = rows->max};
    const int code = thread_start(&sender->thread, send_piece, sender);
    if (code) {
        forget_piece(sender);
        return error_set(err, ERROR_SYSTEM, "no thread to send rows: %s", strerror(code));
    }
    sender->at_work = true;
    return true;
}

void clickhouse_sender_done(struct clickhouse_sender *sender)
{
    struct error ignored; /* of rows that nobody will see */

    clickhouse_sender_wait(sender, &ignored);
    clickhouse_done(&sender->ch);
}
