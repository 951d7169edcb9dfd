/* SPDX-License-Identifier: MIT */
/* Lines and rows. */
#include "load/resemble.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { LOST_MAX = 2, SURPLUS_MAX = 16 }; /* fields; a line that lacks more was cut */

static bool same(struct cell a, struct cell b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.text, b.text, a.len) == 0);
}

static bool begins(struct cell whole, struct cell part)
{
    return part.len <= whole.len && (part.len == 0 || memcmp(whole.text, part.text, part.len) == 0);
}

enum finding { UNKNOWN, MATCH, CONTRADICTION };

/* What the line says of one value of the key, which the header has in field `at`. */
static enum finding look(const struct unread *line, size_t at, ptrdiff_t shift, struct cell value)
{
    const ptrdiff_t count = (ptrdiff_t)line->field_count, moved = (ptrdiff_t)at + shift;
    const bool may_move = shift != 0 && shift >= -LOST_MAX && shift <= SURPLUS_MAX;
    const bool last = (ptrdiff_t)at == count - 1 && shift < 0;
    bool known = false;

    if ((ptrdiff_t)at < count && line->fields[at].text) {
        known = true;
        if (same(line->fields[at], value) || (last && begins(value, line->fields[at])))
            return MATCH;
    }
    if (may_move && moved >= 0 && moved < count && line->fields[moved].text) {
        known = true;
        if (same(line->fields[moved], value))
            return MATCH;
    }
    return known ? CONTRADICTION : UNKNOWN;
}

bool line_may_be_row(const struct unread *line, const struct cell *key)
{
    const ptrdiff_t shift = (ptrdiff_t)line->field_count - (ptrdiff_t)line->expected_fields;
    const size_t allowed = shift < -LOST_MAX ? 0 : 1;
    size_t contradictions = 0;

    if (!key)
        return true;
    for (size_t i = 0; i < line->key_field_count; i++)
        contradictions += look(line, line->key_fields[i], shift, key[i]) == CONTRADICTION;
    return contradictions <= allowed;
}

struct row_key {
    struct hash128 key;
    struct cell *cells;
};

void row_keys_done(struct row_keys *keys)
{
    free(keys->items);
    arena_done(&keys->texts);
    *keys = (struct row_keys){0};
}

void row_keys_add(struct row_keys *keys, struct hash128 key, const struct cell *cells)
{
    if (keys->count == keys->room) {
        keys->room = keys->room ? keys->room * 2 : 64;
        keys->items = mem_grow(keys->items, keys->room, sizeof(*keys->items));
    }
    struct cell *copies = arena_alloc(&keys->texts, keys->columns * sizeof(*copies));
    for (size_t i = 0; i < keys->columns; i++)
        copies[i] = (struct cell){
            .text = arena_copy(&keys->texts, cells[i].len ? cells[i].text : "", cells[i].len),
            .len = cells[i].len};
    keys->items[keys->count++] = (struct row_key){.key = key, .cells = copies};
}

static int compare(const void *a, const void *b)
{
    const struct row_key *one = a, *other = b;

    return hash128_compare(&one->key, &other->key);
}

void row_keys_sort(struct row_keys *keys)
{
    if (keys->count)
        qsort(keys->items, keys->count, sizeof(*keys->items), compare);
}

const struct cell *row_keys_find(const struct row_keys *keys, struct hash128 key)
{
    const struct row_key wanted = {.key = key};

    if (!keys || !keys->count)
        return NULL;
    const struct row_key *found =
        bsearch(&wanted, keys->items, keys->count, sizeof(*keys->items), compare);
    return found ? found->cells : NULL;
}
