/* SPDX-License-Identifier: MIT */
/* Tells whether a line that could not be read may be a certain row, and keeps the key values of
 * rows. */
#include "load/resemble.h"

#include "base/date.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* numbers of fields; a line that lacks more than LOST_MAX was cut */
enum { LOST_MAX = 2, STRAY_MAX = 2, SURPLUS_MAX = 16 };

static bool same(struct cell a, struct cell b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.text, b.text, a.len) == 0);
}

static bool begins(struct cell whole, struct cell part)
{
    return part.len <= whole.len && (part.len == 0 || memcmp(whole.text, part.text, part.len) == 0);
}

static bool holds(struct cell whole, struct cell part)
{
    return part.len == 0 || (whole.len && memmem(whole.text, whole.len, part.text, part.len));
}

static bool ends(struct cell whole, struct cell part)
{
    return part.len <= whole.len &&
           (part.len == 0 || memcmp(whole.text + whole.len - part.len, part.text, part.len) == 0);
}

enum finding { UNKNOWN, MATCH, CONTRADICTION };

/* Compares one key value, which the header has in field `at`, with the line's field there and with
 * the field `shift` places further. */
static enum finding compare_value(const struct unread *line, size_t at, ptrdiff_t shift,
                                  struct cell value)
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

static bool contradicts_at_most_once(const struct unread *line, const struct cell *key,
                                     ptrdiff_t shift)
{
    const size_t allowed = shift < -LOST_MAX ? 0 : 1;
    size_t contradictions = 0;

    for (size_t i = 0; i < line->key_field_count; i++)
        contradictions += compare_value(line, line->key_fields[i], shift, key[i]) == CONTRADICTION;
    return contradictions <= allowed;
}

static bool is_date(struct cell value)
{
    int32_t date;

    return date_parse_iso(value.text, value.len, &date);
}

/* Separators that were lost, or added, in field `place` of the line. The line may be cut
 * besides. */
struct damage {
    size_t place;
    ptrdiff_t shift; /* by how many places the fields behind `place` moved */
};

/* Whether the line with this damage may have `value` in field `at` of the header. A date in a field
 * that is joined to others always fits, because the form in which the file writes it is unknown. */
static bool fits(const struct unread *line, struct damage damage, size_t at, struct cell value)
{
    const size_t joined = damage.shift < 0 ? (size_t)-damage.shift : 0;
    const bool inside = at >= damage.place && at <= damage.place + joined;
    const size_t place = inside ? damage.place : at < damage.place ? at : at + (size_t)damage.shift;

    if (place >= line->field_count || !line->fields[place].text)
        return true;
    const struct cell field = line->fields[place];
    if (inside && damage.shift > 0)
        return begins(value, field);
    if (inside)
        return is_date(value) || (at > damage.place ? holds(field, value) : begins(field, value));
    return same(field, value) || (place + 1 == line->field_count && begins(value, field));
}

static size_t last_key_field(const struct unread *line)
{
    size_t last = 0;

    for (size_t i = 0; i < line->key_field_count; i++)
        last = line->key_fields[i] > last ? line->key_fields[i] : last;
    return last;
}

/* Tries the damage at every place up to the first one behind the key: all places behind that give
 * the same result. */
static bool is_damaged_by(const struct unread *line, const struct cell *key, ptrdiff_t shift)
{
    const size_t last = last_key_field(line) + 1;
    struct damage damage = {.shift = shift};

    for (; damage.place < line->field_count && damage.place <= last; damage.place++) {
        bool fit = true;
        for (size_t i = 0; i < line->key_field_count && fit; i++)
            fit = fits(line, damage, line->key_fields[i], key[i]);
        if (fit)
            return true;
    }
    return false;
}

/* Tries every shift that the damage may have. Without a cut, the shift of the fields is that of the
 * whole line, which may be any number, because a quote may join many fields. A cut line has fewer
 * fields than the damage alone would leave. */
static bool is_damaged(const struct unread *line, const struct cell *key, ptrdiff_t shift)
{
    if (shift != 0 && is_damaged_by(line, key, shift))
        return true;
    for (ptrdiff_t moved = -LOST_MAX; moved <= STRAY_MAX; moved++)
        if (moved > shift && moved != 0 && is_damaged_by(line, key, moved))
            return true;
    return false;
}

/* Whether the rest of a cut line differs from the row in exactly one key value and matches it in at
 * least two. */
static bool is_cut_and_differs(const struct unread *line, const struct cell *key)
{
    size_t matches = 0, others = 0;

    for (size_t i = 0; i < line->key_field_count; i++) {
        const size_t at = line->key_fields[i];
        if (at >= line->field_count || !line->fields[at].text)
            continue;
        if (same(line->fields[at], key[i]))
            matches++;
        else
            others++;
    }
    return matches >= 2 && others == 1;
}

/* Whether the row may be the part of the line that begins in field `base`, in a line of several
 * rows. The part's first field may end with the value, because the row before is glued to it; its
 * last field may begin with the value, because the row behind is glued to it or the line is cut.
 * One matching value is no proof where the key has more. */
static bool is_part(const struct unread *line, const struct cell *key, size_t base)
{
    const size_t last = base + line->expected_fields - 1;
    size_t matches = 0;

    for (size_t i = 0; i < line->key_field_count; i++) {
        const size_t at = base + line->key_fields[i];
        const struct cell field = at < line->field_count ? line->fields[at] : (struct cell){0};
        if (!field.text)
            continue;
        if (!same(field, key[i]) && !(at == base && ends(field, key[i])) &&
            !((at == last || at + 1 == line->field_count) && begins(field, key[i])))
            return false;
        matches++;
    }
    return matches >= 2 || matches == line->key_field_count;
}

bool line_has_more(const struct unread *line)
{
    return line->expected_fields > 1 && line->field_count > line->expected_fields;
}

/* The row may begin in any field: the line itself may begin with the end of another row. */
bool line_may_have_more(const struct unread *line, const struct cell *key)
{
    for (size_t base = 1; base < line->field_count; base++)
        if (is_part(line, key, base))
            return true;
    return false;
}

bool line_may_be_row(const struct unread *line, const struct cell *key)
{
    const ptrdiff_t shift = (ptrdiff_t)line->field_count - (ptrdiff_t)line->expected_fields;

    return !key || contradicts_at_most_once(line, key, shift) || is_damaged(line, key, shift) ||
           is_cut_and_differs(line, key) || line_may_have_more(line, key) ||
           (line_has_more(line) && is_part(line, key, 0));
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

static int by_key(const void *a, const void *b)
{
    const struct row_key *left = a, *right = b;

    return hash128_compare(&left->key, &right->key);
}

void row_keys_sort(struct row_keys *keys)
{
    if (keys->count)
        qsort(keys->items, keys->count, sizeof(*keys->items), by_key);
}

const struct cell *row_keys_find(const struct row_keys *keys, struct hash128 key)
{
    const struct row_key wanted = {.key = key};

    if (!keys || !keys->count)
        return NULL;
    const struct row_key *found =
        bsearch(&wanted, keys->items, keys->count, sizeof(*keys->items), by_key);
    return found ? found->cells : NULL;
}
