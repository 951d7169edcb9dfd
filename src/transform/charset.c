/* SPDX-License-Identifier: MIT */
/* Telling UTF-8 from Windows-1252, for a file and for a cell. */
#include "transform/charset.h"

#include <stdint.h>
#include <string.h>
#include <unistr.h>

/* One in so many of the bytes that are no UTF-8 may be odd; with more of them, and with at least a few, it
 * is another encoding. */
enum { ODD_RATIO = 10, ODD_LEAST = 3 };

/* A text that is looked at byte by byte. */
struct text {
    const unsigned char *at;
    size_t len;
};

/* What was counted in a text. */
struct tally {
    uint64_t utf8;  /* characters of several bytes */
    uint64_t other; /* bytes that belong to none */
    uint64_t odd;   /* of those: symbols where Windows-1252 text has letters */
    size_t first_odd;
    uint64_t broken; /* of those: what is left of a character that was cut */
};

/* Bytes that are a letter in DOS or Mac encodings or the second half of one in UTF-8, and in
 * Windows-1252 a symbol that nobody writes inside a word. Quotes, dashes, ordinals, the degree sign and
 * blanks are left out: people do. */
static bool is_symbol(unsigned char c)
{
    static const unsigned char symbols[] =
        "\x80\x81\x82\x84\x86\x87\x88\x89\x8B\x8D\x8F\x90\x95\x98\x99\x9B\x9D"
        "\xA1\xA2\xA3\xA4\xA5\xA6\xA7\xA8\xA9\xAC\xB1\xB6\xB8\xBC\xBD\xBE\xBF";

    return memchr(symbols, c, sizeof(symbols) - 1);
}

static bool is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0xC0;
}

static bool is_continuation(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

static bool is_odd(struct text in, size_t at)
{
    return is_symbol(in.at[at]) && at > 0 && at + 1 < in.len && is_letter(in.at[at - 1]) &&
           is_letter(in.at[at + 1]);
}

/* Whether the byte may be what is left of a character in UTF-8: the lead byte of an accented Latin letter
 * or of a typographic sign with no letter behind it, or a second byte between two letters. In
 * Windows-1252 these are Â, Ã, â at the end of a word, and symbols within one. */
static bool is_broken(struct text in, size_t at)
{
    const unsigned char c = in.at[at];
    const unsigned char next = at + 1 < in.len ? in.at[at + 1] : ' ';

    if (c == 0xC2 || c == 0xC3 || c == 0xE2)
        return !is_letter(next);
    return is_continuation(c) && at > 0 && is_letter(in.at[at - 1]) &&
           (is_letter(next) || is_continuation(next));
}

/* The length of the character of UTF-8 that begins at a byte which is not ASCII; 0: it is none. */
static size_t character(struct text in, size_t at)
{
    ucs4_t rune;
    const int used = u8_mbtoucr(&rune, in.at + at, in.len - at);

    return used > 0 ? (size_t)used : 0;
}

/* The place of the first byte at or behind `at` that is not ASCII; in.len if there is none. */
static size_t skip_ascii(struct text in, size_t at)
{
    for (uint64_t bytes; in.len - at >= sizeof(bytes); at += sizeof(bytes)) {
        memcpy(&bytes, in.at + at, sizeof(bytes));
        if (bytes & UINT64_C(0x8080808080808080))
            break;
    }
    while (at < in.len && in.at[at] < 0x80)
        at++;
    return at;
}

static struct tally count(struct text in)
{
    struct tally tally = {0};

    for (size_t at = skip_ascii(in, 0); at < in.len; at = skip_ascii(in, at)) {
        const size_t used = character(in, at);
        if (used) {
            tally.utf8++;
            at += used;
            continue;
        }
        if (is_odd(in, at) && tally.odd++ == 0)
            tally.first_odd = at;
        tally.broken += is_broken(in, at);
        tally.other++;
        at++;
    }
    return tally;
}

static enum charset judge(const struct tally *tally)
{
    if (tally->other == 0)
        return CHARSET_UTF_8;
    if (tally->utf8 >= tally->other)
        return CHARSET_DAMAGED_UTF_8;
    if (tally->odd >= ODD_LEAST && tally->odd > tally->other / ODD_RATIO)
        return CHARSET_UNKNOWN;
    return tally->utf8 || tally->odd ? CHARSET_MIXED : CHARSET_WINDOWS_1252;
}

static bool begins_with(const char *bytes, size_t len, const char *mark, size_t mark_len)
{
    return len >= mark_len && memcmp(bytes, mark, mark_len) == 0;
}

struct charset_survey charset_survey(const char *bytes, size_t len)
{
    struct charset_survey out = {.has_nul = memchr(bytes, '\0', len)};

    if (begins_with(bytes, len, "\xFF\xFE", 2) || begins_with(bytes, len, "\xFE\xFF", 2)) {
        out.charset = CHARSET_UTF_16;
        out.bom = 2;
        return out;
    }
    if (begins_with(bytes, len, "\xEF\xBB\xBF", 3))
        out.bom = 3;
    const struct text text = {.at = (const unsigned char *)bytes + out.bom, .len = len - out.bom};
    const struct tally tally = count(text);
    out.charset = judge(&tally);
    out.odd_place = out.bom + tally.first_odd;
    return out;
}

const char *charset_name(enum charset charset)
{
    static const char *const names[] = {
        [CHARSET_WINDOWS_1252] = "windows-1252",
        [CHARSET_UTF_8] = "utf-8",
        [CHARSET_MIXED] = "windows-1252 and utf-8",
        [CHARSET_DAMAGED_UTF_8] = "utf-8, damaged",
        [CHARSET_UTF_16] = "utf-16",
        [CHARSET_UNKNOWN] = "unknown",
    };
    return names[charset];
}

bool charset_of_cell(enum charset charset, const char *text, size_t len, enum encoding *out)
{
    *out = charset == CHARSET_WINDOWS_1252 ? ENCODING_WINDOWS_1252 : ENCODING_UTF_8;
    if (charset == CHARSET_WINDOWS_1252 || charset == CHARSET_UTF_8)
        return true;
    const struct tally tally = count((struct text){.at = (const unsigned char *)text, .len = len});
    if (tally.other == 0)
        return true;
    *out = ENCODING_WINDOWS_1252;
    /* One cell has one writer: characters of both encodings in it are a character that broke. */
    return tally.odd == 0 && tally.utf8 == 0 &&
           (charset != CHARSET_DAMAGED_UTF_8 || tally.broken == 0);
}
