/*
 * Tells how a cell's text was written. It finds what programs wrap around a value so that a
 * spreadsheet does not change it, and bytes that damage leaves.
 */
#ifndef TRANSFORM_CELL_TEXT_H
#define TRANSFORM_CELL_TEXT_H

#include "transform/csv.h"

#include <stdbool.h>

/* Whether a text that begins with this byte may be wrapped. Most texts do not begin so, and need no
 * call of cell_unwrap. */
static inline bool cell_may_be_wrapped(char first)
{
    static const bool wraps[256] = {['='] = true, ['\''] = true, ['\\'] = true};

    return wraps[(unsigned char)first];
}

/*
 * Returns the text within its wrapping, as a view: ="00123" becomes 00123, '00123 (an apostrophe
 * and then only digits) becomes 00123, and \N (MySQL's NULL) becomes the empty text. Any other text
 * is returned as it is. The field must be unquoted already.
 */
struct csv_field cell_unwrap(struct csv_field field);

/* Whether the text is a number with an E, a plus and an exponent: 3,00E+09. */
bool cell_is_scientific(const char *text, size_t len);

/* Whether the text is a number that a spreadsheet has rounded, such as 3,00E+09. The number that
 * stood there before cannot be restored. */
static inline bool cell_is_rounded(const char *text, size_t len)
{
    return len > 3 && (text[len - 3] == '+' || text[len - 2] == '+') &&
           cell_is_scientific(text, len);
}

/* Whether a text has a byte that is rare in keys and that damage leaves: a quote, a separator, or a
 * byte that is not printable ASCII. */
static inline bool cell_is_odd(const char *text, size_t len)
{
    static const bool marks[256] = {['"'] = true, [';'] = true, [','] = true, ['|'] = true};
    bool odd = false;

    for (size_t i = 0; i < len; i++)
        odd |= (bool)((unsigned char)(text[i] - ' ') > '~' - ' ') | marks[(unsigned char)text[i]];
    return odd;
}

#endif
