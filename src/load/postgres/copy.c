/* SPDX-License-Identifier: MIT */
/* Sends and receives COPY data on the non-blocking connection. */
#include "load/postgres/copy.h"

#include <inttypes.h>
#include <poll.h>

enum {
    PIECE = 64 * 1024,           /* sent at once */
    ROW_MAX = 256 * 1024 * 1024, /* a row is far smaller */
};

void copy_in_done(struct copy_in *copy)
{
    buf_done(&copy->row);
}

bool copy_in_start(struct copy_in *out, struct postgres_destination *dest, const char *purpose,
                   const char *sql, struct error *err)
{
    RESULT_CLEAR PGresult *res = postgres_query(dest, purpose, sql, NULL, err);

    if (!res)
        return false;
    *out = (struct copy_in){
        .dest = dest,
        .purpose = purpose,
        .deadline = postgres_deadline(dest),
        .row = BUF_INIT(ROW_MAX),
    };
    return true;
}

static bool refuse_memory(struct copy_in *copy, struct error *err)
{
    return postgres_report_error(copy->dest, copy->purpose, err, "libpq has no memory for a row");
}

/* Gives the rows to libpq. PQputCopyData returns 0 if its buffer is full and cannot grow: then the
 * buffer is sent and the rows are offered once more. If an empty buffer cannot take them either,
 * there is no memory. */
static bool put(struct copy_in *copy, struct error *err)
{
    const int len = (int)copy->row.len;
    int taken = PQputCopyData(copy->dest->conn, copy->row.data, len);

    if (taken == 0) {
        if (!postgres_send(copy->dest, copy->purpose, copy->deadline, err))
            return false;
        taken = PQputCopyData(copy->dest->conn, copy->row.data, len);
    }
    if (taken == 0)
        return refuse_memory(copy, err);
    return taken > 0 || postgres_report_failure(copy->dest, copy->purpose, NULL, err);
}

/* Sends the collected rows and waits until they are sent, because libpq's buffer would otherwise
 * grow without a limit. */
static bool send_piece(struct copy_in *copy, struct error *err)
{
    if (copy->row.len && !put(copy, err))
        return false;
    buf_reset(&copy->row);
    return postgres_send(copy->dest, copy->purpose, copy->deadline, err);
}

bool copy_in_row(struct copy_in *copy, struct error *err)
{
    if (copy->row.full)
        return postgres_report_error(copy->dest, copy->purpose, err, "a row has over %d bytes",
                                     ROW_MAX);
    copy->rows++;
    return copy->row.len < PIECE || send_piece(copy, err);
}

bool copy_in_finish(struct copy_in *copy, struct error *err)
{
    struct postgres_destination *dest = copy->dest;

    if (!send_piece(copy, err))
        return false;
    const int ended = PQputCopyEnd(dest->conn, NULL); /* libpq's buffer is empty and has room */
    if (ended <= 0)
        return ended ? postgres_report_failure(dest, copy->purpose, NULL, err)
                     : refuse_memory(copy, err);
    if (!postgres_send(dest, copy->purpose, copy->deadline, err))
        return false;
    RESULT_CLEAR PGresult *res = postgres_collect(dest, copy->purpose, copy->deadline, err);
    if (!res)
        return false;
    const uint64_t rows = postgres_count_of(res);
    if (rows != copy->rows)
        return postgres_report_error(dest, copy->purpose, err,
                                     "%" PRIu64 " rows were sent and %" PRIu64 " arrived",
                                     copy->rows, rows);
    return true;
}

bool copy_in_all(struct postgres_destination *dest, const char *purpose, const char *sql,
                 const struct buf *rows, uint64_t count, struct error *err)
{
    COPY_IN_DONE struct copy_in copy = {0};

    if (!copy_in_start(&copy, dest, purpose, sql, err))
        return false;
    for (size_t at = 0; at < rows->len; at += PIECE) {
        const size_t left = rows->len - at;
        buf_add(&copy.row, rows->data + at, left < PIECE ? left : PIECE);
        if (!send_piece(&copy, err))
            return false;
    }
    copy.rows = count;
    return copy_in_finish(&copy, err);
}

/* Waits for the next piece, which the caller frees with PQfreemem; *len is 0 after the last one. */
static bool next_piece(struct postgres_destination *dest, const char *purpose, int64_t deadline,
                       char **out, size_t *len, struct error *err)
{
    int got;
    bool alive = true;

    while ((got = PQgetCopyData(dest->conn, out, 1)) == 0) {
        if (!alive)
            return postgres_report_failure(dest, purpose, NULL, err);
        if (!postgres_wait(dest, purpose, POLLIN, deadline, err))
            return false;
        alive = PQconsumeInput(dest->conn);
    }
    if (got < -1)
        return postgres_report_failure(dest, purpose, NULL, err);
    *len = got > 0 ? (size_t)got : 0;
    return true;
}

static bool take_pieces(struct postgres_destination *dest, const char *purpose, int64_t deadline,
                        copy_sink *sink, void *arg, struct error *err)
{
    char *bytes;
    size_t len = 0;

    for (;;) {
        if (!next_piece(dest, purpose, deadline, &bytes, &len, err))
            return false;
        if (!len)
            return true;
        const bool ok = sink(arg, bytes, len, err);
        PQfreemem(bytes);
        if (!ok)
            return false;
    }
}

bool postgres_copy_out(struct postgres_destination *dest, const char *purpose, const char *sql,
                       copy_sink *sink, void *arg, struct error *err)
{
    const int64_t deadline = postgres_deadline(dest);
    RESULT_CLEAR PGresult *started = postgres_query(dest, purpose, sql, NULL, err);

    if (!started || !take_pieces(dest, purpose, deadline, sink, arg, err))
        return false;
    RESULT_CLEAR PGresult *ended = postgres_collect(dest, purpose, deadline, err);
    return ended != NULL;
}
