/* SPDX-License-Identifier: MIT */
/* Removes the doubling and escaping of quotes within a field. */
#include "transform/csv_record.h"

#include <string.h>

bool csv_is_escaped(const char *start, const char *quote)
{
    size_t count = 0;

    while (quote > start && quote[-1] == '\\') {
        quote--;
        count++;
    }
    return count % 2;
}

struct csv_field csv_undouble(struct csv_field field, struct buf *scratch)
{
    const char *at = field.text, *end = field.text + field.len;

    buf_reset(scratch);
    while (at < end) {
        const char *quote = memchr(at, '"', (size_t)(end - at));
        const char *stop = quote ? quote : end;
        const bool escaped = quote && field.escaped && csv_is_escaped(at, quote);
        buf_add(scratch, at, (size_t)(stop - at) - escaped);
        if (quote)
            buf_add_char(scratch, '"');
        at = !quote ? end : quote + (quote + 1 < end && quote[1] == '"' && !escaped ? 2 : 1);
    }
    return (struct csv_field){.text = buf_text(scratch), .len = scratch->len, .quoted = true};
}
