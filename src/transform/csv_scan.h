/*
 * The inner half of the CSV reader: its state, and how it finds separators and line ends. For csv.c
 * and csv_quoted.c alone; inline, because nearly all of the reader's time is spent here.
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

/* What was found is not valid any more: the bytes are no longer where they were, or are read again.
 */
static inline void csv_forget_marks(struct csv_reader *reader)
{
    reader->span = reader->span_end = reader->marked = NULL;
}

/* How many bytes of a line end stand at `at`: 0 if none does, -1 if the next chunk decides. */
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
    /* CRCRLF: a program that writes CRLF to a file that turns each LF into CRLF. */
    if (at[1] == '\r' && at + 2 == in.end && !in.last)
        return -1;
    if (at[1] == '\r' && at + 2 < in.end && at[2] == '\n')
        return 3;
    return reader->cr_ends;
}

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

/* The first separator, LF or CR at or behind `at`; NULL if these bytes hold none. */
static inline const char *csv_next_mark(struct csv_reader *reader, struct csv_cursor in,
                                        const char *at)
{
    if (at < reader->marked) /* what was passed is read once more */
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

/* The end of an unquoted field that goes on at `at`, NULL if it is not in these bytes. */
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
