/* SPDX-License-Identifier: MIT */
/* Converts by a table of the bytes 0x80 to 0x9F. */
#include "simulator/cp1252.h"

#include <stdio.h>
#include <stdlib.h>

/* The characters of the bytes 0x80 to 0x9F; 0 where Windows-1252 has none. */
static const unsigned short high[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

/* Returns the byte of a character; -1: Windows-1252 lacks it. */
static int encode(unsigned code)
{
    if (code < 0x80 || (code >= 0xA0 && code <= 0xFF))
        return (int)code;
    for (int i = 0; i < 32; i++)
        if (high[i] == code)
            return 0x80 + i;
    return -1;
}

/* Reads one character of two or three bytes; returns its length, or 0. */
static size_t decode(const unsigned char *text, unsigned *code)
{
    if ((text[0] & 0xE0) == 0xC0 && (text[1] & 0xC0) == 0x80) {
        *code = (text[0] & 0x1FU) << 6 | (text[1] & 0x3FU);
        return 2;
    }
    if ((text[0] & 0xF0) == 0xE0 && (text[1] & 0xC0) == 0x80 && (text[2] & 0xC0) == 0x80) {
        *code = (text[0] & 0x0FU) << 12 | (text[1] & 0x3FU) << 6 | (text[2] & 0x3FU);
        return 3;
    }
    return 0;
}

void cp1252_add(struct buf *out, const char *text, size_t len)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + len;

    while (at < end) {
        const unsigned char *plain = at;
        while (at < end && *at < 0x80)
            at++;
        buf_add(out, plain, (size_t)(at - plain));
        if (at == end)
            return;
        unsigned code = 0;
        size_t bytes = decode(at, &code);
        int byte = bytes ? encode(code) : -1;
        if (byte < 0) {
            fprintf(stderr, "sigos-sim: not in Windows-1252: %s\n", text);
            abort();
        }
        buf_add_char(out, (char)byte);
        at += bytes;
    }
}

void cp1252_read(struct buf *out, const char *bytes, size_t len)
{
    enum { REPLACEMENT = 0xFFFD };

    for (size_t i = 0; i < len; i++) {
        unsigned code = (unsigned char)bytes[i];
        if (code >= 0x80 && code < 0xA0)
            code = high[code - 0x80] ? high[code - 0x80] : REPLACEMENT;
        if (code < 0x80) {
            buf_add_char(out, (char)code);
        } else if (code < 0x800) {
            buf_add_char(out, (char)(0xC0 | code >> 6));
            buf_add_char(out, (char)(0x80 | (code & 0x3F)));
        } else {
            buf_add_char(out, (char)(0xE0 | code >> 12));
            buf_add_char(out, (char)(0x80 | (code >> 6 & 0x3F)));
            buf_add_char(out, (char)(0x80 | (code & 0x3F)));
        }
    }
}
