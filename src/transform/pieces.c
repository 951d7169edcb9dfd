/* SPDX-License-Identifier: MIT */
/* Splits lines into fields without trusting quotes. */
#include "transform/pieces.h"

#include "base/mem.h"

#include <string.h>

/* Returns the place behind the closing quote of a well quoted field; NULL if the field is not well
 * quoted. */
static const char *closed_quote(const char *at, const char *end, char separator)
{
    if (at == end || *at != '"')
        return NULL;
    while ((at = memchr(at + 1, '"', (size_t)(end - at) - 1))) {
        if (at + 1 == end || at[1] == separator)
            return at + 1;
        if (at[1] != '"')
            return NULL;
        at++;
    }
    return NULL;
}

struct csv_field piece_drop_quotes(struct csv_field field)
{
    for (; field.len && *field.text == '"'; field.len--)
        field.text++;
    while (field.len && field.text[field.len - 1] == '"')
        field.len--;
    return field;
}

struct csv_field piece_next(const char **at, const char *end, char separator)
{
    const char *from = *at, *closed = closed_quote(from, end, separator);
    const char *stop = closed ? closed : memchr(from, separator, (size_t)(end - from));

    *at = stop && stop < end ? stop + 1 : NULL;
    if (closed)
        return (struct csv_field){
            .text = from + 1, .len = (size_t)(closed - from) - 2, .quoted = true, .doubled = true};
    return piece_drop_quotes(
        (struct csv_field){.text = from, .len = (size_t)((stop ? stop : end) - from)});
}

struct pieces pieces_split(const char *line, size_t len, char separator)
{
    struct pieces out = {.fields = NULL};
    const char *at = line;
    size_t room = 0;

    while (at && out.count < CSV_FIELDS_MAX) {
        if (out.count == room) {
            room = room ? room * 2 : 64;
            out.fields = mem_grow(out.fields, room, sizeof(*out.fields));
        }
        out.fields[out.count++] = piece_next(&at, line + len, separator);
    }
    return out;
}
