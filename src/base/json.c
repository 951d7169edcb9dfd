/* SPDX-License-Identifier: MIT */
/* Escapes text as JSON strings. */
#include "base/json.h"

#include "base/buf.h"

#include <unistr.h>

static void add_escaped(struct buf *out, char c)
{
    switch (c) {
    case '"':
        buf_add_text(out, "\\\"");
        break;
    case '\\':
        buf_add_text(out, "\\\\");
        break;
    case '\n':
        buf_add_text(out, "\\n");
        break;
    case '\r':
        buf_add_text(out, "\\r");
        break;
    case '\t':
        buf_add_text(out, "\\t");
        break;
    default:
        buf_addf(out, "\\u%04x", (unsigned char)c);
    }
}

void json_add_string(struct buf *out, const char *text, size_t len)
{
    buf_add_char(out, '"');
    for (size_t i = 0; i < len;) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x80) {
            ucs4_t rune;
            int used = u8_mbtouc(&rune, (const uint8_t *)text + i, len - i);
            if (rune == 0xFFFD)
                buf_add_text(out, "\xEF\xBF\xBD");
            else
                buf_add(out, text + i, (size_t)used);
            i += (size_t)used;
            continue;
        }
        if (c < 0x20 || c == '"' || c == '\\' || c == 0x7F)
            add_escaped(out, text[i]);
        else
            buf_add_char(out, text[i]);
        i++;
    }
    buf_add_char(out, '"');
}
