/*
 * What a cell's text tells of how it was written: what programs wrap around it so that a
 * spreadsheet leaves it alone, and bytes that damage leaves.
 */
#ifndef TRANSFORM_CELL_TEXT_H
#define TRANSFORM_CELL_TEXT_H

#include "transform/csv.h"

#include <stdbool.h>

/* Whether a text that begins with this byte may be wrapped: most do not, and need no closer look.
 */
static inline bool cell_may_be_wrapped(char first)
{
    static const bool wraps[256] = {['='] = true, ['\''] = true, ['\\'] = true};

    return wraps[(unsigned char)first];
}

/*
 * The text within its wrapping, a view: ="00123" is 00123, '00123 (an apostrophe and nothing but
 * digits) is 00123, \N (how MySQL writes NULL) is nothing. Any other text is itself. The field is
 * unquoted already.
 */
struct csv_field cell_unwrap(struct csv_field field);

bool cell_is_scientific(const char *text, size_t len);

/* Whether it is a number that a spreadsheet has rounded, 3,00E+09: what it stood for is lost. */
static inline bool cell_is_rounded(const char *text, size_t len)
{
    return len > 3 && (text[len - 3] == '+' || text[len - 2] == '+') &&
           cell_is_scientific(text, len);
}

/* Whether a text has a byte as keys rarely do, and damage leaves: a quote, a separator, or what is
 * no printable ASCII. */
static inline bool cell_is_odd(const char *text, size_t len)
{
    static const bool marks[256] = {['"'] = true, [';'] = true, [','] = true, ['|'] = true};
    bool odd = false;

    for (size_t i = 0; i < len; i++)
        odd |= (bool)((unsigned char)(text[i] - ' ') > '~' - ' ') | marks[(unsigned char)text[i]];
    return odd;
}

#endif
