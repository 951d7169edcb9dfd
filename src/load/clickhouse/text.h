/*
 * Names, values and rows as ClickHouse writes and reads them (pure). A backslash escapes in all
 * three, in every version since 18.16; doubled quotes do not.
 */
#ifndef LOAD_CLICKHOUSE_TEXT_H
#define LOAD_CLICKHOUSE_TEXT_H

#include "base/buf.h"
#include "load/clickhouse/site.h"
#include "model/encoded_row.h"
#include "model/hash.h"

#include <stdbool.h>
#include <stddef.h>

/* Add "a name" and 'a text' to a statement. */
void clickhouse_add_name(struct buf *sql, const char *name);
void clickhouse_add_literal(struct buf *sql, const char *text);

/* Appends a statement with the values in the place of $1, $2 and so on; NULL is SQL NULL. What
 * looks like one within a text or a quoted name stays. Aborts if there is no such value: statements
 * are the program's. */
void clickhouse_bind(struct buf *out, const char *sql, const char *const *values, size_t count);

/* Appends a field of TabSeparated; the caller adds the tab or the line feed behind it. A cell
 * without text is \N, which is NULL. */
void clickhouse_add_field(struct buf *row, struct cell cell);

/* Add a field with the tab behind it. */
void clickhouse_add_cell(struct buf *row, struct cell cell);
void clickhouse_add_text(struct buf *row, const char *text);

/* Adds an element of an array in TabSeparated: in quotes, escaped for the field and for the quote,
 * or NULL. The caller adds the brackets. */
void clickhouse_add_element(struct buf *row, bool first, struct cell cell);

/* Reads a UUID of 36 characters as the two halves of a hash. */
bool clickhouse_read_hash(struct cell cell, struct hash128 *out);
/* Appends a hash as a UUID. */
void clickhouse_add_hash(struct buf *row, struct hash128 hash);

/* Takes a line of TabSeparated apart: writes the decoded fields over it and points `cells` there.
 * Returns how many fields there are, of which at most `room` are in `cells`. Each is ended by a
 * NUL. `len` does not count the line feed, in whose place there may be a NUL. */
size_t clickhouse_split(char *line, size_t len, struct cell *cells, size_t room);

/* Adds " ON CLUSTER NAME" where a cluster runs DDL by itself. */
void clickhouse_add_on_cluster(struct buf *sql, struct clickhouse_site site);

#endif
