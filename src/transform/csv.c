/* SPDX-License-Identifier: MIT */
/* Reads the records of a CSV from the chunks that are fed, and limits a record that has no end. */
#include "transform/csv.h"

#include "base/mem.h"
#include "transform/csv_quoted.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void csv_init(struct csv_reader *reader, char separator, bool cr_ends, size_t max_record)
{
    *reader = (struct csv_reader){
        .separator = separator,
        .cr_ends = cr_ends,
        .max_record = max_record,
        .carry = BUF_INIT(2 * max_record + 2),
        .marks = scan_implementations(),
        .line = 1,
    };
}

void csv_done(struct csv_reader *reader)
{
    buf_done(&reader->carry);
    free(reader->fields);
    *reader = (struct csv_reader){0};
}

void csv_feed(struct csv_reader *reader, const char *bytes, size_t len, bool last)
{
    assert(reader->chunk_len == 0 && !reader->last);
    reader->chunk = bytes;
    reader->chunk_len = len;
    reader->last = last;
    csv_forget_marks(reader);
}

/* Returns room for one more field behind `count` of them. Fields beyond CSV_FIELDS_MAX are not
 * kept. */
static inline struct csv_field *field_at(struct csv_reader *reader, size_t count)
{
    if (count >= CSV_FIELDS_MAX)
        return &reader->surplus;
    if (count == reader->field_room) {
        reader->field_room = reader->field_room ? reader->field_room * 2 : 64;
        reader->fields = mem_grow(reader->fields, reader->field_room, sizeof(*reader->fields));
    }
    return &reader->fields[count];
}

/* Adds the unquoted fields from *at on that end with a separator, as far as marks are known. Nearly
 * all fields are such, so the loop works on local copies of the reader's members. Returns the new
 * number of fields and leaves *at where the next field begins. */
static inline size_t plain_fields(struct csv_reader *reader, struct csv_cursor in, const char **at,
                                  size_t count)
{
    const char separator = reader->separator, *const span = reader->span;
    struct csv_field *const fields = reader->fields;
    const size_t room = reader->field_room;
    const char *start = *at;

    if (start < reader->marked || start >= reader->span_end)
        return count;
    const uint16_t *place = reader->places + reader->place;
    while (*place < (size_t)(start - span))
        place++;
    while (count < room && *place != SCAN_END) {
        const char *mark = span + *place;
        /* A field that begins with a quote or a blank is left to read_record. One comparison finds
         * both; it finds '!' too, which is only slower. */
        if (mark >= in.end || *mark != separator || (unsigned char)(*start - ' ') <= '"' - ' ')
            break;
        fields[count++] = (struct csv_field){.text = start, .len = (size_t)(mark - start)};
        start = mark + 1;
        place++;
    }
    reader->place = (size_t)(place - reader->places);
    reader->marked = *at = start;
    return count;
}

static uint64_t count_lines(const struct csv_reader *reader, const char *from, const char *to)
{
    uint64_t count = 0;
    const char end = reader->cr_ends ? '\r' : '\n';

    while (from < to && (from = memchr(from, end, (size_t)(to - from)))) {
        count++;
        from++;
    }
    return count;
}

/* Makes a record of the first physical line alone, because what follows cannot be trusted. False:
 * the line's end is not in these bytes. */
static bool cut_to_line(const struct csv_reader *reader, struct csv_cursor in,
                        struct csv_record *out, const char **end)
{
    const char *next = csv_next_line(reader, in, in.at);

    if (!next)
        return false;
    size_t len = (size_t)(next - in.at);
    while (len && (in.at[len - 1] == '\n' || in.at[len - 1] == '\r'))
        len--;
    *out = (struct csv_record){
        .raw = in.at, .raw_len = len, .line = reader->line, .lines = 1, .open_quote = true};
    *end = next;
    return true;
}

/* Returns the closing quote of a field that begins with a quote, has no other quote within and a
 * separator behind it, as nearly all quoted fields. NULL if the field is of another kind. */
static inline const char *simple_quote(const struct csv_reader *reader, struct csv_cursor in,
                                       const char *at)
{
    if (at == in.end || *at != '"' || reader->escapes)
        return NULL;
    const char *close = memchr(at + 1, '"', (size_t)(in.end - at) - 1);
    return close && close + 1 < in.end && close[1] == reader->separator ? close : NULL;
}

static inline bool may_be_quoted(const char *at, const char *end)
{
    return at < end && (*at == '"' || *at == ' ');
}

/* Reads one record from the front of `in`. *end becomes the place behind its line end. False if the
 * record's end is not in these bytes. */
static bool read_record(struct csv_reader *reader, struct csv_cursor in, struct csv_record *out,
                        const char **end)
{
    const char *at = in.at;
    bool bad_quote = false;
    uint64_t inner_lines = 0;
    size_t count = 0;

    for (;;) {
        count = plain_fields(reader, in, &at, count);
        const char *start = at;
        const char *close = simple_quote(reader, in, at);
        if (close) {
            inner_lines += count_lines(reader, at, close);
            *field_at(reader, count++) =
                (struct csv_field){.text = at + 1, .len = (size_t)(close - at) - 1, .quoted = true};
            at = close + 1;
        } else if (may_be_quoted(at, in.end)) {
            struct csv_found_field found;
            const enum csv_quote quote = csv_read_quoted(reader, in, start, &found);
            if (quote == CSV_QUOTE_MORE)
                return false;
            if (quote == CSV_QUOTE_OPEN)
                return cut_to_line(reader, in, out, end);
            if (*start == '"') {
                inner_lines += count_lines(reader, start, found.end);
                bad_quote |= quote == CSV_QUOTE_LITERAL;
            }
            *field_at(reader, count++) = found.field;
            at = found.end;
        } else {
            at = csv_plain_end(reader, in, at);
            if (!at)
                return false;
            *field_at(reader, count++) =
                (struct csv_field){.text = start, .len = (size_t)(at - start)};
        }
        if (at < in.end && *at == reader->separator) {
            at++;
            continue;
        }
        break;
    }
    int ending = csv_line_end(reader, in, at);
    if (ending < 0)
        return false;
    *out = (struct csv_record){
        .fields = reader->fields,
        .count = count < CSV_FIELDS_MAX ? count : CSV_FIELDS_MAX,
        .raw = in.at,
        .raw_len = (size_t)(at - in.at),
        .line = reader->line,
        .lines = inner_lines + 1,
        .bad_quote = bad_quote,
        .too_many = count > CSV_FIELDS_MAX,
    };
    *end = at + ending;
    return true;
}

static void consume(struct csv_reader *reader, bool from_carry, size_t len)
{
    if (from_carry) {
        reader->carry_used += len;
    } else {
        reader->chunk += len;
        reader->chunk_len -= len;
    }
}

/* Handles a record that does not end within the limit. If its first line ends within it, a quote
 * was left open there: only that line is delivered. Else the line's beginning is delivered and the
 * rest of the line skipped. */
static void give_up(struct csv_reader *reader, struct csv_cursor in, bool from_carry,
                    struct csv_record *out)
{
    size_t len = reader->max_record;
    const char *newline = memchr(in.at, '\n', len);

    if (newline) {
        const char *end;
        struct csv_cursor first = {.at = in.at, .end = newline + 1};
        cut_to_line(reader, first, out, &end);
        len = (size_t)(end - in.at);
        reader->line++;
    } else {
        *out = (struct csv_record){
            .raw = in.at, .raw_len = len, .line = reader->line, .lines = 1, .too_long = true};
        reader->skipping = true;
    }
    consume(reader, from_carry, len);
}

/* Returns the bytes to read next: at most one more than a record may have, so that no scan runs to
 * the end of a file. */
static struct csv_cursor cursor_of(const struct csv_reader *reader, bool from_carry)
{
    struct csv_cursor in = {
        .at = reader->chunk, .end = reader->chunk + reader->chunk_len, .last = reader->last};

    if (from_carry) {
        in.at = buf_text(&reader->carry) + reader->carry_used;
        in.end = buf_text(&reader->carry) + reader->carry.len;
        in.last = reader->last && reader->chunk_len == 0;
    }
    if ((size_t)(in.end - in.at) > reader->max_record + 1) {
        in.end = in.at + reader->max_record + 1;
        in.last = false;
    }
    return in;
}

/* Moves more of the chunk behind the carried bytes: through the next line end, and at least as many
 * bytes as are carried already. So a long record is scanned only a logarithmic number of times. */
static void refill(struct csv_reader *reader)
{
    buf_drop_front(&reader->carry, reader->carry_used);
    reader->carry_used = 0;
    csv_forget_marks(reader);

    size_t least = reader->carry.len < reader->chunk_len ? reader->carry.len : reader->chunk_len;
    const char *newline = memchr(reader->chunk + least, '\n', reader->chunk_len - least);
    size_t len = newline ? (size_t)(newline - reader->chunk) + 1 : reader->chunk_len;
    size_t room = reader->carry.max - reader->carry.len;
    if (len > room)
        len = room;
    buf_add(&reader->carry, reader->chunk, len);
    reader->chunk += len;
    reader->chunk_len -= len;
}

/* Drops the rest of a record that is too long; false if its line goes on in the next chunk. */
static bool skip_rest(struct csv_reader *reader, struct csv_cursor in, bool from_carry)
{
    const char *next = csv_next_line(reader, in, in.at);

    if (next) {
        reader->skipping = false;
        reader->line++;
    } else {
        next = in.end;
        if (next > in.at && next[-1] == '\r')
            next--; /* its LF may be the first byte of the next chunk */
    }
    consume(reader, from_carry, (size_t)(next - in.at));
    return !reader->skipping;
}

enum csv_status csv_next(struct csv_reader *reader, struct csv_record *out)
{
    for (;;) {
        bool from_carry = reader->carry.len > reader->carry_used;
        struct csv_cursor in = cursor_of(reader, from_carry);
        const char *end;

        if (in.at == in.end && in.last)
            return CSV_END;
        if (reader->skipping && in.at < in.end) {
            if (skip_rest(reader, in, from_carry))
                continue;
        } else if (in.at < in.end) {
            if (read_record(reader, in, out, &end) && (size_t)(end - in.at) <= reader->max_record) {
                reader->from_carry = from_carry;
                reader->record_len = (size_t)(end - in.at);
                reader->line += out->lines;
                consume(reader, from_carry, reader->record_len);
                return CSV_RECORD;
            }
            if ((size_t)(in.end - in.at) > reader->max_record) {
                give_up(reader, in, from_carry, out);
                return CSV_RECORD;
            }
        }
        if (reader->chunk_len) {
            refill(reader);
            continue;
        }
        if (reader->last)
            continue; /* the carried bytes are the last ones: read them as such */
        return CSV_MORE;
    }
}

void csv_take_back(struct csv_reader *reader, struct csv_record *record)
{
    struct csv_cursor in = {
        .at = record->raw, .end = record->raw + reader->record_len, .last = true};
    const char *end = in.end;

    assert(record->lines > 1 && !record->open_quote);
    if (reader->from_carry) {
        reader->carry_used -= reader->record_len;
    } else {
        reader->chunk -= reader->record_len;
        reader->chunk_len += reader->record_len;
    }
    reader->line -= record->lines;
    cut_to_line(reader, in, record, &end);
    consume(reader, reader->from_carry, (size_t)(end - in.at));
    reader->line++;
}
