/* SPDX-License-Identifier: MIT */
/* Counts the bytes that come out of packed files, and refuses too many. */
#include "transform/unpack_limits.h"

#include "base/buf.h"
#include "transform/encoding.h"

#include <inttypes.h>
#include <string.h>

enum { SHOWN_MAX = 512 };

bool unpack_count(struct unpack_meter *meter, size_t more, struct error *err)
{
    const struct unpack_limits *limits = &meter->limits;

    meter->unpacked += more;
    const bool is_bomb =
        meter->unpacked > limits->small && meter->unpacked / limits->ratio > meter->packed;
    if (meter->unpacked <= limits->bytes && !is_bomb)
        return true;
    return error_set(err, ERROR_DATA,
                     "%" PRIu64 " packed bytes unpack to more than %s: at most %" PRIu64
                     " MiB, and %" PRIu64
                     " times the packed size, are unpacked here; if this is an "
                     "export, unpack it and load the CSV, or export a shorter period",
                     meter->packed, is_bomb ? "an export's ever did" : "is held in memory",
                     limits->bytes >> 20, limits->ratio);
}

bool unpack_check_rest(const char *rest, size_t len, struct error *err)
{
    BUF_DONE struct buf shown = BUF_INIT(SHOWN_MAX);
    size_t at = 0;

    while (at < len && (rest[at] == '\0' || strchr(" \t\r\n\x1A", rest[at])))
        at++;
    if (at == len)
        return true;
    encoding_show(&shown, rest + at, len - at);
    return error_set(err, ERROR_DATA,
                     "%zu bytes stand behind the end of what is packed (\"%s\"): export it again, "
                     "or unpack it and look whether it is whole",
                     len, buf_text(&shown));
}
