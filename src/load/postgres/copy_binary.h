/*
 * The binary format of COPY, which the server takes in three quarters of the time that the text format
 * costs it: a header, rows that begin with the number of their cells, each cell a length and bytes in
 * network order, an end.
 *
 * The server believes the bytes, so the types must be the table's own. They are: a report's table has
 * exactly the types that postgres_sql_create_table writes, or is refused (postgres/table.c; varchar
 * reads what text does).
 */
#ifndef LOAD_POSTGRES_COPY_BINARY_H
#define LOAD_POSTGRES_COPY_BINARY_H

#include "base/buf.h"
#include "model/batch.h"
#include "model/hash.h"
#include "model/report.h"

/* What does not fit leaves out->full set. */
void copy_binary_begin(struct buf *out);
void copy_binary_begin_row(struct buf *out, size_t cells);
void copy_binary_hash(struct buf *out, struct hash128 hash); /* as a uuid, the high half first */
void copy_binary_end(struct buf *out);

/* A cell in the form in which all values are kept: yyyy-mm-dd, HH:MM:SS, both with a space between.
 * False, and nothing added: it is no such value. */
bool copy_binary_cell(struct buf *out, enum column_type type, struct cell cell);

#endif
