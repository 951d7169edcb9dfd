/* SPDX-License-Identifier: MIT */
/* Decides what stray quotes mean, for a record and for a file. */
#include "transform/quotes.h"

#include "transform/pieces.h"

#include <string.h>

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
