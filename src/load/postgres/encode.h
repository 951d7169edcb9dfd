/*
 * Encodes values for PostgreSQL: the binary and the text format of COPY, and arrays. A buffer in
 * which a value does not fit has `full` set.
 *
 * The binary format costs the server three quarters of what the text format costs it. The server
 * does not convert binary values, so their types must be those of the table. They are: a report's
 * table with other types than postgres_sql_create_table writes is refused (postgres/table.c;
 * varchar has the same form as text).
 */
#ifndef LOAD_POSTGRES_ENCODE_H
#define LOAD_POSTGRES_ENCODE_H

#include "base/buf.h"
#include "model/batch.h"
#include "model/hash.h"
#include "model/report.h"

/* The binary format: a header; rows, each the number of its cells and then the cells; an end. A
 * cell is a length and bytes in network order. */
void copy_binary_begin(struct buf *out);
void copy_binary_begin_row(struct buf *out, size_t cells);
void copy_binary_hash(struct buf *out, struct hash128 hash); /* as a uuid, the high half first */
void copy_binary_end(struct buf *out);

/* Adds a cell in the form in which all values are kept: yyyy-mm-dd, HH:MM:SS, or both with a space
 * between. Returns false, and adds nothing, if the text is no such value. */
bool copy_binary_cell(struct buf *out, enum column_type type, struct cell cell);

/* The text format: one line a row, a tab between cells, \N for NULL, and a backslash before each
 * character that would end a cell, a row or the data. Cells are added in order; copy_text_end_row
 * ends the row. */
void copy_text_cell(struct buf *out, struct cell cell);
void copy_text_text(struct buf *out, const char *text); /* NULL: SQL NULL */
void copy_text_hash(struct buf *out, struct hash128 hash);
void copy_text_end_row(struct buf *out);

/* An array, {"a","b",NULL}: every element that is not NULL is quoted, so that no character in it
 * has a meaning. Elements are added in order. array_text_end ends the array and returns its text,
 * borrowed from `out`. */
void array_text_cell(struct buf *out, struct cell cell);
void array_text_hash(struct buf *out, struct hash128 hash);
const char *array_text_end(struct buf *out);

/* Writes a hash as a uuid, the high half first; returns `text`. */
#define HASH_TEXT_SIZE 37 /* a uuid and its NUL */
char *hash_format_uuid(struct hash128 hash, char text[HASH_TEXT_SIZE]);

#endif
