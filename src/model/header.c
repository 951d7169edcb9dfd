/* SPDX-License-Identifier: MIT */
/* Normalises header names for comparison. */
#include "model/header.h"

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

/* Room for the worst name: under NFKD one code point becomes at most 18 (U+FDFA). */
enum { WORK_MAX = 64 * HEADER_NAME_MAX };

static void add_char(struct buf *out, ucs4_t c)
{
    uint8_t bytes[6];
    int len = u8_uctomb(bytes, c, sizeof(bytes));

    if (len > 0)
        buf_add(out, bytes, (size_t)len);
}

/* Whether it is a double quote: exports in Windows-1252 may have typographic quotes where others
 * have plain ones. */
static bool is_quote(ucs4_t c)
{
    return c == '"' || c == 0x201C || c == 0x201D;
}

/* Whether it separates words. Control characters do too: the Python program, which made these
 * tables, splits at some of them. */
static bool is_blank(ucs4_t c)
{
    return uc_is_property_white_space(c) || uc_is_general_category(c, UC_CONTROL);
}

/* Whether it is dropped: marks that NFKD split from their letters, and invisible characters such as
 * the BOM, zero-width and soft marks. */
static bool is_dropped(ucs4_t c)
{
    return uc_combining_class(c) != UC_CCC_NR || uc_is_general_category(c, UC_NON_SPACING_MARK) ||
           uc_is_general_category(c, UC_FORMAT);
}

/* Adds valid UTF-8 without quotes, because the normalisation accepts no other. */
static void add_valid(struct buf *out, const char *utf8, size_t len)
{
    const uint8_t *at = (const uint8_t *)utf8;

    while (len > 0) {
        ucs4_t c;
        int used = u8_mbtouc(&c, at, len); /* U+FFFD for what is malformed; at least one byte */
        if (!is_quote(c))
            add_char(out, c);
        at += used;
        len -= (size_t)used;
    }
}

static void add_folded(struct buf *out, const uint8_t *text, size_t len)
{
    bool blank_due = false;

    for (size_t i = 0; i < len;) {
        ucs4_t c;
        i += (size_t)u8_mbtouc(&c, text + i, len - i);
        if (is_dropped(c))
            continue;
        if (is_blank(c)) {
            blank_due = true;
            continue;
        }
        if (blank_due && out->len > 0)
            buf_add_char(out, ' ');
        blank_due = false;
        add_char(out, c);
    }
}

/* Returns `text`, or aborts if it is NULL: on valid UTF-8 libunistring fails only for lack of
 * memory. */
static uint8_t *checked(uint8_t *text)
{
    if (!text) {
        fputs("etl-sigos: out of memory\n", stderr);
        abort();
    }
    return text;
}

void header_normalize(struct buf *out, const char *utf8, size_t len)
{
    BUF_DONE struct buf valid = BUF_INIT(WORK_MAX);
    BUF_DONE struct buf folded = BUF_INIT(WORK_MAX);
    size_t size = 0;

    add_valid(&valid, utf8, len < HEADER_NAME_MAX ? len : HEADER_NAME_MAX);
    uint8_t *text = checked(
        u8_normalize(UNINORM_NFKD, (const uint8_t *)buf_text(&valid), valid.len, NULL, &size));
    add_folded(&folded, text, size);
    free(text);

    /* No language: upper case must not depend on the machine's locale (Turkish has a dotted I). */
    text = checked(
        u8_toupper((const uint8_t *)buf_text(&folded), folded.len, NULL, NULL, NULL, &size));
    buf_add(out, text, size);
    free(text);
}
