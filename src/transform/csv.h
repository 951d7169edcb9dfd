/*
 * The CSV reader: bytes to records, nothing else. It knows no encoding, no column and no type.
 *
 *     csv_init(&reader, ';', false, CSV_RECORD_MAX);
 *     csv_feed(&reader, bytes, len, true);            the whole mapped file, or any chunks
 *     while (csv_next(&reader, &record) == CSV_RECORD)
 *         ...
 *     csv_done(&reader);
 *
 * Zero-copy: fields are views into the fed bytes, or into the reader's own buffer for a record that
 * spans two chunks; they are valid until the next call. Any chunking gives the same records.
 * Bounded: a record longer than max_record is delivered with `too_long` and skipped to its line's
 * end.
 *
 * Lenient where portals are careless, and never silent about it:
 *   - a field is quoted if its first byte that is no blank is a quote; inside, "" is one quote;
 *     blanks between quotes and separators do not count;
 *   - text after a closing quote (`"POSTE" caído`) makes the field literal, quotes and all
 *     (`bad_quote`); but quotes around the whole of it (`""x""`, `"a "b" c"`) enclose it;
 *   - a line ends with LF, CRLF or CRCRLF;
 *   - a quote that is never closed costs one line, not the rest of the file (`open_quote`); reading
 *     goes on with the next one. csv_take_back does the same for a record of several lines that the
 *     caller finds implausible.
 */
#ifndef TRANSFORM_CSV_H
#define TRANSFORM_CSV_H

#include "base/buf.h"
#include "transform/scan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CSV_RECORD_MAX = 16 * 1024 * 1024, CSV_FIELDS_MAX = 4096 };

struct csv_field {
    const char *text; /* without the enclosing quotes */
    size_t len;
    bool quoted;
    bool doubled; /* holds "" pairs, or \" ones: see csv_unquote */
    bool escaped; /* a backslash escapes quotes */
};

struct csv_record {
    const struct csv_field *fields;
    size_t count;    /* a blank line is one empty field; at most CSV_FIELDS_MAX */
    const char *raw; /* the record's bytes without its line end */
    size_t raw_len;
    uint64_t line;  /* physical line on which it begins, from 1 */
    uint64_t lines; /* physical lines it spans */
    bool bad_quote;
    bool open_quote; /* raw is only the first line; no fields */
    bool too_long;   /* raw is only the beginning; no fields */
    bool too_many;   /* there were fields beyond CSV_FIELDS_MAX */
};

struct csv_reader {
    char separator;
    bool cr_ends; /* a lone CR ends a record (files without any LF) */
    bool escapes; /* within quotes \" is a quote and closes nothing, as MySQL and PHP write it; the
                     caller sets it after csv_init */
    size_t max_record;

    const char *chunk; /* what was fed and is not read yet */
    size_t chunk_len;
    bool last;
    struct buf carry; /* a record that began in an earlier chunk */
    size_t carry_used;

    const struct scan_implementation
        *marks;                  /* how they are found; csv_init takes the fastest way */
    const char *span, *span_end; /* where marks were last looked for, */
    uint16_t places[SCAN_ROOM];  /* what was found there, */
    size_t place;                /* and the first that was not passed yet */
    const char *marked;          /* from here on */

    struct csv_field *fields;
    struct csv_field surplus; /* where fields beyond CSV_FIELDS_MAX go */
    size_t field_room;
    uint64_t line;     /* of the next byte */
    bool skipping;     /* inside the rest of a too long record */
    bool from_carry;   /* where the last record lies, for csv_take_back */
    size_t record_len; /* its bytes with its line end */
};

enum csv_status {
    CSV_RECORD,
    CSV_MORE, /* feed the next chunk */
    CSV_END,
};

void csv_init(struct csv_reader *reader, char separator, bool cr_ends, size_t max_record);
void csv_done(struct csv_reader *reader); /* accepts a zeroed one */

/* Hands over the next chunk; only when nothing was fed yet or csv_next said CSV_MORE. The bytes
 * must stay where they are until then. `last`: no chunk follows. */
void csv_feed(struct csv_reader *reader, const char *bytes, size_t len, bool last);

enum csv_status csv_next(struct csv_reader *reader, struct csv_record *out);

/* Gives back all but the first physical line of the record that csv_next delivered last: `record`
 * becomes that line with open_quote set, and reading goes on at the following one. Only for lines
 * > 1. */
void csv_take_back(struct csv_reader *reader, struct csv_record *record);

struct csv_field csv_undouble(struct csv_field field, struct buf *scratch);

/* The field's text with "" and, where a backslash escapes, \" turned into "; in scratch if it had
 * to be changed. */
static inline struct csv_field csv_unquote(struct csv_field field, struct buf *scratch)
{
    return field.doubled ? csv_undouble(field, scratch) : field;
}

#endif
