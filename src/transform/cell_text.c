/* SPDX-License-Identifier: MIT */
/* Removes what spreadsheets and databases write around a value, and recognises rounded numbers. */
#include "transform/cell_text.h"

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
