/* SPDX-License-Identifier: MIT */
/* Lists of lines that could not be read and of rows that are kept, with the runs that noted them
 * first. */
#include "load/doubts.h"

#include "base/mem.h"

#include <stdlib.h>

void doubts_done(struct doubts *doubts)
{
    free(doubts->lines.items);
    free(doubts->rows.items);
    *doubts = (struct doubts){0};
}

void doubt_list_add(struct doubt_list *list, const struct doubt *doubt)
{
    if (list->count == list->room) {
        list->room = list->room ? list->room * 2 : 16;
        list->items = mem_grow(list->items, list->room, sizeof(*list->items));
    }
    list->items[list->count++] = *doubt;
}

static int64_t days_of(int64_t first, int64_t last)
{
    return last < first ? 0 : last - first + 1;
}

/* Whether the line is about these days: its window and theirs have at least half of the shorter
 * one's days in common. Windows move by a day each day and are cut in another way in a full cycle,
 * so equal bounds would be too strict. */
static bool is_about(const struct doubt *line, int32_t first, int32_t last)
{
    const int64_t common =
        days_of(line->first > first ? line->first : first, line->last < last ? line->last : last);
    const int64_t a = days_of(line->first, line->last), b = days_of(first, last);

    return common > 0 && 2 * common >= (a < b ? a : b);
}

const char *doubt_line_run(const struct doubt_list *lines, struct hash128 id, int32_t first,
                           int32_t last)
{
    for (size_t i = 0; i < lines->count; i++)
        if (hash128_equal(lines->items[i].id, id) && is_about(&lines->items[i], first, last))
            return lines->items[i].run;
    return NULL;
}

const char *doubt_row_run(const struct doubt_list *rows, struct hash128 key)
{
    for (size_t i = 0; i < rows->count; i++)
        if (hash128_equal(rows->items[i].id, key))
            return rows->items[i].run;
    return NULL;
}
