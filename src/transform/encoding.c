/* SPDX-License-Identifier: MIT */
/* Windows-1252 and UTF-8 to upper-case UTF-8. */
#include "transform/encoding.h"

#include <pthread.h>
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
static pthread_once_t tables_once = PTHREAD_ONCE_INIT;

static void fill_tables(void)
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

static void need_tables(void)
{
    pthread_once(&tables_once, fill_tables);
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
    need_tables();
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

static void trim_utf8(const char **text, size_t *len)
{
    ucs4_t rune;

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

static bool is_ascii(const char *text, size_t len)
{
    unsigned char all = 0;

    for (size_t i = 0; i < len; i++)
        all |= (unsigned char)text[i];
    return all < 0x80;
}

void encoding_fold(enum encoding encoding, struct buf *out, const char *text, size_t len)
{
    need_tables();
    if (encoding == ENCODING_WINDOWS_1252) {
        trim_bytes(&text, &len);
        add_pieces(out, upper, text, len);
        return;
    }
    trim_utf8(&text, &len);
    if (is_ascii(text, len)) {
        add_pieces(out, upper, text, len);
        return;
    }
    size_t folded_len = 0;
    uint8_t *folded = u8_toupper((const uint8_t *)text, len, NULL, NULL, NULL, &folded_len);
    buf_add(out, folded ? (const char *)folded : text, folded ? folded_len : len);
    free(folded);
}
