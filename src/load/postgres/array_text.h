/*
 * The text form of a PostgreSQL array: {"a","b",NULL}. Every element that is not NULL is quoted, so
 * that nothing within it has a meaning.
 */
#ifndef LOAD_POSTGRES_ARRAY_TEXT_H
#define LOAD_POSTGRES_ARRAY_TEXT_H

#include "base/buf.h"
#include "model/batch.h"
#include "model/hash.h"

/* Elements, in order; the array is ended by array_text_end. What does not fit leaves out->full set.
 */
void array_text_cell(struct buf *out, struct cell cell);
void array_text_hash(struct buf *out, struct hash128 hash);
const char *array_text_end(struct buf *out); /* the text, as long-lived as `out` */

#endif
