/* SPDX-License-Identifier: MIT */
/* Splits lines without trusting their quotes, finds rows that two stray quotes have joined to one
 * record, and decides what stray quotes mean for a record and for a file. */
#include "transform/stray_quotes.h"

#include "base/mem.h"
#include "transform/values.h"

#include <string.h>

/* Returns the place behind the closing quote of a well quoted field; NULL if the field is not well
 * quoted. */
static const char *closed_quote(const char *at, const char *end, char separator)
{
    if (at == end || *at != '"')
        return NULL;
    while ((at = memchr(at + 1, '"', (size_t)(end - at) - 1))) {
        if (at + 1 == end || at[1] == separator)
            return at + 1;
        if (at[1] != '"')
            return NULL;
        at++;
    }
    return NULL;
}

struct csv_field piece_drop_quotes(struct csv_field field)
{
    for (; field.len && *field.text == '"'; field.len--)
        field.text++;
    while (field.len && field.text[field.len - 1] == '"')
        field.len--;
    return field;
}

struct csv_field piece_next(const char **at, const char *end, char separator)
{
    const char *from = *at, *closed = closed_quote(from, end, separator);
    const char *stop = closed ? closed : memchr(from, separator, (size_t)(end - from));

    *at = stop && stop < end ? stop + 1 : NULL;
    if (closed)
        return (struct csv_field){
            .text = from + 1, .len = (size_t)(closed - from) - 2, .quoted = true, .doubled = true};
    return piece_drop_quotes(
        (struct csv_field){.text = from, .len = (size_t)((stop ? stop : end) - from)});
}

struct pieces pieces_split(const char *line, size_t len, char separator)
{
    struct pieces out = {.fields = NULL};
    const char *at = line;
    size_t room = 0;

    while (at && out.count < CSV_FIELDS_MAX) {
        if (out.count == room) {
            room = room ? room * 2 : 64;
            out.fields = mem_grow(out.fields, room, sizeof(*out.fields));
        }
        out.fields[out.count++] = piece_next(&at, line + len, separator);
    }
    return out;
}

/* Whether no value of the column goes over several lines: it holds dates or times, or is a key
 * column. */
static bool is_of_one_line(const struct report *report, size_t column)
{
    return report_is_key(report, column) || report->columns[column].type != COLUMN_TEXT;
}

static bool has_broken_value(const struct csv_record *record, const struct report *report,
                             const struct layout *layout, char line_end)
{
    for (size_t i = 0; i < record->count; i++) {
        const struct csv_field *field = &record->fields[i];
        if (!field->quoted || !field->len || !memchr(field->text, line_end, field->len))
            continue;
        for (size_t c = 0; c < report->column_count; c++)
            if (layout->map.field_of[c] == (int)i && is_of_one_line(report, c))
                return true;
    }
    return false;
}

/* What the beginning of a line tells about whether the line is a row. */
struct line_start {
    bool has_date; /* where rows have their window date */
    bool number;   /* the first value of its key is a number */
};

static bool is_number(struct csv_field field)
{
    for (size_t i = 0; i < field.len; i++)
        if (field.text[i] < '0' || field.text[i] > '9')
            return false;
    return field.len > 0;
}

/* Returns the field of the first key column that is not the window date; -1 if the header lacks
 * it. */
static int first_key_field(const struct report *report, const struct layout *layout)
{
    for (size_t i = 0; i < report->key_count; i++)
        if (report->key[i] != report->window_date)
            return layout->map.field_of[report->key[i]];
    return -1;
}

static struct line_start read_line_start(const char *line, const char *end,
                                         const struct report *report, const struct layout *layout)
{
    const int date_field = layout->map.field_of[report->window_date];
    const int key_field = first_key_field(report, layout);
    const int last = date_field > key_field ? date_field : key_field;
    struct line_start out = {.number = false};
    const char *at = line;
    char value[VALUE_SIZE];
    int32_t date;

    for (int field = 0; at && field <= last; field++) {
        const struct csv_field piece = piece_next(&at, end, layout->separator);
        if (field == date_field)
            out.has_date = value_date(piece.text, piece.len, value, &date) == VALUE_READ;
        if (field == key_field)
            out.number = is_number(piece);
    }
    return out;
}

/* Whether a line behind the first one begins a row. Such a line has a date where rows have it,
 * which texts have only by chance, and a key like the first line's. The key is not compared if the
 * first line is only the rest of a row. The first line must hold a separator: else the text begins
 * with the first line itself. */
static bool holds_row(const struct csv_record *record, char line_end, const struct report *report,
                      const struct layout *layout)
{
    const char *end = record->raw + record->raw_len;
    const char *stop = memchr(record->raw, line_end, record->raw_len);
    /* Whether a line has a date, by whether its key is a number: [0] it is none, [1] it is one. */
    bool dated[2] = {false, false};

    for (const char *at = stop; at;) {
        const char *line = at + 1;
        at = memchr(line, line_end, (size_t)(end - line));
        const struct line_start start = read_line_start(line, at ? at : end, report, layout);
        dated[start.number] |= start.has_date;
    }
    if ((!dated[0] && !dated[1]) ||
        !memchr(record->raw, layout->separator, (size_t)(stop - record->raw)))
        return false;
    const struct line_start first = read_line_start(record->raw, stop, report, layout);
    return dated[first.number] || !first.has_date;
}

bool multiline_is_several(const struct csv_record *record, const struct report *report,
                          const struct layout *layout)
{
    const char line_end = layout->cr_ends ? '\r' : '\n';

    return has_broken_value(record, report, layout, line_end) ||
           holds_row(record, line_end, report, layout);
}

/* Whether the field that begins at `from` in the line is the one whose text begins at `text`. */
static bool is_same_field(const char *from, const char *text)
{
    while (from < text && (*from == '"' || *from == ' ' || *from == '\t'))
        from++;
    return from == text;
}

bool quotes_are_ambiguous(const struct csv_record *record, char separator)
{
    const char *at = record->raw, *end = at + record->raw_len;
    size_t count = 0;
    bool other = false;

    for (; at && count < record->count; count++) {
        other = other || !is_same_field(at, record->fields[count].text);
        piece_next(&at, end, separator);
    }
    return other && !at && count == record->count;
}

static bool has_stray(const struct csv_record *record)
{
    bool stray = record->bad_quote;

    for (size_t i = 0; i < record->count && !stray; i++)
        stray = quote_is_left(&record->fields[i]);
    return stray;
}

bool quotes_are_doubled(const struct layout *layout, struct layout_bytes file)
{
    enum { SAMPLE = 10000, FEW = 10, SHARE = 100 };
    size_t seen = 0, stray = 0, doubled = 0;
    struct csv_reader reader;
    struct csv_record record;

    csv_init(&reader, layout->separator, layout->cr_ends, CSV_RECORD_MAX);
    csv_feed(&reader, file.data + layout->data_offset, file.len - layout->data_offset, true);
    for (; seen < SAMPLE && csv_next(&reader, &record) == CSV_RECORD; seen++) {
        const bool strays = has_stray(&record);
        if (record.lines > 1 && strays)
            csv_take_back(&reader, &record);
        stray += strays;
        for (size_t i = 0; !strays && i < record.count; i++)
            doubled += record.fields[i].doubled;
    }
    csv_done(&reader);
    return doubled > 0 && doubled >= stray && stray <= FEW + seen / SHARE;
}
