/* SPDX-License-Identifier: MIT */
/* Unpacks gzip files with zlib. */
#define ZLIB_CONST
#include "transform/gunzip.h"

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
static bool report(const z_stream *stream, int result, struct error *err)
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
            return report(stream, result, err);
        }
    }
}

bool gunzip(const char *data, size_t len, struct unpack_meter *meter, struct buf *out,
            struct error *err)
{
    z_stream stream = {0};

    if (inflateInit2(&stream, WINDOW_BITS) != Z_OK)
        return error_set(err, ERROR_SYSTEM, "no memory to unpack a gzip file");
    const bool ok = inflate_all(&stream, (struct feed){.at = data, .left = len}, meter, out, err);
    inflateEnd(&stream);
    return ok;
}
