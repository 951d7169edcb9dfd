/* SPDX-License-Identifier: MIT */
/* Decodes the text of a rejected record. */
#include "transform/reject_text.h"

#include "model/batch.h"
#include "transform/encoding.h"

#include <string.h>

enum { RAW_KEPT = REJECT_RAW_MAX / 4 }; /* bytes of the file; one byte may become four */

/* Returns how many bytes of the record are kept; the cut is never within a character of UTF-8. */
static size_t kept_length(const char *raw, size_t len)
{
    enum { CHARACTER_MAX = 4 };

    if (len <= RAW_KEPT)
        return len;
    len = RAW_KEPT;
    for (int i = 0; i < CHARACTER_MAX && ((unsigned char)raw[len] & 0xC0) == 0x80; i++)
        len--;
    return len;
}

void reject_text(enum charset charset, const char *raw, size_t len, struct buf *out)
{
    const char *at = raw, *end = raw + kept_length(raw, len);

    for (;;) {
        const char *nul = memchr(at, '\0', (size_t)(end - at));
        const size_t part = (size_t)((nul ? nul : end) - at);
        if (charset == CHARSET_WINDOWS_1252)
            encoding_decode(ENCODING_WINDOWS_1252, out, at, part);
        else
            encoding_decode_any(out, at, part);
        if (!nul)
            break;
        buf_add_text(out, "␀");
        at = nul + 1;
    }
}
