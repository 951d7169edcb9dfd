/*
 * The text format of COPY: one line a row, a tab between cells, \N for NULL, and a backslash before
 * what would end a cell, a row or the data.
 */
#ifndef LOAD_POSTGRES_COPY_TEXT_H
#define LOAD_POSTGRES_COPY_TEXT_H

#include "base/buf.h"
#include "model/batch.h"
#include "model/hash.h"

#define HASH_TEXT_SIZE 37 /* a uuid and its NUL */

/* Cells, in order; the row is ended by copy_text_end_row. What does not fit leaves out->full set.
 */
void copy_text_cell(struct buf *out, struct cell cell);
void copy_text_text(struct buf *out, const char *text); /* NULL: SQL NULL */
void copy_text_hash(struct buf *out, struct hash128 hash);
void copy_text_end_row(struct buf *out);

/* As a uuid, the high half first; returns `text`. */
char *hash_format_uuid(struct hash128 hash, char text[HASH_TEXT_SIZE]);

#endif
