/* SPDX-License-Identifier: MIT */
/*
 * PostgreSQL's binary COPY. Any bytes of a server give the same rows and the same refusal, whole
 * and in pieces. Cells that the program writes are read back unchanged.
 *
 * The input is the size of pieces, the number of fields in a row, and the stream. The stream is
 * read once as it is and once after a good header. Its lines are the cells that are written.
 */
#include "base/date.h"
#include "load/postgres/encode.h"
#include "load/postgres/decode.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD = 2, FIELDS_MAX = 32, STREAM_MAX = 64 << 20, EPOCH = 10957 };

static void demand(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

static struct postgres_destination *server(void)
{
    static char name[] = "server";
    static struct postgres_destination dest = {.name = name};

    return &dest;
}

/* Streams */

struct transcript {
    struct buf text;
    size_t fields;
};

static bool add_row(void *arg, const struct cell *fields, struct error *err)
{
    struct transcript *out = arg;

    (void)err;
    for (size_t i = 0; i < out->fields; i++) {
        struct hash128 hash;
        if (!fields[i].text) {
            buf_add_text(&out->text, "NULL,");
            continue;
        }
        buf_addf(&out->text, "%zu:", fields[i].len);
        buf_add(&out->text, fields[i].text, fields[i].len);
        if (copy_field_hash(fields[i], &hash))
            demand(fields[i].len == 16 && (uint8_t)fields[i].text[15] == (uint8_t)hash.low,
                   "a hash has sixteen bytes, the last of them the lowest");
    }
    buf_add_char(&out->text, '\n');
    return true;
}

/* Each piece ends with its block of memory, so that the sanitizer reports reads after its end. */
static void read_stream(const char *bytes, size_t len, size_t piece, struct transcript *out)
{
    struct copy_reader reader;
    struct error err = {0};
    bool ok = true;

    copy_reader_init(&reader, server(), "read", out->fields, add_row, out);
    for (size_t at = 0; ok && at < len; at += piece) {
        const size_t take = len - at < piece ? len - at : piece;
        char *block = malloc(take);
        memcpy(block, bytes + at, take);
        ok = copy_reader_take(&reader, block, take, &err);
        free(block);
    }
    ok = ok && copy_reader_end(&reader, &err);
    demand(ok || (err.kind == ERROR_DATABASE && *err.message), "a refusal says why");
    buf_add_text(&out->text, ok ? "whole" : err.message);
    copy_reader_done(&reader);
}

static void check_stream(const char *bytes, size_t len, size_t piece, size_t fields)
{
    struct transcript whole = {BUF_INIT(STREAM_MAX), fields},
                      pieces = {BUF_INIT(STREAM_MAX), fields};

    read_stream(bytes, len, len, &whole);
    read_stream(bytes, len, piece, &pieces);
    demand(whole.text.len == pieces.text.len &&
               memcmp(buf_text(&whole.text), buf_text(&pieces.text), whole.text.len) == 0,
           "pieces make no difference");
    buf_done(&whole.text);
    buf_done(&pieces.text);
}

/* Cells */

static const enum column_type types[] = {COLUMN_TEXT, COLUMN_DATE, COLUMN_TIME, COLUMN_TIMESTAMP};
enum { TYPES = sizeof(types) / sizeof(*types) };

/* Rows with one hash and the same cell in every type. */
struct written {
    struct buf stream;
    const char *cells; /* one a line */
    size_t len;
};

/* Reads the next line. Returns false after the last one. */
static bool next_cell(struct written *written, struct cell *out)
{
    if (!written->len)
        return false;
    const char *end = memchr(written->cells, '\n', written->len);
    const size_t len = end ? (size_t)(end - written->cells) : written->len;
    *out = (struct cell){.text = written->cells, .len = len};
    written->cells += len + (end != NULL);
    written->len -= len + (end != NULL);
    return true;
}

static struct hash128 hash_of(struct cell cell)
{
    return (struct hash128){.high = cell.len, .low = ~(uint64_t)cell.len << 7};
}

static void write_cells(struct written *written)
{
    struct written at = *written;
    struct cell cell;

    copy_binary_begin(&written->stream);
    while (next_cell(&at, &cell)) {
        copy_binary_begin_row(&written->stream, 1 + TYPES);
        copy_binary_hash(&written->stream, hash_of(cell));
        for (size_t i = 0; i < TYPES; i++) {
            const size_t before = written->stream.len;
            if (copy_binary_cell(&written->stream, types[i], cell))
                continue;
            demand(written->stream.len == before, "nothing is added of a cell that is refused");
            demand(types[i] != COLUMN_TEXT, "any text is one");
            copy_binary_cell(&written->stream, types[i], (struct cell){0});
        }
    }
    copy_binary_end(&written->stream);
    demand(!written->stream.full, "there is room");
}

static void demand_text(struct cell cell, const char *text)
{
    demand(cell.len == strlen(text) && memcmp(cell.text, text, cell.len) == 0,
           "a value reads as it was written");
}

static void add_time(uint64_t micros, char *out, size_t size)
{
    const unsigned seconds = (unsigned)(micros / 1000000);

    demand(micros < UINT64_C(86400000000), "a time is one of a day");
    snprintf(out, size, "%02u:%02u:%02u", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

static void check_value(enum column_type type, struct cell field, struct cell cell)
{
    const uint64_t number = copy_field_number(field);
    char text[64] = "";

    if (type == COLUMN_TEXT) {
        demand(field.len == cell.len && memcmp(field.text, cell.text, cell.len) == 0,
               "a text comes back");
        return;
    }
    if (type == COLUMN_DATE) {
        date_format_iso((int32_t)(uint32_t)number + EPOCH, text);
    } else if (type == COLUMN_TIME) {
        add_time(number, text, sizeof(text));
    } else {
        const int64_t day = INT64_C(86400000000), since_1970 = (int64_t)number + EPOCH * day;
        const int64_t past = (since_1970 % day + day) % day;
        date_format_iso((int32_t)((since_1970 - past) / day), text);
        text[10] = ' ';
        add_time((uint64_t)past, text + 11, sizeof(text) - 11);
    }
    demand_text(cell, text);
}

static bool check_row(void *arg, const struct cell *fields, struct error *err)
{
    struct hash128 hash;
    struct cell cell;

    (void)err;
    demand(next_cell(arg, &cell), "no row is there that was not written");
    demand(copy_field_hash(fields[0], &hash) && hash128_equal(hash, hash_of(cell)),
           "a hash comes back");
    for (size_t i = 0; i < TYPES; i++)
        if (fields[1 + i].text)
            check_value(types[i], fields[1 + i], cell);
    return true;
}

static void check_cells(const char *cells, size_t len, size_t piece)
{
    struct written written = {.stream = BUF_INIT(STREAM_MAX), .cells = cells, .len = len};
    struct copy_reader reader;
    struct error err;

    write_cells(&written);
    copy_reader_init(&reader, server(), "read", 1 + TYPES, check_row, &written);
    const size_t rows = written.stream.len - sizeof(uint16_t); /* without the mark of the end */
    for (size_t at = 0; at < rows; at += piece) {
        const size_t left = rows - at;
        demand(
            copy_reader_take(&reader, written.stream.data + at, left < piece ? left : piece, &err),
            "what is written can be read");
    }
    demand(!written.len, "a row is there when its last byte is");
    demand(!copy_reader_end(&reader, &err), "what has no end is refused");
    demand(copy_reader_take(&reader, written.stream.data + rows, sizeof(uint16_t), &err) &&
               copy_reader_end(&reader, &err),
           "all that was written is there");
    copy_reader_done(&reader);
    buf_done(&written.stream);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BUF_DONE struct buf headed = BUF_INIT(STREAM_MAX);

    if (size < HEAD)
        return 0;
    const char *bytes = (const char *)data + HEAD;
    const size_t len = size - HEAD, piece = 1 + data[0], fields = 1 + data[1] % FIELDS_MAX;
    copy_binary_begin(&headed);
    buf_add(&headed, bytes, len);
    check_stream(bytes, len, piece, fields);
    check_stream(buf_text(&headed), headed.len, piece, fields);
    check_cells(bytes, len, piece);
    return 0;
}
