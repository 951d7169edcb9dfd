/*
 * The CSV reader: splits bytes into records and fields. It knows no encoding, column or type.
 *
 *     csv_init(&reader, ';', false, CSV_RECORD_MAX);
 *     csv_feed(&reader, bytes, len, true);            the whole mapped file, or any chunks
 *     while (csv_next(&reader, &record) == CSV_RECORD)
 *         ...
 *     csv_done(&reader);
 *
 * Fields are not copied: they are views into the fed bytes, or into the reader's own buffer for a
 * record that spans two chunks. They are valid until the next call. The records do not depend on
 * how the bytes are cut into chunks. A record longer than max_record bytes is delivered with
 * `too_long`, and the rest of its line is skipped.
 *
 * It accepts the mistakes that portals make, and a flag of the record says which one it met:
 *   - a field is quoted if its first byte that is not a blank is a quote; inside, "" is one quote;
 *     blanks between quotes and separators are ignored;
 *   - text after a closing quote (`"POSTE" caído`) makes the field literal, quotes and all
 *     (`bad_quote`); but quotes around the whole of it (`""x""`, `"a "b" c"`) enclose it;
 *   - a line ends with LF, CRLF or CRCRLF;
 *   - a quote that is never closed makes one line unusable, not the rest of the file
 *     (`open_quote`); reading goes on with the next line. csv_take_back does the same for a
 *     record of several lines that the caller does not believe.
 */
#ifndef TRANSFORM_CSV_H
#define TRANSFORM_CSV_H

#include "transform/csv_record.h"
#include "transform/csv_scan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CSV_RECORD_MAX = 16 * 1024 * 1024 }; /* bytes: what callers pass to csv_init */

enum csv_status {
    CSV_RECORD,
    CSV_MORE, /* feed the next chunk */
    CSV_END,
};

/* Begins a file. `cr_ends`: a lone CR ends a record (files without any LF). `max_record`: the
 * longest record in bytes. */
void csv_init(struct csv_reader *reader, char separator, bool cr_ends, size_t max_record);
void csv_done(struct csv_reader *reader); /* accepts a zeroed one */

/* Hands over the next chunk. Call it first, and then only when csv_next returned CSV_MORE. The
 * bytes must stay in place until that. `last`: no chunk follows. */
void csv_feed(struct csv_reader *reader, const char *bytes, size_t len, bool last);

/* Reads the next record. Its views are valid until the next call. *out is filled with CSV_RECORD
 * only. */
enum csv_status csv_next(struct csv_reader *reader, struct csv_record *out);

/* Gives back all but the first physical line of the record that csv_next delivered last. `record`
 * becomes that line with open_quote set, and reading goes on at the line behind it. The record must
 * have more than one line and no open_quote. */
void csv_take_back(struct csv_reader *reader, struct csv_record *record);

#endif
