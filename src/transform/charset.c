/* SPDX-License-Identifier: MIT */
/* Tells UTF-8 from Windows-1252, for a file and for a cell. */
#include "transform/charset.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>
#include <unistr.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* At most one in ODD_RATIO of the bytes that are not UTF-8 may be odd. If there are more, and at
 * least ODD_LEAST, the file is in another encoding. */
enum { ODD_RATIO = 10, ODD_LEAST = 3 };

/* A text that is read byte by byte. */
struct text {
    const unsigned char *at;
    size_t len;
};

/* The counts of characters and bytes in a text. */
struct tally {
    uint64_t utf8; /* characters of several bytes that are usual in Latin text */
    uint64_t firm; /* of those: characters that cannot be a letter and a quote of Windows-1252 */
    /* characters that Latin text does not have: in Windows-1252 their bytes are letters and
     * signs */
    uint64_t rare;
    uint64_t other; /* bytes that belong to no character of UTF-8 */
    uint64_t odd;   /* of those: symbols where Windows-1252 text has letters */
    size_t first_odd;
};

/* Whether the byte is a symbol in Windows-1252 that nobody writes inside a word. In DOS or Mac
 * encodings it is a letter, in UTF-8 the second half of one. Quotes, dashes, ordinals, the degree
 * sign and blanks are left out, because people write them inside words. */
static bool is_symbol(unsigned char c)
{
    static const bool symbols[256] = {
        [0x80] = true, [0x81] = true, [0x82] = true, [0x84] = true, [0x86] = true, [0x87] = true,
        [0x88] = true, [0x89] = true, [0x8B] = true, [0x8D] = true, [0x8F] = true, [0x90] = true,
        [0x95] = true, [0x98] = true, [0x99] = true, [0x9B] = true, [0x9D] = true, [0xA1] = true,
        [0xA2] = true, [0xA3] = true, [0xA4] = true, [0xA5] = true, [0xA6] = true, [0xA7] = true,
        [0xA8] = true, [0xA9] = true, [0xAC] = true, [0xB1] = true, [0xB6] = true, [0xB8] = true,
        [0xBC] = true, [0xBD] = true, [0xBE] = true, [0xBF] = true};

    return symbols[c];
}

static bool is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0xC0;
}

static bool is_continuation(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

/* Whether the byte is a symbol between two letters. */
static bool is_odd(struct text in, size_t at)
{
    return is_symbol(in.at[at]) && at > 0 && at + 1 < in.len && is_letter(in.at[at - 1]) &&
           is_letter(in.at[at + 1]);
}

/* Whether the byte may be the rest of a damaged character of UTF-8: the lead byte of an accented
 * Latin letter or of a typographic sign with no letter behind it, or a second byte between two
 * letters. In Windows-1252 such bytes are Â, Ã or â at the end of a word, and symbols within a
 * word. */
static bool is_broken(struct text in, size_t at)
{
    const unsigned char c = in.at[at];
    const unsigned char next = at + 1 < in.len ? in.at[at + 1] : ' ';

    if (c == 0xC2 || c == 0xC3 || c == 0xE2)
        return !is_letter(next);
    return is_continuation(c) && at > 0 && is_letter(in.at[at - 1]) &&
           (is_letter(next) || is_continuation(next));
}

/* Whether Portuguese text uses the character beside ASCII: Latin letters, combining accents,
 * punctuation, the euro sign, arrows, ticks, pictures, and the two marks U+FEFF and U+FFFD. */
static bool is_usual(ucs4_t rune)
{
    return (rune >= 0xA0 && rune < 0x180) || (rune >= 0x300 && rune < 0x370) ||
           (rune >= 0x2000 && rune < 0x2800) || rune >= 0x1F000 || rune == 0xFEFF || rune == 0xFFFD;
}

/* Whether a character of two bytes may also be two characters of Windows-1252: the last letter of a
 * word, and behind it a closing quote, an ellipsis, a dash or a fixed blank. MANHÃ” has the same
 * bytes as MANHÔ. */
static bool may_end_word(struct text in, size_t at)
{
    const unsigned char second = in.at[at + 1];

    return at > 0 && is_letter(in.at[at - 1]) && (at + 2 == in.len || !is_letter(in.at[at + 2])) &&
           ((second >= 0x91 && second <= 0x97) || second == 0x85 || second == 0xA0);
}

/* Counts the character of UTF-8 that begins at a byte which is not ASCII. Returns its length in
 * bytes, or 0 if no character begins there. */
static size_t count_character(struct text in, size_t at, struct tally *tally)
{
    ucs4_t rune;
    const int used = u8_mbtoucr(&rune, in.at + at, in.len - at);

    if (used <= 0)
        return 0;
    if (!is_usual(rune)) {
        tally->rare++;
    } else {
        tally->utf8++;
        tally->firm += used > 2 || !may_end_word(in, at);
    }
    return (size_t)used;
}

/* Returns the place of the first byte at or behind `at` that is not ASCII; `limit` or more if there
 * is none before `limit`. */
static inline size_t skip_ascii(struct text in, size_t limit, size_t at)
{
    uint64_t bytes;

    for (; at < limit && in.len - at >= sizeof(bytes); at += sizeof(bytes)) {
        memcpy(&bytes, in.at + at, sizeof(bytes));
        bytes = le64toh(bytes) & UINT64_C(0x8080808080808080);
        if (bytes)
            return at + (size_t)__builtin_ctzll(bytes) / 8;
    }
    while (at < limit && in.at[at] < 0x80)
        at++;
    return at;
}

static inline void note_odd(struct text in, size_t at, struct tally *tally)
{
    if (is_odd(in, at) && tally->odd++ == 0)
        tally->first_odd = at;
}

/* Counts a byte that belongs to no character of UTF-8. */
static inline void count_other(struct text in, size_t at, struct tally *tally)
{
    tally->other++;
    if (in.at[at] < 0xC0)
        note_odd(in, at, tally);
}

/*
 * Counts bytes of Windows-1252 from *at on. It stops where a character of UTF-8 may begin, also
 * where one may begin at the end of a block.
 */
#ifdef __SSE2__
static void count_letters(struct text in, size_t limit, size_t *at, struct tally *tally)
{
    enum { BLOCK = 16 };
    const __m128i top = _mm_set1_epi8((char)0x80), first_letter = _mm_set1_epi8((char)0xC0);
    __m128i sums = _mm_setzero_si128();
    size_t end = *at;

    for (; end < limit && in.len - end >= BLOCK; end += BLOCK) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(in.at + end));
        const unsigned high = (unsigned)_mm_movemask_epi8(bytes);
        unsigned second = (unsigned)_mm_movemask_epi8(_mm_cmplt_epi8(bytes, first_letter));
        if (((high & ~second) << 1 & second) || in.at[end + BLOCK - 1] >= 0xC0)
            break;
        sums = _mm_add_epi64(sums, _mm_sad_epu8(_mm_and_si128(bytes, top), _mm_setzero_si128()));
        for (; second; second &= second - 1)
            note_odd(in, end + (size_t)__builtin_ctz(second), tally);
    }
    uint64_t halves[2];
    memcpy(halves, &sums, sizeof(halves));
    tally->other += (halves[0] + halves[1]) / 0x80;
    *at = end;
}
#else
static void count_letters(struct text in, size_t limit, size_t *at, struct tally *tally)
{
    while (*at < limit && *at + 1 < in.len && !is_continuation(in.at[*at]) && in.at[*at + 1] < 0x80)
        tally->other += in.at[(*at)++] >= 0x80;
}
#endif

/* Counts the characters that begin before `limit`, and moves *at behind the last one. */
static void count_to(struct text in, size_t limit, size_t *at, struct tally *tally)
{
    for (;;) {
        count_letters(in, limit, at, tally);
        *at = skip_ascii(in, limit, *at);
        if (*at >= limit)
            return;
        const bool may_begin =
            in.at[*at] >= 0xC2 && *at + 1 < in.len && is_continuation(in.at[*at + 1]);
        const size_t used = may_begin ? count_character(in, *at, tally) : 0;
        if (!used)
            count_other(in, *at, tally);
        *at += used ? used : 1;
    }
}

static struct tally count(struct text in)
{
    struct tally tally = {0};
    size_t at = 0;

    count_to(in, in.len, &at, &tally);
    return tally;
}

/* Whether a text that is not valid UTF-8 holds the rest of a damaged character. */
static bool has_broken(struct text in)
{
    struct tally ignored = {0};

    for (size_t at = skip_ascii(in, in.len, 0); at < in.len; at = skip_ascii(in, in.len, at)) {
        const size_t used = count_character(in, at, &ignored);
        if (!used && is_broken(in, at))
            return true;
        at += used ? used : 1;
    }
    return false;
}

static enum charset judge(const struct tally *tally)
{
    if (tally->other == 0)
        return CHARSET_UTF_8;
    if (tally->utf8 >= tally->other)
        return CHARSET_DAMAGED_UTF_8;
    if (tally->odd >= ODD_LEAST && tally->odd > tally->other / ODD_RATIO)
        return CHARSET_UNKNOWN;
    return tally->firm || tally->odd ? CHARSET_MIXED : CHARSET_WINDOWS_1252;
}

static bool begins_with(const char *bytes, size_t len, const char *mark, size_t mark_len)
{
    return len >= mark_len && memcmp(bytes, mark, mark_len) == 0;
}

/* Looks for NUL bytes and counts the characters, one piece at a time: the second pass over a piece
 * then finds it in the processor's cache. */
static bool survey(struct text in, struct tally *tally)
{
    enum { PIECE = 32 * 1024 };
    bool has_nul = false;
    size_t at = 0;

    for (size_t from = 0; from < in.len; from += PIECE) {
        const size_t len = in.len - from < PIECE ? in.len - from : PIECE;
        has_nul = has_nul || memchr(in.at + from, '\0', len);
        if (at < from + len)
            count_to(in, from + len, &at, tally);
    }
    return has_nul;
}

struct charset_survey charset_survey(const char *bytes, size_t len)
{
    struct charset_survey out = {.bom = begins_with(bytes, len, "\xEF\xBB\xBF", 3) ? 3 : 0};
    const struct text text = {.at = (const unsigned char *)bytes + out.bom, .len = len - out.bom};
    struct tally tally = {0};

    out.has_nul = survey(text, &tally);
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
        [CHARSET_UNKNOWN] = "unknown",
    };
    return names[charset];
}

bool charset_of_odd_cell(enum charset charset, const char *text, size_t len, enum encoding *out)
{
    const struct text cell = {.at = (const unsigned char *)text, .len = len};
    const struct tally tally = count(cell);
    const bool utf8_rules = charset == CHARSET_DAMAGED_UTF_8;

    *out = ENCODING_UTF_8;
    if (tally.other == 0 && (utf8_rules || tally.rare == 0))
        return true;
    *out = ENCODING_WINDOWS_1252;
    /* One program writes a cell, so a cell never holds both encodings: if it seems to, a character
     * of it is broken. */
    return tally.odd == 0 && tally.firm == 0 &&
           (!utf8_rules || (tally.utf8 == 0 && tally.rare == 0 && !has_broken(cell)));
}
