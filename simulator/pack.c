/* SPDX-License-Identifier: MIT */
/* Writes gzip and zip files. */
#include "simulator/pack.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { RAW = -15, GZIP = 15 + 16, MEMORY = 8 };

static void deflate_to(const char *data, size_t len, int window, struct buf *out)
{
    z_stream stream = {0};
    unsigned char piece[4096];
    int result;

    if (deflateInit2(&stream, 9, Z_DEFLATED, window, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    stream.next_in = (unsigned char *)(uintptr_t)data;
    stream.avail_in = (uInt)len;
    do {
        stream.next_out = piece;
        stream.avail_out = sizeof(piece);
        result = deflate(&stream, Z_FINISH);
        buf_add(out, piece, sizeof(piece) - stream.avail_out);
    } while (result != Z_STREAM_END);
    deflateEnd(&stream);
}

void pack_gzip(const char *data, size_t len, struct buf *out)
{
    deflate_to(data, len, GZIP, out);
}

static void add_number(struct buf *out, uint64_t number, int bytes)
{
    for (int i = 0; i < bytes; i++)
        buf_add_char(out, (char)(number >> (8 * i)));
}

/* Appends the part that the header of a member and its entry in the directory have in common. */
static void add_facts(const struct packed_file *file, size_t packed, struct buf *out)
{
    const uLong crc = crc32(0, (const unsigned char *)file->data, (uInt)file->len);

    add_number(out, 20, 2); /* the version that is needed */
    add_number(out, file->flags, 2);
    add_number(out, file->method, 2);
    add_number(out, 0x5A816000, 4); /* 2025-04-01 12:00 */
    add_number(out, (uint32_t)crc ^ file->spoil, 4);
    add_number(out, (uint32_t)packed, 4);
    add_number(out, (uint32_t)file->len - file->less, 4);
    add_number(out, (uint32_t)strlen(file->name), 2);
    add_number(out, 0, 2);
}

static void add_member(const struct packed_file *file, struct buf *out, struct buf *directory)
{
    BUF_DONE struct buf data = BUF_INIT(1 << 24);
    const size_t offset = out->len;

    if (file->method == PACK_STORED)
        buf_add(&data, file->data, file->len);
    else
        deflate_to(file->data, file->len, RAW, &data);
    buf_add(out, "PK\3\4", 4);
    add_facts(file, data.len, out);
    buf_add_text(out, file->name);
    buf_add(out, data.data, data.len);
    buf_add(directory, "PK\1\2", 4);
    add_number(directory, 20, 2);
    add_facts(file, data.len, directory);
    for (int i = 0; i < 10; i++) /* comment, disk, attributes */
        buf_add_char(directory, 0);
    add_number(directory, (uint32_t)offset, 4);
    buf_add_text(directory, file->name);
}

void pack_zip(const struct packed_file *files, size_t count, struct buf *out)
{
    BUF_DONE struct buf directory = BUF_INIT(1 << 24);

    for (size_t i = 0; i < count; i++)
        add_member(&files[i], out, &directory);
    const size_t offset = out->len;
    buf_add(out, directory.data, directory.len);
    buf_add(out, "PK\5\6\0\0\0\0", 8);
    add_number(out, (uint32_t)count, 2);
    add_number(out, (uint32_t)count, 2);
    add_number(out, (uint32_t)directory.len, 4);
    add_number(out, (uint32_t)offset, 4);
    add_number(out, 0, 2);
}
