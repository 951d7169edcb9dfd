/* SPDX-License-Identifier: MIT */
/* Windows-1252 and UTF-8 to upper-case UTF-8. */
#include "transform/encoding.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

/* What 0x80..0x9F are in Windows-1252. Its five holes stay the control characters of Latin-1, as
 * browsers read them: nothing is lost, and a person can see that something odd came. */
static const uint16_t high_controls[32] = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};

/* What one byte becomes: up to three bytes of UTF-8. */
struct piece {
    uint8_t len;
    char text[6];
};

static struct piece plain[256], upper[256];
static bool space[256]; /* at the ends of a text, in Windows-1252 */

/* Before main: asking for each text whether it was done costs more than doing it. */
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

static bool has_prefix(const char *bytes, size_t len, const char *prefix, size_t prefix_len)
{
    return len >= prefix_len && memcmp(bytes, prefix, prefix_len) == 0;
}

enum encoding encoding_detect(const char *bytes, size_t len, size_t *bom)
{
    *bom = 0;
    if (has_prefix(bytes, len, "\xEF\xBB\xBF", 3)) {
        *bom = 3;
        return ENCODING_UTF_8;
    }
    if (has_prefix(bytes, len, "\xFF\xFE", 2) || has_prefix(bytes, len, "\xFE\xFF", 2)) {
        *bom = 2;
        return ENCODING_UTF_16;
    }
    return u8_check((const uint8_t *)bytes, len) ? ENCODING_WINDOWS_1252 : ENCODING_UTF_8;
}

const char *encoding_name(enum encoding encoding)
{
    static const char *const names[] = {
        [ENCODING_WINDOWS_1252] = "windows-1252",
        [ENCODING_UTF_8] = "utf-8",
        [ENCODING_UTF_16] = "utf-16",
    };
    return names[encoding];
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

static void trim_bytes(const char **text, size_t *len)
{
    while (*len && space[(unsigned char)**text]) {
        (*text)++;
        (*len)--;
    }
    while (*len && space[(unsigned char)(*text)[*len - 1]])
        (*len)--;
}

static bool is_space(ucs4_t rune)
{
    return uc_is_property_white_space(rune) || (rune >= 0x1C && rune <= 0x1F) || rune == 0xFEFF;
}

/* Neither end can be white space: most texts need no closer look. Of two bytes, those that begin with
 * C3 are letters. */
static bool is_trimmed_utf8(const char *text, size_t len)
{
    const unsigned char first = (unsigned char)text[0], last = (unsigned char)text[len - 1];

    return ((first > ' ' && first < 0x7F) || first == 0xC3) &&
           ((last > ' ' && last < 0x7F) || (len > 1 && (unsigned char)text[len - 2] == 0xC3));
}

static void trim_utf8(const char **text, size_t *len)
{
    ucs4_t rune;

    if (*len == 0 || is_trimmed_utf8(*text, *len))
        return;
    while (*len) {
        int used = u8_mbtouc(&rune, (const uint8_t *)*text, *len);
        if (!is_space(rune))
            break;
        *text += used;
        *len -= (size_t)used;
    }
    while (*len) {
        const uint8_t *start = (const uint8_t *)*text;
        const uint8_t *before = u8_prev(&rune, start + *len, start);
        if (!before || !is_space(rune))
            break;
        *len = (size_t)(before - start);
    }
}

/*
 * Folding. Eight bytes at a time while they are ASCII, which nearly all are; one at a time where they
 * are not, by a table made with libunistring; and by libunistring itself where a text has characters
 * beyond Latin-1.
 */

#define EACH_BYTE(value) (UINT64_C(0x0101010101010101) * (value))

/* The number of the first byte, in memory, of which a bit is set. */
static int first_byte(uint64_t bits)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return __builtin_ctzll(bits) / 8;
#else
    return __builtin_clzll(bits) / 8;
#endif
}

/* Upper case of eight ASCII bytes. */
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

/* The upper case of a character of Latin-1 that begins at `at`, C2 or C3; NULL if it is another. */
static const struct piece *upper_latin1(const char *at, const char *end)
{
    const unsigned char lead = (unsigned char)at[0], rest = at + 1 < end ? (unsigned char)at[1] : 0;
    const unsigned rune = (lead & 3u) << 6 | (rest & 0x3Fu);

    if ((lead != 0xC2 && lead != 0xC3) || rune < 0xA0)
        return NULL;
    return &upper[rune];
}

/* Folds from `text` on while it can; *done is where it stopped. */
static char *fold_latin(enum encoding encoding, char *to, const char *text, size_t len,
                        const char *readable, const char **done)
{
    const char *at = text, *end = text + len;

    while (at < end) {
        const unsigned char c = (unsigned char)*at;
        if (readable - at >= 8) {
            const uint64_t bytes = load_eight(at);
            const uint64_t high = bytes & EACH_BYTE(0x80);
            const uint64_t folded = upper_eight(bytes & ~high);
            const size_t ascii = high ? (size_t)first_byte(high) : 8;
            const size_t left = (size_t)(end - at);
            const size_t take = ascii < left ? ascii : left;
            memcpy(to, &folded, sizeof(folded));
            to += take;
            at += take;
            if (take || at == end)
                continue;
        }
        const struct piece *piece = &upper[c];
        if (c >= 0x80 && encoding == ENCODING_UTF_8 && !(piece = upper_latin1(at, end)))
            break;
        memcpy(to, piece->text, 4);
        to += piece->len;
        at += c >= 0x80 && encoding == ENCODING_UTF_8 ? 2 : 1;
    }
    *done = at;
    return to;
}

/* What the upper case of a whole text depends on may lie behind what was folded already. */
static size_t fold_any(char *to, const char *text, size_t len)
{
    size_t folded_len = 0;
    uint8_t *folded = u8_toupper((const uint8_t *)text, len, NULL, NULL, NULL, &folded_len);
    const bool fits = folded && folded_len <= encoding_fold_room(len);

    if (fits)
        memcpy(to, folded, folded_len);
    else
        memcpy(to, text, folded_len = len);
    free(folded);
    return folded_len;
}

size_t encoding_fold_to(enum encoding encoding, char *to, const char *text, size_t len,
                        const char *readable)
{
    const char *done;

    if (len == 0)
        return 0;
    if (encoding == ENCODING_UTF_8)
        trim_utf8(&text, &len);
    else
        trim_bytes(&text, &len);
    char *end = fold_latin(encoding, to, text, len, readable, &done);
    return done == text + len ? (size_t)(end - to) : fold_any(to, text, len);
}

void encoding_fold(enum encoding encoding, struct buf *out, const char *text, size_t len)
{
    if (len > SIZE_MAX / 8 || !buf_reserve(out, encoding_fold_room(len)))
        return;
    out->len += encoding_fold_to(encoding, out->data + out->len, text, len, text + len);
    out->data[out->len] = '\0';
}
