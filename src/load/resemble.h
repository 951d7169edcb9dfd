/*
 * Tells whether a line that could not be read may be a certain row, by what is left of the row's
 * key in it (pure).
 *
 * The rule assumes one damage a line: a separator too many or too few, a stray quote, a broken
 * character, a date that is none, a cut that leaves the beginning, or a lost line end that joins
 * several rows. So a line is not the row if it contradicts the row in more than one value of the
 * key or, where the line was cut, in any value (a cut line that has two other values of the key may
 * differ in one). Values that a lost separator has joined contradict nothing.
 */
#ifndef LOAD_RESEMBLE_H
#define LOAD_RESEMBLE_H

#include "base/arena.h"
#include "model/batch.h"
#include "model/encoded_row.h"
#include "model/hash.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether the line may be the row. `key` are the row's key values in the report's order, as they
 * stand in the table; NULL: they are unknown, and the answer is true. */
bool line_may_be_row(const struct unread *line, const struct cell *key);

/* Whether the row may be in the line behind another row that the line begins with. */
bool line_may_have_more(const struct unread *line, const struct cell *key);

/* Whether the line has more fields than one row, so that it may hold several rows. */
bool line_has_more(const struct unread *line);

/* The key values of some rows, found by their keys. */
struct row_keys {
    struct row_key *items;
    size_t count, room;
    size_t columns; /* how many columns a key has */
    struct arena texts;
};

void row_keys_done(struct row_keys *keys); /* accepts a zeroed one */
/* Adds a copy of the key's values, `columns` cells. */
void row_keys_add(struct row_keys *keys, struct hash128 key, const struct cell *cells);
/* Sorts the keys; called after the last row_keys_add and before row_keys_find. */
void row_keys_sort(struct row_keys *keys);

/* Returns the values of a row's key, `columns` of them, borrowed; NULL if the key is not there or
 * `keys` is NULL. */
const struct cell *row_keys_find(const struct row_keys *keys, struct hash128 key);

#endif
