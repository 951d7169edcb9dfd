/* SPDX-License-Identifier: MIT */
/* Guesses the keys of lines that cannot be read. */
#include "transform/row_guess.h"

#include "base/mem.h"
#include "transform/cell_text.h"
#include "transform/stray_quotes.h"
#include "transform/values.h"

#include <stdlib.h>
#include <string.h>

/* a line whose number of fields differs by so many or more gets no guess */
enum { SURPLUS_MAX = 16 };

/* Adds the key of the reading in which the fields from `from` on were moved by `by` places. */
static void guess(struct cleaner *cleaner, const struct layout *layout,
                  const struct csv_record *record, const struct pieces *pieces, size_t from,
                  ptrdiff_t by, struct csv_field *scratch, struct batch *batch)
{
    const size_t fields = layout->map.fields;
    struct csv_record moved = *record;

    for (size_t i = 0; i < fields; i++) {
        const ptrdiff_t at = (ptrdiff_t)i + (i < from ? 0 : by);
        scratch[i] = at >= 0 && at < (ptrdiff_t)pieces->count
                         ? pieces->fields[at]
                         : (struct csv_field){.text = "", .len = 0};
    }
    moved.fields = scratch;
    moved.count = fields;
    const struct clean_row clean = clean_record(cleaner, layout, &moved, "");
    /* Faults of texts outside the key do not matter. */
    if (!clean.row->bytes.full && clean.fault != CLEAN_DATE && clean.fault != CLEAN_NO_KEY &&
        clean.fault != CLEAN_ROUNDED)
        batch_unread_key(batch, clean_key(cleaner));
}

/* Whether a field is written as a date; eight digits alone may be any number. */
static bool is_written_date(struct csv_field field, char value[VALUE_SIZE])
{
    bool digits = true;
    int32_t date;

    for (size_t i = 0; i < field.len; i++)
        digits = digits && field.text[i] >= '0' && field.text[i] <= '9';
    return !digits && value_date(field.text, field.len, value, &date) == VALUE_READ;
}

/* Returns a field as it would stand in the table, in the batch's memory. A date is recognised in
 * any field, because fields may have moved. In the window date's field a text that is not a date
 * gives no cell: it may be the rest of a date. */
static struct cell clean_field(const struct layout *layout, struct csv_field field, bool is_date,
                               struct batch *batch)
{
    BUF_DONE struct buf plain = BUF_INIT(REJECT_RAW_MAX), folded = BUF_INIT(4 * REJECT_RAW_MAX);
    char value[VALUE_SIZE];
    enum encoding encoding;
    int32_t date;

    if (is_written_date(field, value) ||
        (is_date && value_date(field.text, field.len, value, &date) == VALUE_READ))
        return (struct cell){.text = arena_copy(&batch->texts, value, VALUE_DATE_LEN),
                             .len = VALUE_DATE_LEN};
    if (is_date)
        return (struct cell){0};
    if (!field.quoted)
        field = piece_drop_quotes(field);
    field = cell_unwrap(csv_unquote(field, &plain));
    if (!charset_of_cell(layout->charset, field.text, field.len, &encoding))
        encoding = ENCODING_WINDOWS_1252;
    encoding_fold(encoding, &folded, field.text, field.len);
    return (struct cell){.text = arena_copy(&batch->texts, buf_text(&folded), folded.len),
                         .len = folded.len};
}

static bool is_in_key(const struct report *report, const struct layout *layout, size_t field)
{
    for (size_t i = 0; i < report->key_count; i++)
        if (layout->map.field_of[report->key[i]] == (int)field)
            return true;
    return false;
}

/* Stores the fields of the last unread line, or those of the key alone, and where the key's fields
 * should be. */
static void keep_fields(const struct report *report, const struct layout *layout,
                        const struct pieces *pieces, bool key_alone, struct batch *batch)
{
    struct unread *unread = &batch->unread[batch->unread_count - 1];
    const int date = layout->map.field_of[report->window_date];
    struct cell *fields = arena_alloc(&batch->texts, pieces->count * sizeof(*fields));
    size_t *key = arena_alloc(&batch->texts, report->key_count * sizeof(*key));

    for (size_t i = 0; i < pieces->count; i++)
        if (!key_alone || is_in_key(report, layout, i))
            fields[i] =
                clean_field(layout, pieces->fields[i], date >= 0 && i == (size_t)date, batch);
    for (size_t i = 0; i < report->key_count; i++)
        if (layout->map.field_of[report->key[i]] >= 0)
            key[unread->key_field_count++] = (size_t)layout->map.field_of[report->key[i]];
    /* A key with columns that are not from the file proves nothing. */
    if (unread->key_field_count < report->key_count)
        unread->key_field_count = 0;
    unread->fields = fields;
    unread->field_count = pieces->count;
    unread->expected_fields = layout->map.fields;
    unread->key_fields = key;
}

void row_guess_keys(struct cleaner *cleaner, const struct layout *layout,
                    const struct csv_record *record, struct batch *batch)
{
    const struct report *report = cleaner->report;
    const bool whole = !record->open_quote && !record->bad_quote && record->count > 1;
    struct pieces pieces = {.fields = NULL};

    if (record->too_many || record->too_long)
        return;
    if (whole) {
        pieces.count = record->count;
        pieces.fields = mem_array(record->count, sizeof(*pieces.fields));
        memcpy(pieces.fields, record->fields, record->count * sizeof(*pieces.fields));
    } else {
        pieces = pieces_split(record->raw, record->raw_len, layout->separator);
    }
    keep_fields(report, layout, &pieces, false, batch);
    const ptrdiff_t by = (ptrdiff_t)pieces.count - (ptrdiff_t)layout->map.fields;
    struct csv_field *scratch = mem_array(layout->map.fields, sizeof(*scratch));
    if (by > -SURPLUS_MAX && by < SURPLUS_MAX) {
        guess(cleaner, layout, record, &pieces, 0, by, scratch, batch);
        for (size_t i = 0; by != 0 && i < report->key_count; i++) {
            const int field = layout->map.field_of[report->key[i]];
            if (field >= 0)
                guess(cleaner, layout, record, &pieces, (size_t)field + 1, by, scratch, batch);
        }
    }
    free(scratch);
    free(pieces.fields);
}

void row_guess_nothing(const struct report *report, const struct layout *layout,
                       const struct csv_record *record, struct batch *batch)
{
    struct pieces pieces = {.count = record->count,
                            .fields = mem_array(record->count, sizeof(*pieces.fields))};

    memcpy(pieces.fields, record->fields, record->count * sizeof(*pieces.fields));
    keep_fields(report, layout, &pieces, true, batch);
    free(pieces.fields);
}
