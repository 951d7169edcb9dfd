/* SPDX-License-Identifier: MIT */
/* Texts of several lines, and rows that are no text. */
#include "transform/multiline.h"

#include "transform/pieces.h"
#include "transform/values.h"

#include <string.h>

/* Whether a column holds dates or times, or is of the key: no value there goes over several lines. */
static bool is_of_one_line(const struct report *report, size_t column)
{
    bool key = false;

    for (size_t i = 0; i < report->key_count; i++)
        key = key || report->key[i] == column;
    return key || report->columns[column].type != COLUMN_TEXT;
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

/* Whether a line has a date in this field; in none if that is negative. */
static bool has_date(const char *line, const char *end, char separator, int field)
{
    char value[VALUE_SIZE];
    int32_t date;

    for (const char *at = line; at && field >= 0; field--) {
        const struct csv_field piece = piece_next(&at, end, separator);
        if (field == 0)
            return value_date(piece.text, piece.len, value, &date) == VALUE_READ;
    }
    return false;
}

static bool has_two_dates(const struct csv_record *record, char separator, char line_end, int field)
{
    const char *end = record->raw + record->raw_len;
    const char *first = memchr(record->raw, line_end, record->raw_len);
    size_t dates = 0;

    /* The lines behind the first one hardly ever have so many fields. */
    for (const char *at = first; at && dates < 2;) {
        const char *line = at + 1;
        at = memchr(line, line_end, (size_t)(end - line));
        dates += has_date(line, at ? at : end, separator, field);
    }
    return dates == 2 || (dates == 1 && has_date(record->raw, first, separator, field));
}

bool multiline_is_several(const struct csv_record *record, const struct report *report,
                          const struct layout *layout)
{
    const char line_end = layout->cr_ends ? '\r' : '\n';

    return has_broken_value(record, report, layout, line_end) ||
           has_two_dates(record, layout->separator, line_end,
                         layout->map.field_of[report->window_date]);
}
