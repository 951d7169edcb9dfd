/* SPDX-License-Identifier: MIT */
/* Recognises UTF-16 and turns it into UTF-8; refuses what is not valid. */
#include "transform/utf16.h"

#include "transform/encoding.h"

#include <inttypes.h>
#include <string.h>
#include <unistr.h>

enum {
    /* a first line needs so many characters to prove that the text is UTF-16 */
    UNITS_LEAST = 8,
    UNITS_LOOKED_AT = 1 << 16, /* the most characters of a first line that are checked */
    HEAD = 512,
    SHOWN_MAX = 512,
    CONTEXT = 20,
    CHARACTER_MAX = 3, /* bytes of UTF-8 for one unit; a pair of them makes four */
};

static unsigned unit_at(enum utf16 order, const char *at)
{
    const unsigned first = (unsigned char)at[0], second = (unsigned char)at[1];

    return order == UTF16_LE ? first | second << 8 : first << 8 | second;
}

static bool is_first_line(enum utf16 order, const char *data, size_t len)
{
    size_t units = 0;

    for (size_t at = 0; at + 1 < len && units < UNITS_LOOKED_AT; at += 2, units++) {
        const unsigned unit = unit_at(order, data + at);
        if (unit == '\n' || unit == '\r')
            break;
        if (unit == 0 || unit > 0xFF)
            return false;
    }
    return units >= UNITS_LEAST;
}

enum utf16 utf16_find(const char *data, size_t len, size_t *mark)
{
    *mark = 2;
    if (len >= 2 && memcmp(data, "\xFF\xFE", 2) == 0)
        return UTF16_LE;
    if (len >= 2 && memcmp(data, "\xFE\xFF", 2) == 0)
        return UTF16_BE;
    *mark = 0;
    if (len < 2 || !data[0] == !data[1])
        return UTF16_NONE;
    const enum utf16 order = data[1] ? UTF16_BE : UTF16_LE;
    return is_first_line(order, data, len) ? order : UTF16_NONE;
}

const char *utf16_name(enum utf16 order)
{
    return order == UTF16_LE ? "utf-16le" : "utf-16be";
}

/* Refuses the text; the message shows the valid text before the fault. */
static bool refuse(const struct buf *out, const char *what, struct error *err)
{
    BUF_DONE struct buf shown = BUF_INIT(SHOWN_MAX);
    const size_t from = out->len > CONTEXT ? out->len - CONTEXT : 0;
    uint64_t line = 1;

    for (size_t i = 0; i < out->len; i++)
        line += out->data[i] == '\n';
    encoding_show(&shown, buf_text(out) + from, out->len - from);
    return error_set(err, ERROR_DATA,
                     "line %" PRIu64 ": %s in text that is UTF-16 (behind \"…%s\"); export the "
                     "file again, or save it as UTF-8",
                     line, what, buf_text(&shown));
}

/* Checks that UTF-16 follows the mark, because a mark alone proves nothing. */
static bool check_head(const char *data, size_t len, struct error *err)
{
    if (!len || memchr(data, '\0', len < HEAD ? len : HEAD))
        return true;
    return error_set(err, ERROR_DATA,
                     "the file begins with the byte order mark of UTF-16, but what follows is not "
                     "UTF-16; save it as UTF-8");
}

static const char *fault_of(unsigned unit)
{
    if (unit >= 0xD800 && unit < 0xE000)
        return "half of a character";
    return unit == 0xFFFE ? "bytes in another order" : NULL;
}

/* Returns the character that begins at `at`, with `left` bytes of text from there. *used becomes
 * its length in bytes. */
static ucs4_t character_at(enum utf16 order, const char *at, size_t left, size_t *used)
{
    const unsigned unit = unit_at(order, at);
    const unsigned next = left >= 4 ? unit_at(order, at + 2) : 0;
    const bool is_pair = unit >= 0xD800 && unit < 0xDC00 && next >= 0xDC00 && next < 0xE000;

    *used = is_pair ? 4 : 2;
    return is_pair ? 0x10000 + ((unit & 0x3FFu) << 10 | (next & 0x3FFu)) : unit;
}

bool utf16_decode(enum utf16 order, const char *data, size_t len, struct buf *out,
                  struct error *err)
{
    if (!check_head(data, len, err))
        return false;
    if (!buf_reserve(out, len / 2 * CHARACTER_MAX))
        return error_set(err, ERROR_DATA,
                         "the file is too large for text in UTF-16: %zu bytes; "
                         "export a shorter period",
                         len);
    out->data[out->len] = '\0';
    for (size_t at = 0, used; at + 1 < len; at += used) {
        const ucs4_t rune = character_at(order, data + at, len - at, &used);
        if (rune < 0x80) {
            out->data[out->len++] = (char)rune;
            continue;
        }
        const char *fault = fault_of(rune);
        if (fault)
            return refuse(out, fault, err);
        out->len += (size_t)u8_uctomb((uint8_t *)out->data + out->len, rune, 4);
    }
    out->data[out->len] = '\0';
    return len % 2 == 0 || refuse(out, "half of a character, at the end,", err);
}
