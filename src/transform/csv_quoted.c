/* SPDX-License-Identifier: MIT */
/* Reads fields that begin with a quote or a blank. */
#include "transform/csv_quoted.h"

#include <string.h>

/* Returns the place behind the blanks at `at`. A tab is a blank unless it is the separator. */
static inline const char *csv_skip_blanks(const struct csv_reader *reader, const char *at,
                                          const char *end)
{
    while (at < end && (*at == ' ' || (*at == '\t' && reader->separator != '\t')))
        at++;
    return at;
}

/* Moves *at from behind a field's opening quote to behind its closing one, and sets *after to the
 * place behind the blanks that follow. */
static inline __attribute__((always_inline)) enum csv_quote
quoted_end(const struct csv_reader *reader, struct csv_cursor in, const char **at,
           const char **after, bool *doubled)
{
    const char *p = *at;

    for (;;) {
        p = memchr(p, '"', (size_t)(in.end - p));
        if (!p)
            return in.last ? CSV_QUOTE_OPEN : CSV_QUOTE_MORE;
        if (p + 1 == in.end && !in.last)
            return CSV_QUOTE_MORE;
        if (reader->escapes && csv_is_escaped(*at, p)) {
            *doubled = true;
            p++;
            continue;
        }
        if (p + 1 < in.end && p[1] == '"') {
            *doubled = true;
            p += 2;
            continue;
        }
        *at = *after = p + 1;
        if (p + 1 < in.end && p[1] == reader->separator)
            return CSV_QUOTE_CLOSED;
        *after = csv_skip_blanks(reader, p + 1, in.end);
        if (*after == in.end)
            return in.last ? CSV_QUOTE_CLOSED : CSV_QUOTE_MORE;
        if (**after == reader->separator)
            return CSV_QUOTE_CLOSED;
        int len = csv_line_end(reader, in, *after);
        if (len < 0)
            return CSV_QUOTE_MORE;
        return len ? CSV_QUOTE_CLOSED : CSV_QUOTE_LITERAL;
    }
}

/* Finds the opening quote of a field that begins with blanks. *open is NULL if there is none, or if
 * it is not closed on the same line: then the blank and the quote are text. False: the next chunk
 * decides. */
static bool find_open_quote(const struct csv_reader *reader, struct csv_cursor in,
                            const char *start, const char **open)
{
    const char *quote = csv_skip_blanks(reader, start, in.end), *end = quote + 1, *after;
    bool doubled = false;

    *open = NULL;
    if (quote == in.end)
        return in.last;
    if (*quote != '"')
        return true;
    const char *line = csv_next_line(reader, in, quote);
    if (!line)
        return false;
    const struct csv_cursor rest = {.at = start, .end = line, .last = true};
    if (quoted_end(reader, rest, &end, &after, &doubled) == CSV_QUOTE_CLOSED)
        *open = quote;
    return true;
}

/* Makes a literal field. Quotes around the whole of it enclose it, whatever is inside. */
static struct csv_field literal_field(const struct csv_reader *reader, const char *start,
                                      const char *end)
{
    struct csv_field field = {.text = start, .len = (size_t)(end - start)};
    const char *last = end;

    while (last > start && (last[-1] == ' ' || (last[-1] == '\t' && reader->separator != '\t')))
        last--;
    while (last - start >= 2 && *start == '"' && last[-1] == '"') {
        start++;
        last--;
        field = (struct csv_field){
            .text = start,
            .len = (size_t)(last - start),
            .quoted = true,
            .doubled = memmem(start, (size_t)(last - start), "\"\"", 2),
        };
    }
    return field;
}

enum csv_quote csv_read_quoted(struct csv_reader *reader, struct csv_cursor in, const char *start,
                               struct csv_found_field *out)
{
    const char *open = *start == '"' ? start : NULL;
    bool doubled = false;

    if (!open && !find_open_quote(reader, in, start, &open))
        return CSV_QUOTE_MORE;
    const char *at = open ? open + 1 : start;
    if (open) {
        const enum csv_quote quote = quoted_end(reader, in, &at, &out->end, &doubled);
        out->field = (struct csv_field){.text = open + 1,
                                        .len = (size_t)(at - open) - 2,
                                        .quoted = true,
                                        .doubled = doubled,
                                        .escaped = reader->escapes};
        if (quote != CSV_QUOTE_LITERAL)
            return quote;
    }
    out->end = csv_plain_end(reader, in, at);
    if (!out->end)
        return CSV_QUOTE_MORE;
    out->field = open ? literal_field(reader, start, out->end)
                      : (struct csv_field){.text = start, .len = (size_t)(out->end - start)};
    return CSV_QUOTE_LITERAL;
}
