/*
 * Whether a line that could not be read may be a certain row, by what is left of the row's key in
 * it. Pure.
 *
 * What happens to a line happens at one place: a separator too many or too few, a stray quote, a
 * broken character, a date that is none; or the line is cut, and its beginning is left; or its end
 * is lost, and several rows are one line. So a line is another row's if it contradicts the row in
 * more than one value of the key, or, where it was cut, in any. Values that a lost separator has
 * joined contradict nothing.
 */
#ifndef LOAD_RESEMBLE_H
#define LOAD_RESEMBLE_H

#include "base/arena.h"
#include "model/batch.h"
#include "model/encoded_row.h"
#include "model/hash.h"

#include <stdbool.h>
#include <stddef.h>

/* `key` are the row's key values in the report's order, as they stand in the table; NULL: nobody
 * knows. */
bool line_may_be_row(const struct unread *line, const struct cell *key);

/* Whether the row may be glued to another one that the line begins with. */
bool line_may_have_more(const struct unread *line, const struct cell *key);

/* Whether it has so many fields that one may: asked of a line of which the first row is known. */
bool line_has_more(const struct unread *line);

/* The key values of some rows, by their keys. */
struct row_keys {
    struct row_key *items;
    size_t count, room;
    size_t columns; /* of a key */
    struct arena texts;
};

void row_keys_done(struct row_keys *keys); /* accepts a zeroed one */
void row_keys_add(struct row_keys *keys, struct hash128 key, const struct cell *cells); /* copied */
void row_keys_sort(struct row_keys *keys);

/* The values of a row's key, `columns` of them; NULL if it is not among them, or `keys` is NULL.
 * Sorted before. */
const struct cell *row_keys_find(const struct row_keys *keys, struct hash128 key);

#endif
