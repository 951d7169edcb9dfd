/* SPDX-License-Identifier: MIT */
/* Lines to pieces. */
#include "transform/pieces.h"

#include "base/mem.h"

#include <string.h>

/* Behind the closing quote of a field that is quoted as it should be; NULL if it is not. */
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

/* Other quotes at a field's ends are what is left of a pair. */
static struct csv_field drop_quotes(const char *at, const char *to)
{
    while (at < to && *at == '"')
        at++;
    while (to > at && to[-1] == '"')
        to--;
    return (struct csv_field){.text = at, .len = (size_t)(to - at)};
}

struct csv_field piece_next(const char **at, const char *end, char separator)
{
    const char *from = *at, *closed = closed_quote(from, end, separator);
    const char *stop = closed ? closed : memchr(from, separator, (size_t)(end - from));

    *at = stop && stop < end ? stop + 1 : NULL;
    if (closed)
        return (struct csv_field){
            .text = from + 1, .len = (size_t)(closed - from) - 2, .quoted = true, .doubled = true};
    return drop_quotes(from, stop ? stop : end);
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
