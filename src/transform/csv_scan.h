/*
 * The state of the CSV reader, and how it finds separators and line ends. Only csv.h and
 * csv_quoted.h include it. The functions are inline because the reader spends nearly all its time
 * in them.
 */
#ifndef TRANSFORM_CSV_SCAN_H
#define TRANSFORM_CSV_SCAN_H

#include "base/buf.h"
#include "transform/csv_record.h"
#include "transform/scan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A stretch of bytes that is read from the front. */
struct csv_cursor {
    const char *at, *end;
    bool last; /* nothing follows `end` */
};

struct csv_reader {
    char separator;
    bool cr_ends; /* a lone CR ends a record (files without any LF) */
    /* Within quotes \" is a quote and does not close the field, as MySQL and PHP write it. The
     * caller sets this after csv_init. */
    bool escapes;
    size_t max_record;

    const char *chunk; /* bytes that were fed and are not read yet */
    size_t chunk_len;
    bool last;
    struct buf carry; /* a record that began in an earlier chunk */
    size_t carry_used;

    /* Finds the marks; csv_init takes the fastest implementation. */
    const struct scan_implementation *marks;
    const char *span, *span_end; /* the bytes in which marks were last looked for */
    uint16_t places[SCAN_ROOM];  /* the marks found there, as offsets from `span` */
    size_t place;                /* index in `places` of the first mark that was not passed yet */
    const char *marked;          /* `place` is valid for bytes from here on */

    struct csv_field *fields;
    struct csv_field surplus; /* where fields beyond CSV_FIELDS_MAX go */
    size_t field_room;
    uint64_t line;     /* physical line of the next byte */
    bool skipping;     /* inside the rest of a too long record */
    bool from_carry;   /* the last record lies in `carry`: for csv_take_back */
    size_t record_len; /* bytes of the last record with its line end */
};

/* Forgets the marks that were found, because the bytes moved or are read again. */
static inline void csv_forget_marks(struct csv_reader *reader)
{
    reader->span = reader->span_end = reader->marked = NULL;
}

/* Returns how many bytes of a line end stand at `at`: 0 if there is none, -1 if the next chunk
 * decides. */
static inline int csv_line_end(const struct csv_reader *reader, struct csv_cursor in,
                               const char *at)
{
    if (at == in.end)
        return in.last ? 0 : -1;
    if (*at == '\n')
        return 1;
    if (*at != '\r')
        return 0;
    if (at + 1 == in.end)
        return in.last ? 1 : -1;
    if (at[1] == '\n')
        return 2;
    /* A program that writes CRLF to a file in which each LF becomes CRLF makes CRCRLF. */
    if (at[1] == '\r' && at + 2 == in.end && !in.last)
        return -1;
    if (at[1] == '\r' && at + 2 < in.end && at[2] == '\n')
        return 3;
    return reader->cr_ends;
}

/* Returns where the next line begins at or behind `from`; NULL if that is not in these bytes. */
static inline const char *csv_next_line(const struct csv_reader *reader, struct csv_cursor in,
                                        const char *from)
{
    for (const char *at = from; at < in.end; at++) {
        if (*at == '\n' || *at == '\r') {
            int len = csv_line_end(reader, in, at);
            if (len)
                return len > 0 ? at + len : NULL;
        }
    }
    return in.last ? in.end : NULL;
}

/* Returns the first separator, LF or CR at or behind `at`; NULL if these bytes hold none. */
static inline const char *csv_next_mark(struct csv_reader *reader, struct csv_cursor in,
                                        const char *at)
{
    if (at < reader->marked) /* bytes that were passed are read again */
        csv_forget_marks(reader);
    reader->marked = at;
    for (;;) {
        if (at < reader->span_end) {
            const size_t from = (size_t)(at - reader->span);
            while (reader->places[reader->place] < from)
                reader->place++;
            if (reader->places[reader->place] != SCAN_END) {
                const char *mark = reader->span + reader->places[reader->place];
                return mark < in.end ? mark : NULL;
            }
            at = reader->span_end;
        }
        const size_t left = (size_t)(in.end - at);
        if (left == 0)
            return NULL;
        const size_t len = left < SCAN_SPAN ? left : SCAN_SPAN;
        reader->span = reader->marked = at;
        reader->span_end = at + len;
        reader->place = 0;
        reader->marks->list(at, len, reader->separator, reader->places);
    }
}

/* Returns the end of an unquoted field that goes on at `at`; NULL if it is not in these bytes. */
static inline const char *csv_plain_end(struct csv_reader *reader, struct csv_cursor in,
                                        const char *at)
{
    for (;;) {
        const char *mark = csv_next_mark(reader, in, at);
        if (!mark)
            return in.last ? in.end : NULL;
        if (*mark != '\r' || reader->separator == '\r')
            return mark;
        int len = csv_line_end(reader, in, mark);
        if (len)
            return len > 0 ? mark : NULL;
        at = mark + 1;
    }
}

#endif
