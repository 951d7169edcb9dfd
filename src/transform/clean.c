/* SPDX-License-Identifier: MIT */
/* Turns the fields of a record into the cells of a row. */
#include "transform/clean.h"

#include "base/mem.h"
#include "model/row_hash.h"
#include "transform/cell_text.h"
#include "transform/stray_quotes.h"
#include "transform/values.h"

#include <stdlib.h>
#include <string.h>

enum { ROW_MAX = 8 * CSV_RECORD_MAX };

static char *fold_copy(const char *text)
{
    struct buf folded = BUF_INIT(ROW_MAX);

    encoding_fold(ENCODING_UTF_8, &folded, text, strlen(text));
    return buf_detach(&folded);
}

void cleaner_init(struct cleaner *cleaner, const struct report *report)
{
    *cleaner = (struct cleaner){
        .report = report,
        .rules = mem_array(report->column_count, sizeof(*cleaner->rules)),
        .patterns = mem_array(report->column_count, sizeof(*cleaner->patterns)),
        .typed = mem_array(report->column_count, sizeof(*cleaner->typed)),
        .outcomes = mem_array(report->column_count, sizeof(*cleaner->outcomes)),
        .unquoted = BUF_INIT(ROW_MAX),
        .hashed = BUF_INIT(ROW_MAX),
    };
    encoded_row_init(&cleaner->row, report->column_count, ROW_MAX);
    encoded_row_init(&cleaner->ahead, report->column_count, ROW_MAX);
    for (size_t c = 0; c < report->column_count; c++)
        if (report->columns[c].source == COLUMN_FROM_FILE && report->columns[c].type != COLUMN_TEXT)
            cleaner->typed[cleaner->typed_count++] = c;
    for (size_t i = 0; i < report->derivation_count; i++) {
        const struct derivation *rule = &report->derivations[i];
        cleaner->rules[rule->column] = rule;
        cleaner->patterns[rule->column] = fold_copy(rule->contains);
    }
}

void cleaner_done(struct cleaner *cleaner)
{
    for (size_t i = 0; i < cleaner->row.columns; i++)
        free(cleaner->patterns[i]);
    free(cleaner->patterns);
    free(cleaner->rules);
    free(cleaner->typed);
    free(cleaner->outcomes);
    encoded_row_done(&cleaner->row);
    encoded_row_done(&cleaner->ahead);
    buf_done(&cleaner->unquoted);
    buf_done(&cleaner->hashed);
    *cleaner = (struct cleaner){0};
}

/* One record while it is being cleaned. */
struct cleaning {
    struct cleaner *cleaner;
    const struct layout *layout;
    const struct csv_record *record;
    struct clean_row clean;
};

static void note_fault(struct cleaning *in, enum clean_fault fault, size_t column)
{
    if (in->clean.fault != CLEAN_FINE)
        return;
    in->clean.fault = fault;
    in->clean.fault_column = column;
}

static void add_text(struct cleaning *in, struct encoded_row *row, size_t column,
                     const struct csv_field *field)
{
    /* Bytes behind a field within its record may be read. The copy of an unquoted field has no
     * bytes behind it. */
    const char *readable = in->record->raw + in->record->raw_len;
    const enum charset charset = in->layout->charset;
    enum encoding encoding;
    struct csv_field plain;

    if (field->len == 0) {
        encoded_row_add_empty(row, column);
        return;
    }
    in->clean.left_quote |= quote_is_left(field);
    if (field->doubled) {
        plain = csv_undouble(*field, &in->cleaner->unquoted);
        readable = plain.text + plain.len;
        field = &plain;
    }
    if (cell_may_be_wrapped(*field->text)) {
        plain = cell_unwrap(*field);
        field = &plain;
    }
    if (!charset_of_cell(charset, field->text, field->len, &encoding))
        note_fault(in, CLEAN_TEXT, column);
    char *to =
        field->len < SIZE_MAX / 8 ? encoded_row_open(row, encoding_fold_room(field->len)) : NULL;
    if (!to)
        return;
    encoded_row_close(row, column,
                      encoding_fold_to(encoding, to, field->text, field->len, readable));
}

/* Adds a typed value; NULL if the field says that there is none or cannot be read. */
static void add_value(struct cleaning *in, struct encoded_row *row, size_t column,
                      struct csv_field field)
{
    const struct report *report = in->cleaner->report;
    char *to = encoded_row_open(row, VALUE_SIZE);
    enum value outcome = VALUE_NONE;
    size_t len = 0;
    int32_t date = 0;

    if (!to)
        return;
    field = csv_unquote(field, &in->cleaner->unquoted);
    switch (report->columns[column].type) {
    case COLUMN_DATE:
        outcome = value_date(field.text, field.len, to, &date);
        len = VALUE_DATE_LEN;
        break;
    case COLUMN_TIME:
        outcome = value_time(field.text, field.len, to);
        len = VALUE_TIME_LEN;
        break;
    case COLUMN_TIMESTAMP:
        outcome = value_timestamp(field.text, field.len, to);
        len = VALUE_TIMESTAMP_LEN;
        break;
    case COLUMN_TEXT:
        break;
    }
    in->cleaner->outcomes[column] = (unsigned char)outcome;
    if ((outcome == VALUE_UNREADABLE || outcome == VALUE_IMPOSSIBLE) &&
        column == report->window_date)
        note_fault(in, CLEAN_DATE, column);
    if (outcome != VALUE_READ) {
        encoded_row_add_null(row, column);
        return;
    }
    encoded_row_close(row, column, len);
    if (column == report->window_date) {
        in->clean.date = date;
        in->clean.undated = false;
    }
}

/* Adds a cell that comes from the file. A cell that the file lacks is NULL. An empty cell of an
 * added column is NULL too, as in the rows that are older than the column. */
static void add_cell(struct cleaning *in, struct encoded_row *row, size_t column)
{
    const struct report *report = in->cleaner->report;
    const int at = in->layout->map.field_of[column];

    if (at < 0) {
        in->cleaner->outcomes[column] = VALUE_NONE;
        encoded_row_add_null(row, column);
    } else if (report->columns[column].type != COLUMN_TEXT) {
        add_value(in, row, column, in->record->fields[at]);
    } else {
        const size_t before = row->bytes.len;
        add_text(in, row, column, &in->record->fields[at]);
        if (column >= report_own_columns(report) && !row->bytes.full &&
            encoded_row_cell(row, column).len == 0) {
            row->bytes.len = before;
            encoded_row_add_null(row, column);
        }
    }
}

static void add_derived(struct cleaning *in, struct encoded_row *row, size_t column)
{
    struct cleaner *cleaner = in->cleaner;
    const struct derivation *rule = cleaner->rules[column];
    const struct encoded_row *source = row;
    const char *value = rule->otherwise, *pattern = cleaner->patterns[column];

    if (rule->from > column) {
        encoded_row_clear(&cleaner->ahead);
        add_cell(in, &cleaner->ahead, rule->from);
        source = &cleaner->ahead;
    }
    if (source->bytes.full || row->bytes.full) {
        row->bytes.full = true;
        return;
    }
    const struct cell from = encoded_row_cell(source, rule->from);
    if (from.text && memmem(from.text, from.len, pattern, strlen(pattern)))
        value = rule->then;
    encoded_row_add(row, column, (struct cell){.text = value, .len = strlen(value)});
}

static bool is_visible_ascii(char c)
{
    return c > ' ' && c <= '~';
}

/* Whether a field has a byte that is not ASCII and may have changed the key. A broken byte may
 * become "SS" (ß) or nothing (a fixed blank). Then the cell has another length than the field, or
 * the field has blanks at its ends. */
static bool is_odd_field(const struct cleaning *in, size_t column, size_t cell_len)
{
    const int at = in->layout->map.field_of[column];
    const struct csv_field *field = at < 0 ? NULL : &in->record->fields[at];
    bool odd = false;

    if (!field || field->len == 0 ||
        (field->len == cell_len && column != in->cleaner->report->window_date &&
         is_visible_ascii(*field->text) && is_visible_ascii(field->text[field->len - 1])))
        return false;
    for (size_t i = 0; i < field->len; i++)
        odd |= (unsigned char)field->text[i] >= 0x80;
    return odd;
}

/* Notes a fault if the key does not identify a row. With three texts in the key and no date, one
 * text alone is a line of totals or an unknown footer. */
static void check_key(struct cleaning *in)
{
    const struct report *report = in->cleaner->report;
    size_t texts = 0, filled = 0;

    for (size_t i = 0; i < report->key_count; i++) {
        const size_t column = report->key[i];
        const struct cell cell = encoded_row_cell(in->clean.row, column);
        in->clean.odd_key = in->clean.odd_key || is_odd_field(in, column, cell.len);
        if (column == report->window_date)
            continue;
        texts++;
        filled += cell.text && cell.len;
        in->clean.odd_key = in->clean.odd_key || cell_is_odd(cell.text, cell.len);
        if (cell.text && cell_is_rounded(cell.text, cell.len))
            note_fault(in, CLEAN_ROUNDED, column);
    }
    if (texts && (filled == 0 || (in->clean.undated && texts >= 3 && filled == 1)))
        note_fault(in, CLEAN_NO_KEY, report->key[0]);
}

/* Adds COLUMN_EXTRACTED_AT last, so that the columns of the fingerprint lie together. */
struct clean_row clean_record(struct cleaner *cleaner, const struct layout *layout,
                              const struct csv_record *record, const char *extracted_at)
{
    const struct report *report = cleaner->report;
    const size_t own = report_own_columns(report);
    struct encoded_row *row = &cleaner->row;
    struct cleaning in = {.cleaner = cleaner,
                          .layout = layout,
                          .record = record,
                          .clean = {.row = row, .undated = true}};

    encoded_row_clear(row);
    for (size_t c = 0; c < report->column_count; c++) {
        if (c == own)
            in.clean.own = row->bytes.len;
        if (report->columns[c].source == COLUMN_FROM_FILE)
            add_cell(&in, row, c);
        else if (report->columns[c].source == COLUMN_DERIVED)
            add_derived(&in, row, c);
    }
    if (own == report->column_count)
        in.clean.own = row->bytes.len;
    for (size_t c = 0; c < own; c++)
        if (report->columns[c].source == COLUMN_EXTRACTED_AT)
            encoded_row_add(row, c,
                            (struct cell){.text = extracted_at, .len = strlen(extracted_at)});
    if (row->bytes.full)
        note_fault(&in, CLEAN_LONG, 0);
    else
        check_key(&in);
    return in.clean;
}

void clean_tally(const struct cleaner *cleaner, const struct csv_record *record,
                 struct column_tally *tallies)
{
    for (size_t i = 0; i < cleaner->typed_count; i++) {
        const size_t column = cleaner->typed[i];
        struct column_tally *tally = &tallies[column];
        const enum value outcome = cleaner->outcomes[column];
        tally->filled += outcome != VALUE_NONE;
        tally->impossible += outcome == VALUE_IMPOSSIBLE;
        if (outcome == VALUE_UNREADABLE && tally->unreadable++ == 0)
            tally->line = record->line;
    }
}

struct hash128 clean_key(struct cleaner *cleaner)
{
    return row_hash_key(cleaner->report, &cleaner->row, &cleaner->hashed);
}

struct hash128 clean_fingerprint(struct cleaner *cleaner, const struct clean_row *clean)
{
    return row_hash_fingerprint(cleaner->report, &cleaner->row, clean->own, &cleaner->hashed);
}
