/* SPDX-License-Identifier: MIT */
/* Turns Windows-1252 and UTF-8 into upper-case UTF-8. */
#include "transform/encoding.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

/* The characters 0x80..0x9F of Windows-1252. The five that it does not define become the control
 * characters of Latin-1, as in browsers: nothing is lost, and a person sees that something is
 * odd. */
static const uint16_t high_controls[32] = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};

/* What one byte becomes. */
struct piece {
    uint8_t len;
    char text[6];
};

static struct piece plain[256], upper[256];
static bool space[256]; /* whether the byte is white space in Windows-1252 */

/* Fills the tables before main: a check in each call would cost more than the tables. */
__attribute__((constructor)) static void fill_tables(void)
{
    for (unsigned byte = 0; byte < 256; byte++) {
        ucs4_t rune = byte >= 0x80 && byte < 0xA0 ? high_controls[byte - 0x80] : byte;
        uint8_t utf8[6], folded[12];
        int len = u8_uctomb(utf8, rune, sizeof(utf8));
        size_t folded_len = sizeof(folded);

        plain[byte].len = (uint8_t)len;
        memcpy(plain[byte].text, utf8, (size_t)len);
        u8_toupper(utf8, (size_t)len, NULL, NULL, folded, &folded_len);
        upper[byte].len = (uint8_t)folded_len;
        memcpy(upper[byte].text, folded, folded_len);
        space[byte] = uc_is_property_white_space(rune) || (byte >= 0x1C && byte <= 0x1F);
    }
}

static void add_pieces(struct buf *out, const struct piece *pieces, const char *text, size_t len)
{
    if (len > SIZE_MAX / 4 || !buf_reserve(out, len * 4))
        return;
    char *to = out->data + out->len;
    for (size_t i = 0; i < len; i++) {
        const struct piece *piece = &pieces[(unsigned char)text[i]];
        memcpy(to, piece->text, 4);
        to += piece->len;
    }
    *to = '\0';
    out->len = (size_t)(to - out->data);
}

void encoding_decode(enum encoding encoding, struct buf *out, const char *text, size_t len)
{
    if (encoding == ENCODING_UTF_8)
        buf_add(out, text, len);
    else
        add_pieces(out, plain, text, len);
}

void encoding_decode_any(struct buf *out, const char *text, size_t len)
{
    while (len) {
        ucs4_t rune;
        const int used = u8_mbtoucr(&rune, (const uint8_t *)text, len);
        const size_t step = used > 0 ? (size_t)used : 1;
        encoding_decode(used > 0 ? ENCODING_UTF_8 : ENCODING_WINDOWS_1252, out, text, step);
        text += step;
        len -= step;
    }
}

void encoding_show(struct buf *out, const char *bytes, size_t len)
{
    enum { SHOWN = 100 };

    encoding_decode_any(out, bytes, len < SHOWN ? len : SHOWN);
    for (size_t i = 0; i < out->len; i++)
        if ((unsigned char)out->data[i] < 0x20)
            out->data[i] = ' ';
}

/* A stretch of a text. */
struct span {
    const char *at, *end;
};

static inline struct span trim_bytes(struct span in)
{
    while (in.at < in.end && space[(unsigned char)*in.at])
        in.at++;
    while (in.at < in.end && space[(unsigned char)in.end[-1]])
        in.end--;
    return in;
}

/* Whether the character is invisible: zero-width blanks, direction marks, byte order marks inside a
 * text. Two keys that look the same must be the same. The soft hyphen stays, because it is a
 * character of Windows-1252 that the Python program kept. */
static bool is_invisible(ucs4_t rune)
{
    return uc_is_general_category(rune, UC_FORMAT) && rune != 0xAD;
}

static bool is_space(ucs4_t rune)
{
    return uc_is_property_white_space(rune) || (rune >= 0x1C && rune <= 0x1F) || is_invisible(rune);
}

/* Whether neither end can be white space, as in most texts. A character of two bytes that begins
 * with C3 is a letter. */
static inline bool is_trimmed_utf8(struct span in)
{
    const unsigned char first = (unsigned char)in.at[0], last = (unsigned char)in.end[-1];

    return ((first > ' ' && first < 0x7F) || first == 0xC3) &&
           ((last > ' ' && last < 0x7F) ||
            (in.end - in.at > 1 && (unsigned char)in.end[-2] == 0xC3));
}

static __attribute__((noinline)) struct span trim_utf8(struct span in)
{
    ucs4_t rune;

    while (in.at < in.end) {
        const int used = u8_mbtouc(&rune, (const uint8_t *)in.at, (size_t)(in.end - in.at));
        if (!is_space(rune))
            break;
        in.at += used;
    }
    while (in.at < in.end) {
        const uint8_t *start = (const uint8_t *)in.at, *end = (const uint8_t *)in.end;
        const uint8_t *before = u8_prev(&rune, end, start);
        if (!before || !is_space(rune))
            break;
        in.end -= end - before;
    }
    return in;
}

/*
 * Folding. ASCII, which is nearly all, is folded eight bytes at a time. Other bytes are folded one
 * at a time, by a table made with libunistring. A text with characters beyond Latin-1 is folded as
 * a whole by libunistring.
 */

#define EACH_BYTE(value) (UINT64_C(0x0101010101010101) * (value))

/* Returns the number of the first byte, in memory order, of which a bit is set. */
static int first_byte(uint64_t bits)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return __builtin_ctzll(bits) / 8;
#else
    return __builtin_clzll(bits) / 8;
#endif
}

/* Returns the upper case of eight ASCII bytes. */
static uint64_t upper_eight(uint64_t bytes)
{
    /* The top bit of each byte tells whether it is past the bound; ASCII leaves it free. */
    const uint64_t from_a = bytes + EACH_BYTE(0x80 - 'a');
    const uint64_t past_z = bytes + EACH_BYTE(0x80 - 'z' - 1);

    return bytes - ((from_a & ~past_z & EACH_BYTE(0x80)) >> 2); /* 0x20 less */
}

static uint64_t load_eight(const char *from)
{
    uint64_t bytes;

    memcpy(&bytes, from, sizeof(bytes));
    return bytes;
}

/* Returns the upper case of the character of Latin-1 that begins at `at` with C2 or C3; NULL if it
 * is another character. */
static const struct piece *upper_latin1(const char *at, const char *end)
{
    const unsigned char lead = (unsigned char)at[0], rest = at + 1 < end ? (unsigned char)at[1] : 0;
    const unsigned rune = (lead & 3u) << 6 | (rest & 0x3Fu);

    if ((lead != 0xC2 && lead != 0xC3) || rune < 0xA0)
        return NULL;
    return &upper[rune];
}

/* Folds from in->at on as far as the table goes, and leaves in->at where it stopped. Returns the
 * place behind what it wrote. */
static inline char *fold_latin(enum encoding encoding, char *to, struct span *in,
                               const char *readable)
{
    const char *at = in->at, *const end = in->end;

    while (at < end) {
        if (readable - at >= 8) {
            const uint64_t bytes = load_eight(at);
            const uint64_t high = bytes & EACH_BYTE(0x80);
            const uint64_t folded = upper_eight(bytes & ~high);
            const ptrdiff_t ascii = high ? first_byte(high) : 8;
            memcpy(to, &folded, sizeof(folded));
            if (ascii >= end - at) {
                to += end - at;
                at = end;
                break;
            }
            to += ascii;
            at += ascii;
            if (!high)
                continue;
        }
        const unsigned char c = (unsigned char)*at;
        const bool wide = c >= 0x80 && encoding == ENCODING_UTF_8;
        const struct piece *piece = wide ? upper_latin1(at, end) : &upper[c];
        if (!piece)
            break;
        memcpy(to, piece->text, 4);
        to += piece->len;
        at += wide ? 2 : 1;
    }
    in->at = at;
    return to;
}

/* Copies valid UTF-8 without invisible characters. Returns how many bytes it copied. */
static size_t copy_visible(uint8_t *to, const uint8_t *text, size_t len)
{
    size_t kept = 0;

    for (size_t at = 0; at < len;) {
        ucs4_t rune;
        const size_t used = (size_t)u8_mbtouc(&rune, text + at, len - at);
        if (!is_invisible(rune)) {
            memcpy(to + kept, text + at, used);
            kept += used;
        }
        at += used;
    }
    return kept;
}

/* Folds the whole text from its beginning: its upper case may depend on characters that were folded
 * already. */
static __attribute__((noinline)) size_t fold_any(char *to, struct span in)
{
    const size_t len = (size_t)(in.end - in.at);
    uint8_t *text = (uint8_t *)to;
    size_t seen = copy_visible(text, (const uint8_t *)in.at, len), folded_len = 0;
    uint8_t *folded = u8_toupper(text, seen, NULL, UNINORM_NFC, NULL, &folded_len);

    if (folded && folded_len <= encoding_fold_room(len)) {
        memcpy(to, folded, folded_len);
        seen = folded_len;
    }
    free(folded);
    return seen;
}

size_t encoding_fold_to(enum encoding encoding, char *to, const char *text, size_t len,
                        const char *readable)
{
    struct span in = {.at = text, .end = text + len};

    if (encoding != ENCODING_UTF_8)
        in = trim_bytes(in);
    else if (len && !is_trimmed_utf8(in))
        in = trim_utf8(in);
    const struct span whole = in;
    const char *end = fold_latin(encoding, to, &in, readable);
    return in.at == in.end ? (size_t)(end - to) : fold_any(to, whole);
}

void encoding_fold(enum encoding encoding, struct buf *out, const char *text, size_t len)
{
    if (len > SIZE_MAX / 8 || !buf_reserve(out, encoding_fold_room(len)))
        return;
    out->len += encoding_fold_to(encoding, out->data + out->len, text, len, text + len);
    out->data[out->len] = '\0';
}
