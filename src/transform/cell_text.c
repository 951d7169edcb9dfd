/* SPDX-License-Identifier: MIT */
/* Cells as spreadsheets and databases write them. */
#include "transform/cell_text.h"

#include <stdint.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool all_digits(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!is_digit(text[i]))
            return false;
    return len > 0;
}

struct csv_field cell_unwrap(struct csv_field field)
{
    const char *text = field.text;
    size_t len = field.len;

    while (len && (text[len - 1] == ' ' || text[len - 1] == '\t'))
        len--;
    if (len >= 3 && text[0] == '=' && text[1] == '"' && text[len - 1] == '"' &&
        !memchr(text + 2, '"', len - 3)) {
        field.text = text + 2;
        field.len = len - 3;
    } else if (len >= 2 && text[0] == '\'' && all_digits(text + 1, len - 1)) {
        field.text = text + 1;
        field.len = len - 1;
    } else if (len == 2 && text[0] == '\\' && text[1] == 'N') {
        field.len = 0;
    }
    return field;
}

bool cell_is_scientific(const char *text, size_t len)
{
    size_t digits = 0, exponent = 0;

    while (len && is_digit(text[len - 1])) {
        len--;
        exponent++;
    }
    if (!exponent || len < 2 || text[len - 1] != '+' ||
        (text[len - 2] != 'E' && text[len - 2] != 'e'))
        return false;
    len -= 2;
    for (size_t i = 0; i < len; i++) {
        if (is_digit(text[i]))
            digits++;
        else if (text[i] != ',' && text[i] != '.')
            return false;
    }
    return digits > 0;
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Whether one of eight bytes is `byte`: what is left of it then is 0, and a 1 cannot be taken from it. */
static inline uint64_t has_byte(uint64_t eight, unsigned char byte)
{
    const uint64_t rest = eight ^ EACH(byte);

    return (rest - EACH(0x01)) & ~rest & EACH(0x80);
}

bool cell_is_odd(const char *text, size_t len)
{
    uint64_t odd = 0;

    for (size_t at = 0; at < len; at += sizeof(uint64_t)) {
        uint64_t eight = EACH('0');
        memcpy(&eight, text + at, len - at < sizeof(eight) ? len - at : sizeof(eight));
        odd |= (eight | (eight - EACH(' '))) & EACH(0x80); /* not ASCII, or below a blank */
        odd |= has_byte(eight, '"') | has_byte(eight, ';') | has_byte(eight, ',') |
               has_byte(eight, '|') | has_byte(eight, 0x7F);
    }
    return odd;
}
