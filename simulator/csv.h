/*
 * A made file as records, for faults that know where a row ends.
 *
 * A record ends at a line break outside quotes. That is all that is known of it: this is no reader
 * of values.
 */
#ifndef SIMULATOR_CSV_H
#define SIMULATOR_CSV_H

#include "base/buf.h"

#include <stddef.h>

/* Where the record that begins at `from` ends: behind its line break, or at the end of the file. */
size_t csv_record_end(const struct buf *file, size_t from);

/* Where the header begins: the first record with many fields. The file's end: there is none. */
size_t csv_header(const struct buf *file);

/* Keeps whole records, at most `len` bytes, and the header in any case. */
void csv_shorten(struct buf *file, size_t len);

/* One field more at the end of the header and of every row. */
void csv_widen(struct buf *file, const char *header, const char *value);

/* Another text where `name` first stands in the header. */
void csv_rename(struct buf *file, const char *name, const char *to);

#endif
