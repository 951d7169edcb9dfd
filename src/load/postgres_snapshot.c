/* SPDX-License-Identifier: MIT */
/* What the table holds in a window, by COPY in its binary form: .11 s for 200,000 rows, where its
 * text form takes .26. */
#include "load/postgres_internal.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/*
 * The stream: a header of 19 bytes and as many more as its last four say, then tuples, then a count
 * of -1. A tuple is its count of fields, and each field its length before its bytes. Ours are all
 * alike: key, fingerprint, day, which may be NULL: of length -1.
 */
enum {
    HEADER_SIZE = 19,
    UNDATED_SIZE = 2 + 4 + 16 + 4 + 16 + 4,
    TUPLE_SIZE = UNDATED_SIZE + 4,
    EPOCH = 10957,            /* PostgreSQL counts days from 2000-01-01 */
    STREAM_MAX = 1024 * 1024, /* of what is not yet a whole tuple: a message of the server's */
};

struct reader {
    struct postgres_destination *dest;
    const char *purpose;
    struct snapshot *out;
    struct buf bytes;
    bool begun, ended;
};

static uint64_t number_at(const char *bytes, size_t size)
{
    uint64_t number = 0;

    for (size_t i = 0; i < size; i++)
        number = number << 8 | (unsigned char)bytes[i];
    return number;
}

static struct hash128 hash_at(const char *bytes)
{
    return (struct hash128){.high = number_at(bytes, 8), .low = number_at(bytes + 8, 8)};
}

static bool take_header(struct reader *reader, struct error *err)
{
    static const char signature[11] = "PGCOPY\n\377\r\n";
    const struct buf *bytes = &reader->bytes;

    if (bytes->len < HEADER_SIZE)
        return true;
    const size_t size = HEADER_SIZE + number_at(bytes->data + HEADER_SIZE - 4, 4);
    if (memcmp(bytes->data, signature, sizeof(signature)) != 0 || size > STREAM_MAX)
        return postgres_refuse(reader->dest, reader->purpose, err, "this is no binary COPY");
    if (bytes->len < size)
        return true;
    buf_drop_front(&reader->bytes, size);
    reader->begun = true;
    return true;
}

/* *size: of the tuple. */
static bool take_tuple(struct reader *reader, const char *tuple, size_t *size, struct error *err)
{
    const uint64_t day_len = number_at(tuple + 42, 4);
    const bool undated = day_len == UINT32_MAX;

    if (number_at(tuple, 2) != 3 || number_at(tuple + 2, 4) != 16 ||
        number_at(tuple + 22, 4) != 16 || (!undated && day_len != 4))
        return postgres_refuse(reader->dest, reader->purpose, err,
                               "a row of %s has a " COLUMN_ROW_KEY " or " COLUMN_ROW_HASH
                               " that etl-sigos did not write",
                               reader->dest->base.report->name);
    *size = undated ? UNDATED_SIZE : TUPLE_SIZE;
    snapshot_add(reader->out, (struct held_row){
                                  .key = hash_at(tuple + 6),
                                  .fingerprint = hash_at(tuple + 26),
                                  .date = undated ? 0 : (int32_t)number_at(tuple + 46, 4) + EPOCH,
                                  .undated = undated,
                              });
    return true;
}

/* Whether the tuple is there to its end. One that is not ours may be shorter than ours are; what of
 * it is there already tells. */
static bool is_whole(const char *tuple, size_t len)
{
    const bool ours = len < 26 || (number_at(tuple, 2) == 3 && number_at(tuple + 2, 4) == 16 &&
                                   number_at(tuple + 22, 4) == 16);

    if (!ours || len >= TUPLE_SIZE)
        return true;
    return len >= UNDATED_SIZE && number_at(tuple + 42, 4) == UINT32_MAX;
}

static bool take_bytes(void *arg, const char *bytes, size_t len, struct error *err)
{
    struct reader *reader = arg;
    size_t at = 0, size = 0;

    buf_add(&reader->bytes, bytes, len);
    if (reader->bytes.full)
        return postgres_refuse(reader->dest, reader->purpose, err, "a row has over %d bytes",
                               STREAM_MAX);
    if (!reader->begun && !take_header(reader, err))
        return false;
    if (!reader->begun)
        return true;
    const char *data = buf_text(&reader->bytes);
    while (!reader->ended && reader->bytes.len - at >= 2) {
        const size_t left = reader->bytes.len - at;
        reader->ended = number_at(data + at, 2) == 0xFFFF;
        if (reader->ended || !is_whole(data + at, left))
            break;
        if (!take_tuple(reader, data + at, &size, err))
            return false;
        at += size;
    }
    buf_drop_front(&reader->bytes, at);
    return true;
}

static bool read_rows(struct postgres_destination *dest, struct snapshot *out, struct error *err)
{
    MEM_FREE_TEXT char *sql = postgres_sql_snapshot(dest->base.report, dest->base.window);
    struct reader reader = {
        .dest = dest, .purpose = "read a window", .out = out, .bytes = BUF_INIT(STREAM_MAX)};

    bool ok = postgres_copy_out(dest, reader.purpose, sql, take_bytes, &reader, err);
    if (ok && !reader.ended)
        ok = postgres_refuse(dest, reader.purpose, err, "the answer has no end");
    buf_done(&reader.bytes);
    return ok;
}

bool postgres_count_strangers(struct postgres_destination *dest, size_t *out, struct error *err)
{
    if (!dest->may_hold_strangers) {
        *out = 0;
        return true;
    }
    MEM_FREE_TEXT char *sql = postgres_sql_count_strangers(dest->base.report, dest->base.window);
    RESULT_CLEAR PGresult *res =
        postgres_query(dest, "count the rows of another program", sql, NULL, err);

    if (res)
        *out = strtoull(PQgetvalue(res, 0, 0), NULL, 10);
    return res != NULL;
}

bool postgres_snapshot(struct destination *base, struct snapshot *out, struct error *err)
{
    struct postgres_destination *dest = postgres_of(base);
    const size_t count = out->count, dated = out->dated;
    size_t strangers;

    if (read_rows(dest, out, err) && postgres_count_strangers(dest, &strangers, err)) {
        out->strangers +=
            base->window.complete ? strangers : 0; /* else they stay: nothing to judge */
        return true;
    }
    out->count = count;
    out->dated = dated;
    return false;
}
