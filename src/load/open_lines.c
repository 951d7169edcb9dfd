/* SPDX-License-Identifier: MIT */
/* Lists of lines that may be rows of unknown key, of one window or of a whole cycle. */
#include "load/open_lines.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void open_lines_done(struct open_lines *lines)
{
    free(lines->items);
    arena_done(&lines->copies);
    *lines = (struct open_lines){0};
}

static const struct unread *copy_line(struct arena *arena, const struct unread *line, bool whole)
{
    struct unread *copy = arena_alloc(arena, sizeof(*copy));
    const size_t fields = whole ? line->field_count : 0;
    struct cell *cells = arena_alloc(arena, fields * sizeof(*cells));
    size_t *key = arena_alloc(arena, line->key_field_count * sizeof(*key));

    for (size_t i = 0; i < fields; i++)
        cells[i] =
            (struct cell){.text = arena_copy(arena, line->fields[i].text, line->fields[i].len),
                          .len = line->fields[i].len};
    if (line->key_field_count)
        memcpy(key, line->key_fields, line->key_field_count * sizeof(*key));
    *copy = *line;
    copy->fields = cells;
    copy->field_count = fields;
    copy->key_fields = key;
    if (!whole)
        copy->key_field_count = 0;
    return copy;
}

static void add(struct open_lines *lines, const struct unread *line, const char *since)
{
    if (lines->count == lines->room) {
        lines->room = lines->room ? lines->room * 2 : 16;
        lines->items = mem_grow(lines->items, lines->room, sizeof(*lines->items));
    }
    const bool whole = lines->count < OPEN_LINES_COPIED;
    lines->items[lines->count++] =
        (struct open_line){.line = copy_line(&lines->copies, line, whole),
                           .since = arena_copy(&lines->copies, since, strlen(since))};
}

void open_lines_add(struct open_lines *lines, const struct batch *batch,
                    const struct doubt_list *open)
{
    size_t at = 0; /* both are in the order of the files */

    for (size_t i = 0; i < batch->unread_count && at < open->count; i++)
        if (hash128_equal(batch->unread[i].id, open->items[at].id))
            add(lines, &batch->unread[i], open->items[at++].run);
}
