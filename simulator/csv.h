/*
 * Splits a file of the simulator into records, for faults that need to know where a row ends.
 *
 * A record ends at a line break outside quotes. Values are not read.
 */
#ifndef SIMULATOR_CSV_H
#define SIMULATOR_CSV_H

#include "base/buf.h"

#include <stddef.h>

/* Returns where the record that begins at `from` ends: behind its line break, or at the end of the
 * file. */
size_t csv_record_end(const struct buf *file, size_t from);

/* Returns where the header begins: the first record with at least 6 fields. Without a header it is
 * the end of the file. */
size_t csv_header(const struct buf *file);

/* Cuts the file to whole records of at most `len` bytes together, but always keeps the header. */
void csv_shorten(struct buf *file, size_t len);

/* Adds a field at the end of the header and of every row. */
void csv_widen(struct buf *file, const char *header, const char *value);

/* Replaces the first `name` in the header by `to`. */
void csv_rename(struct buf *file, const char *name, const char *to);

#endif
