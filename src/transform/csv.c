/* SPDX-License-Identifier: MIT */
/* The CSV reader. */
#include "transform/csv.h"

#include "base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A stretch of bytes that is read from the front. */
struct cursor {
    const char *at, *end;
    bool last; /* nothing follows `end` */
};

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

/* What was found is not valid any more: the bytes are no longer where they were, or are read again.
 */
static void forget_marks(struct csv_reader *reader)
{
    reader->span = reader->span_end = reader->marked = NULL;
}

void csv_feed(struct csv_reader *reader, const char *bytes, size_t len, bool last)
{
    assert(reader->chunk_len == 0 && !reader->last);
    reader->chunk = bytes;
    reader->chunk_len = len;
    reader->last = last;
    forget_marks(reader);
}

/* Room for one field more behind `count` of them. Fields beyond the limit are not kept. */
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

/* How many bytes of a line end stand at `at`: 0 if none does, -1 if the next chunk decides. */
static inline int line_end(const struct csv_reader *reader, struct cursor in, const char *at)
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

static const char *next_line(const struct csv_reader *reader, struct cursor in, const char *from)
{
    for (const char *at = from; at < in.end; at++) {
        if (*at == '\n' || *at == '\r') {
            int len = line_end(reader, in, at);
            if (len)
                return len > 0 ? at + len : NULL;
        }
    }
    return in.last ? in.end : NULL;
}

/* The first separator, LF or CR at or behind `at`; NULL if these bytes hold none. */
static inline const char *next_mark(struct csv_reader *reader, struct cursor in, const char *at)
{
    if (at < reader->marked) /* what was passed is read once more */
        forget_marks(reader);
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

/* The unquoted fields from *at on that end with a separator, as far as marks are known: nearly all
 * there are, so this keeps to registers. Returns how many fields there are then, and leaves *at
 * where the next begins. */
static inline size_t plain_fields(struct csv_reader *reader, struct cursor in, const char **at,
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
        /* A quote or a blank: one comparison for both, and for '!' too, which costs nothing. */
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

/* The end of an unquoted field that goes on at `at`, NULL if it is not in these bytes. */
static inline const char *plain_end(struct csv_reader *reader, struct cursor in, const char *at)
{
    for (;;) {
        const char *mark = next_mark(reader, in, at);
        if (!mark)
            return in.last ? in.end : NULL;
        if (*mark != '\r' || reader->separator == '\r')
            return mark;
        int len = line_end(reader, in, mark);
        if (len)
            return len > 0 ? mark : NULL;
        at = mark + 1;
    }
}

enum quote { QUOTE_CLOSED, QUOTE_LITERAL, QUOTE_OPEN, QUOTE_MORE };

/* Behind the blanks at `at`. A tab is one unless it separates. */
static inline const char *skip_blanks(const struct csv_reader *reader, const char *at,
                                      const char *end)
{
    while (at < end && (*at == ' ' || (*at == '\t' && reader->separator != '\t')))
        at++;
    return at;
}

/* Whether a backslash escapes the quote at p: an odd number of them stands before it. */
static bool is_escaped(const char *start, const char *p)
{
    size_t count = 0;

    while (p > start && p[-1] == '\\') {
        p--;
        count++;
    }
    return count % 2;
}

/* Follows a quoted field from behind its opening quote to behind its closing one. *after: behind
 * the blanks that follow. */
static inline __attribute__((always_inline)) enum quote
quoted_end(const struct csv_reader *reader, struct cursor in, const char **at, const char **after,
           bool *doubled)
{
    const char *p = *at;

    for (;;) {
        p = memchr(p, '"', (size_t)(in.end - p));
        if (!p)
            return in.last ? QUOTE_OPEN : QUOTE_MORE;
        if (p + 1 == in.end && !in.last)
            return QUOTE_MORE;
        if (reader->escapes && is_escaped(*at, p)) {
            *doubled = true;
            p++;
            continue;
        }
        if (p + 1 < in.end && p[1] == '"') {
            *doubled = true;
            p += 2;
            continue;
        }
        *at = *after = p + 1;
        if (p + 1 < in.end && p[1] == reader->separator)
            return QUOTE_CLOSED;
        *after = skip_blanks(reader, p + 1, in.end);
        if (*after == in.end)
            return in.last ? QUOTE_CLOSED : QUOTE_MORE;
        if (**after == reader->separator)
            return QUOTE_CLOSED;
        int len = line_end(reader, in, *after);
        if (len < 0)
            return QUOTE_MORE;
        return len ? QUOTE_CLOSED : QUOTE_LITERAL;
    }
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

/* The first physical line only, when what follows cannot be trusted. */
static bool cut_to_line(const struct csv_reader *reader, struct cursor in, struct csv_record *out,
                        const char **end)
{
    const char *next = next_line(reader, in, in.at);

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

/* Finds the opening quote of a field that begins with blanks; *open is NULL if it has none that is
 * closed on the same line: a blank and a stray quote are a text. False: the next chunk decides. */
static bool find_open_quote(const struct csv_reader *reader, struct cursor in, const char *start,
                            const char **open)
{
    const char *quote = skip_blanks(reader, start, in.end), *end = quote + 1, *after;
    bool doubled = false;

    *open = NULL;
    if (quote == in.end)
        return in.last;
    if (*quote != '"')
        return true;
    const char *line = next_line(reader, in, quote);
    if (!line)
        return false;
    const struct cursor rest = {.at = start, .end = line, .last = true};
    if (quoted_end(reader, rest, &end, &after, &doubled) == QUOTE_CLOSED)
        *open = quote;
    return true;
}

/* A literal field: quotes around the whole of it are its enclosing ones, whatever is inside. */
static struct csv_field literal_field(const struct csv_reader *reader, const char *start,
                                      const char *end)
{
    struct csv_field field = {.text = start, .len = (size_t)(end - start)};
    const char *last = end;

    while (last > start && (last[-1] == ' ' || (last[-1] == '\t' && reader->separator != '\t')))
        last--;
    while (last - start >= 2 && *start == '"' && last[-1] == '"') {
        start++;
        last--;
        field = (struct csv_field){
            .text = start,
            .len = (size_t)(last - start),
            .quoted = true,
            .doubled = memmem(start, (size_t)(last - start), "\"\"", 2),
        };
    }
    return field;
}

/* What a field turned out to be. */
struct found_field {
    struct csv_field field;
    const char *end; /* at the separator or line end behind it */
};

/* Reads a field that begins with a quote or a blank: QUOTE_MORE if its end is not there, QUOTE_OPEN
 * if it has none. */
static __attribute__((noinline)) enum quote read_quoted(struct csv_reader *reader, struct cursor in,
                                                        const char *start, struct found_field *out)
{
    const char *open = *start == '"' ? start : NULL;
    bool doubled = false;

    if (!open && !find_open_quote(reader, in, start, &open))
        return QUOTE_MORE;
    const char *at = open ? open + 1 : start;
    if (open) {
        const enum quote quote = quoted_end(reader, in, &at, &out->end, &doubled);
        out->field = (struct csv_field){.text = open + 1,
                                        .len = (size_t)(at - open) - 2,
                                        .quoted = true,
                                        .doubled = doubled,
                                        .escaped = reader->escapes};
        if (quote != QUOTE_LITERAL)
            return quote;
    }
    out->end = plain_end(reader, in, at);
    if (!out->end)
        return QUOTE_MORE;
    out->field = open ? literal_field(reader, start, out->end)
                      : (struct csv_field){.text = start, .len = (size_t)(out->end - start)};
    return QUOTE_LITERAL;
}

/* The closing quote of a field that begins with a quote, has no other within and a separator behind
 * it, as nearly all quoted ones; NULL if it is another field. */
static inline const char *simple_quote(const struct csv_reader *reader, struct cursor in,
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

/* Reads one record from the front of `in`; false if its end is not there. *end: behind its line
 * end. */
static bool read_record(struct csv_reader *reader, struct cursor in, struct csv_record *out,
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
            struct found_field found;
            const enum quote quote = read_quoted(reader, in, start, &found);
            if (quote == QUOTE_MORE)
                return false;
            if (quote == QUOTE_OPEN)
                return cut_to_line(reader, in, out, end);
            if (*start == '"') {
                inner_lines += count_lines(reader, start, found.end);
                bad_quote |= quote == QUOTE_LITERAL;
            }
            *field_at(reader, count++) = found.field;
            at = found.end;
        } else {
            at = plain_end(reader, in, at);
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
    int ending = line_end(reader, in, at);
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

/* A record that does not end within the limit. If its first line does, a quote was left open there;
 * else the line's beginning is delivered and the rest of it skipped. */
static void give_up(struct csv_reader *reader, struct cursor in, bool from_carry,
                    struct csv_record *out)
{
    size_t len = reader->max_record;
    const char *newline = memchr(in.at, '\n', len);

    if (newline) {
        const char *end;
        struct cursor first = {.at = in.at, .end = newline + 1};
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

/* The bytes to read next; no more than a record may have, so that no scan runs to the end of a
 * file. */
static struct cursor cursor_of(const struct csv_reader *reader, bool from_carry)
{
    struct cursor in = {
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

/* Moves more of the chunk behind the carried bytes: through the next line end, and at least as much
 * as is there already, so that a long record is scanned a logarithmic number of times. */
static void refill(struct csv_reader *reader)
{
    buf_drop_front(&reader->carry, reader->carry_used);
    reader->carry_used = 0;
    forget_marks(reader);

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

/* Drops what is left of a too long record; false if its line goes on in the next chunk. */
static bool skip_rest(struct csv_reader *reader, struct cursor in, bool from_carry)
{
    const char *next = next_line(reader, in, in.at);

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
        struct cursor in = cursor_of(reader, from_carry);
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
    struct cursor in = {.at = record->raw, .end = record->raw + reader->record_len, .last = true};
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

struct csv_field csv_undouble(struct csv_field field, struct buf *scratch)
{
    const char *at = field.text, *end = field.text + field.len;

    buf_reset(scratch);
    while (at < end) {
        const char *quote = memchr(at, '"', (size_t)(end - at));
        const char *stop = quote ? quote : end;
        const bool escaped = quote && field.escaped && is_escaped(at, quote);
        buf_add(scratch, at, (size_t)(stop - at) - escaped);
        if (quote)
            buf_add_char(scratch, '"');
        at = !quote ? end : quote + (quote + 1 < end && quote[1] == '"' && !escaped ? 2 : 1);
    }
    return (struct csv_field){.text = buf_text(scratch), .len = scratch->len, .quoted = true};
}
