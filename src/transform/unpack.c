/* SPDX-License-Identifier: MIT */
/* Unpacks gzip files with zlib, passes on the CSVs of zip files, and decodes UTF-16. */
#define ZLIB_CONST
#include "transform/unpack.h"

#include "base/content.h"
#include "transform/utf16.h"

#include <string.h>
#include <zlib.h>

enum {
    WINDOW_BITS = 15 + 16, /* zlib's code for the largest window and a gzip header */
    PIECE = 256 * 1024,
    FEED_MAX = 1 << 30, /* zlib counts input in 32 bits */
};

/* The bytes of the file that zlib has not been given yet. */
struct feed {
    const char *at;
    size_t left;
};

static void give_input(z_stream *stream, struct feed *feed)
{
    if (stream->avail_in || !feed->left)
        return;
    const size_t len = feed->left < FEED_MAX ? feed->left : FEED_MAX;
    stream->next_in = (const unsigned char *)feed->at;
    stream->avail_in = (uInt)len;
    feed->at += len;
    feed->left -= len;
}

/* Turns zlib's result into an error. zlib returns Z_BUF_ERROR when it needs input and there is none
 * left. */
static bool report_inflate(const z_stream *stream, int result, struct error *err)
{
    if (result == Z_MEM_ERROR)
        return error_set(err, ERROR_SYSTEM, "no memory to unpack a gzip file");
    if (result == Z_BUF_ERROR)
        return error_set(err, ERROR_DATA,
                         "the gzip file was cut: it ends in the middle; nothing of it is loaded, "
                         "export or copy it again");
    return error_set(err, ERROR_DATA,
                     "the gzip file is damaged (%s); nothing of it is loaded, export or copy it "
                     "again",
                     stream->msg ? stream->msg : "unreadable");
}

/* Unpacks one piece; false if the meter refuses it. */
static bool inflate_piece(z_stream *stream, struct unpack_meter *meter, struct buf *out,
                          int *result, struct error *err)
{
    if (!buf_reserve(out, PIECE))
        return unpack_count(meter, SIZE_MAX / 2, err);
    stream->next_out = (unsigned char *)out->data + out->len;
    stream->avail_out = PIECE;
    *result = inflate(stream, Z_NO_FLUSH);
    const size_t got = PIECE - stream->avail_out;
    out->len += got;
    out->data[out->len] = '\0';
    return unpack_count(meter, got, err);
}

static bool begins_gzip(const z_stream *stream, const struct feed *feed)
{
    const unsigned char *at = stream->avail_in ? stream->next_in : (const unsigned char *)feed->at;

    return stream->avail_in + feed->left >= 2 && at[0] == 0x1F && at[1] == 0x8B;
}

/* Checks the bytes behind the last gzip file, those that zlib was given and the others: they are
 * neighbours in memory. */
static bool check_rest(const z_stream *stream, const struct feed *feed, struct error *err)
{
    return unpack_check_rest(feed->at - stream->avail_in, stream->avail_in + feed->left, err);
}

static bool inflate_all(z_stream *stream, struct feed feed, struct unpack_meter *meter,
                        struct buf *out, struct error *err)
{
    for (;;) {
        int result = Z_OK;
        give_input(stream, &feed);
        if (!inflate_piece(stream, meter, out, &result, err))
            return false;
        if (result == Z_STREAM_END) {
            if (!begins_gzip(stream, &feed))
                return check_rest(stream, &feed, err);
            inflateReset(stream);
        } else if (result != Z_OK) {
            return report_inflate(stream, result, err);
        }
    }
}

/* Adds the unpacked bytes to `out`, whose maximum must be larger than the meter's limit. Several
 * gzip files one behind the other count as one, as for gzip. ERROR_DATA says that the file was cut,
 * is damaged or is too large, and what to do. */
static bool gunzip(const char *data, size_t len, struct unpack_meter *meter, struct buf *out,
                   struct error *err)
{
    z_stream stream = {0};

    if (inflateInit2(&stream, WINDOW_BITS) != Z_OK)
        return error_set(err, ERROR_SYSTEM, "no memory to unpack a gzip file");
    const bool ok = inflate_all(&stream, (struct feed){.at = data, .left = len}, meter, out, err);
    inflateEnd(&stream);
    return ok;
}

/* The buffer holds a little more than the meter allows, so that always the meter refuses. */
enum { BEYOND_METER = 1 << 20 };

static enum packing find_packing(const char *data, size_t len)
{
    switch (content_of(data, len, NULL)) {
    case CONTENT_GZIP:
        return PACKING_GZIP;
    case CONTENT_ZIP:
        return PACKING_ZIP;
    default:
        return PACKING_NONE;
    }
}

bool unpack_open(const char *data, size_t len, struct unpack_limits limits, struct unpack *out,
                 struct error *err)
{
    struct unpack unpack = {
        .packing = find_packing(data, len),
        .data = data,
        .len = len,
        .count = 1,
        .meter = {.limits = limits, .packed = len},
        .bytes = BUF_INIT(limits.bytes + BEYOND_METER),
        .text = BUF_INIT(SIZE_MAX / 4),
    };

    if (unpack.packing == PACKING_ZIP) {
        if (!zip_members_open(data, len, &unpack.members, err))
            return false;
        unpack.count = unpack.members.count;
    }
    *out = unpack;
    return true;
}

const char *unpack_name(const struct unpack *unpack, size_t i)
{
    return unpack->packing == PACKING_ZIP ? unpack->members.list[i].name : "";
}

const char *unpack_left_out(const struct unpack *unpack)
{
    return buf_text(&unpack->members.left_out);
}

static bool fill(struct unpack *unpack, size_t i, struct error *err)
{
    buf_reset(&unpack->bytes);
    const bool ok =
        unpack->packing == PACKING_GZIP
            ? gunzip(unpack->data, unpack->len, &unpack->meter, &unpack->bytes, err)
            : zip_members_read(&unpack->members, i, &unpack->meter, &unpack->bytes, err);
    if (!ok)
        return false;
    const enum packing inner = find_packing(unpack->bytes.data, unpack->bytes.len);
    return inner == PACKING_NONE ||
           error_set(err, ERROR_DATA,
                     "what is packed in it is %s; unpack it and load the CSV, or save it as CSV",
                     inner == PACKING_GZIP ? "a gzip file" : "a zip or spreadsheet file");
}

/* Turns a part in UTF-16 into UTF-8. */
static bool decode(struct unpack *unpack, struct part *part, struct error *err)
{
    size_t mark = 0;
    const enum utf16 order = utf16_find(part->data, part->len, &mark);

    if (order == UTF16_NONE)
        return true;
    buf_reset(&unpack->text);
    if (!utf16_decode(order, part->data + mark, part->len - mark, &unpack->text, err))
        return false;
    *part = (struct part){
        .data = buf_text(&unpack->text), .len = unpack->text.len, .encoding = utf16_name(order)};
    return true;
}

bool unpack_part(struct unpack *unpack, size_t i, struct part *out, struct error *err)
{
    struct part part = {.data = unpack->data, .len = unpack->len};

    if (unpack->packing != PACKING_NONE) {
        if (!fill(unpack, i, err))
            return false;
        part = (struct part){.data = buf_text(&unpack->bytes), .len = unpack->bytes.len};
    }
    if (!decode(unpack, &part, err))
        return false;
    *out = part;
    return true;
}

void unpack_close(struct unpack *unpack)
{
    zip_members_close(&unpack->members);
    buf_done(&unpack->bytes);
    buf_done(&unpack->text);
    *unpack = (struct unpack){0};
}
