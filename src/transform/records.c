/* SPDX-License-Identifier: MIT */
/* Turns the records of one file into rows and rejects. */
#include "transform/records.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/mem.h"
#include "transform/csv.h"
#include "transform/file_end.h"
#include "transform/stray_quotes.h"
#include "transform/record_kind.h"
#include "transform/row_guess.h"
#include "transform/values.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REASON_SIZE = 256 };

/* One file while it is read. */
struct reading {
    const struct report *report;
    const struct header_index *headers;
    struct cleaner *cleaner;
    const struct scope *scope;
    struct layout *layout; /* a second header changes it */
    struct layout_bytes bytes;
    const char *file; /* base name */
    const char *extracted_at;
    struct batch *batch;
    bool knows_trailing;
    size_t trailing; /* see layout_trailing; computed at the first record with more fields */
    bool knows_doubled;
    bool doubled;         /* see quotes_are_doubled; computed at the first stray quote */
    uint64_t blank;       /* blank records since the last record that was not blank */
    uint64_t month_first; /* line of the first window date with its month first; 0: none */
    size_t first_row;     /* number of this file's first row in the batch */
    struct last_record last;
    int64_t stated; /* number of records that a footer states; -1: none does */
    uint64_t stated_line;
    uint64_t records; /* records read from this file */
};

/* Adds a reject for a record that is no row. */
static void reject(struct reading *in, const struct csv_record *record, const char *reason)
{
    BUF_DONE struct buf text = BUF_INIT(REJECT_RAW_MAX);

    reject_text(in->layout->charset, record->raw, record->raw_len, &text);
    batch_reject(in->batch, in->file, record->line, reason, buf_text(&text), text.len);
    in->batch->counts.rejected++;
}

/* Counts a record. Blank lines before it may be rows that lost all their text. Blank lines behind
 * the last record mean nothing. */
static void count_record(struct reading *in)
{
    in->batch->counts.read++;
    in->records++;
    for (; in->blank; in->blank--)
        batch_unread(in->batch, UNREAD_BLANK);
}

/* Adds a reject for a record that cannot be read and may stand for a row of the table. */
static void reject_unread(struct reading *in, const struct csv_record *record, const char *reason)
{
    count_record(in);
    reject(in, record, reason);
    batch_unread(in->batch, in->batch->reject_count - 1);
    row_guess_keys(in->cleaner, in->layout, record, in->batch);
}

/* Adds a row to the digest of the window's first or last day. A window has these days in common
 * with its neighbours, and run/window_overlap.c compares them. */
static void note_overlap(struct reading *in, int32_t date, struct hash128 fingerprint)
{
    const struct window *window = &in->scope->window;

    if (date == window->first)
        day_digest_add(&in->batch->first_day, fingerprint);
    if (date == window->last)
        day_digest_add(&in->batch->last_day, fingerprint);
}

/* Notes a row with an odd key. A damaged byte within a key may look like a letter of another
 * encoding. The row is loaded as it was read, and the row that it may have been is not deleted. */
static void note_odd_key(struct reading *in, const struct csv_record *record)
{
    if (++in->batch->odd_keys > BATCH_ODD_KEYS_MAX)
        return;
    batch_unread(in->batch, UNREAD_ROW)->row = in->batch->row_count - 1;
    row_guess_nothing(in->report, in->layout, record, in->batch);
}

static bool add_row(struct reading *in, const struct csv_record *record,
                    const struct clean_row *clean, struct error *err)
{
    struct cleaner *cleaner = in->cleaner;
    struct row *row = batch_add_row(in->batch, clean->row);

    if (!row)
        return error_set(err, ERROR_DATA, "more than %zu bytes of rows in one window",
                         in->batch->bytes.max);
    row->key = clean_key(cleaner);
    row->fingerprint = clean_fingerprint(cleaner, clean);
    row->undated = clean->undated;
    row->date = clean->date;
    if (!clean->undated)
        note_overlap(in, row->date, row->fingerprint);
    if (clean->odd_key)
        note_odd_key(in, record);
    return true;
}

static void count_boundary(struct reading *in, const struct clean_row *clean)
{
    in->batch->counts.boundary++;
    note_overlap(in, clean->date, clean_fingerprint(in->cleaner, clean));
}

static void reject_foreign(struct reading *in, const struct csv_record *record, int32_t date)
{
    char reason[REASON_SIZE], day[DATE_ISO_SIZE];

    snprintf(reason, sizeof(reason), FILE_FOREIGN_REASON "%s, outside the period asked for",
             date_format_iso(date, day));
    reject(in, record, reason);
    in->batch->counts.foreign++;
}

/* Notes the names that the report does not know: each once, unless one header has a name twice. */
static void note_unknown(struct reading *in)
{
    const struct header_map *map = &in->layout->map;

    for (size_t i = 0; i < map->unknown_count; i++)
        batch_note_unknown(in->batch, in->file, map->unknown[i]);
}

/* Whether the batch has noted all unknown names of this header. */
static bool knows_all(const struct batch *batch, const struct header_map *map)
{
    for (size_t i = 0; i < map->unknown_count; i++) {
        bool known = false;
        for (size_t k = 0; k < batch->unknown_count && !known; k++)
            known = strcmp(batch->unknown[k].name, map->unknown[i]) == 0;
        if (!known)
            return false;
    }
    return true;
}

/* Notes which columns the file has, in this header or another. */
static void note_present(struct reading *in)
{
    for (size_t c = 0; c < in->report->column_count; c++)
        if (in->layout->map.field_of[c] != HEADER_ABSENT)
            in->batch->tallies[c].present = true;
}

/* Takes a second header, as in files that were glued together. It says where the columns are from
 * here on. */
static bool take_header(struct reading *in, const struct csv_record *record, struct error *err)
{
    struct layout *layout = in->layout;
    struct header_map map;

    if (!header_map_read(in->headers, layout->charset, record, record->line, &map, err))
        return false;
    header_map_done(&layout->map);
    layout->map = map;
    in->knows_trailing = false;
    in->batch->counts.left_out++;
    if (!knows_all(in->batch, &layout->map))
        note_unknown(in);
    note_present(in);
    return true;
}

/* Whether the record is a header: most of its fields are names of the report's columns. */
static bool is_header(const struct reading *in, const struct csv_record *record)
{
    if (record->open_quote || record->too_long || record->too_many || record->count < 2)
        return false;
    const struct header_fit fit = header_fit(in->headers, in->layout->charset, record);
    return fit.known >= 2 && fit.known * 2 > fit.filled;
}

static bool is_footer(const struct reading *in, const struct csv_record *record, bool shaped)
{
    const struct report *report = in->report;
    size_t *key = mem_array(report->key_count, sizeof(*key));
    size_t count = 0;

    for (size_t i = 0; i < report->key_count; i++) {
        const int field = in->layout->map.field_of[report->key[i]];
        if (field >= 0)
            key[count++] = (size_t)field;
    }
    const bool footer = record_is_footer(report, record, shaped ? key : NULL, count);
    free(key);
    return footer;
}

static void take_footer(struct reading *in, const struct csv_record *record)
{
    const int64_t stated = record_stated_count(record);

    in->last.is_footer = true;
    in->batch->counts.left_out++;
    if (stated > in->stated) {
        in->stated = stated;
        in->stated_line = record->line;
    }
}

/* Writes why a record of the right shape is no row. */
static void name_fault(const struct reading *in, const struct csv_record *record,
                       const struct clean_row *clean, char reason[REASON_SIZE])
{
    const struct report *report = in->report;
    const char *column = report->columns[clean->fault_column].name;
    const int field = in->layout->map.field_of[clean->fault_column];
    BUF_DONE struct buf shown = BUF_INIT(REASON_SIZE);

    if (field >= 0)
        encoding_show(&shown, record->fields[field].text,
                      record->fields[field].len < 40 ? record->fields[field].len : 40);
    switch (clean->fault) {
    case CLEAN_DATE:
        snprintf(reason, REASON_SIZE, "%s holds \"%s\", which is no date", column,
                 buf_text(&shown));
        break;
    case CLEAN_TEXT:
        snprintf(reason, REASON_SIZE, "%s holds a broken character", column);
        break;
    case CLEAN_ROUNDED:
        snprintf(reason, REASON_SIZE, "%s holds \"%s\", a number that a spreadsheet has rounded",
                 column, buf_text(&shown));
        break;
    case CLEAN_NO_KEY:
        snprintf(reason, REASON_SIZE, "its key is empty");
        break;
    case CLEAN_LONG:
    case CLEAN_FINE:
        snprintf(reason, REASON_SIZE, "its texts are too long");
        break;
    }
}

/* Handles a record of the right shape with a fault: it is a header, a total or broken. */
static bool take_faulty(struct reading *in, const struct csv_record *record,
                        const struct clean_row *clean, struct error *err)
{
    const int date = in->layout->map.field_of[in->report->window_date];
    char reason[REASON_SIZE];

    if (clean->fault == CLEAN_DATE && is_header(in, record))
        return take_header(in, record, err);
    if (clean->fault == CLEAN_NO_KEY && is_footer(in, record, true)) {
        take_footer(in, record);
        return true;
    }
    if (clean->fault == CLEAN_DATE && date >= 0 && !in->month_first &&
        value_is_month_first(record->fields[date].text, record->fields[date].len))
        in->month_first = record->line;
    name_fault(in, record, clean, reason);
    reject_unread(in, record, reason);
    return true;
}

/* Whether a record with a stray quote and the right number of fields may have the wrong fields. */
static bool is_misquoted(struct reading *in, const struct csv_record *record)
{
    if (!in->knows_doubled) {
        in->doubled = quotes_are_doubled(in->layout, in->bytes);
        in->knows_doubled = true;
    }
    return in->doubled || quotes_are_ambiguous(record, in->layout->separator);
}

/* Handles a record of the right shape: a row, a boundary row, a foreign row, a footer or a broken
 * record. */
static bool take_record(struct reading *in, const struct csv_record *record, struct error *err)
{
    const struct scope *scope = in->scope;
    const struct clean_row clean = clean_record(in->cleaner, in->layout, record, in->extracted_at);

    if (clean.fault != CLEAN_FINE)
        return take_faulty(in, record, &clean, err);
    if ((clean.left_quote || record->bad_quote) && is_misquoted(in, record)) {
        reject_unread(in, record,
                      "a quote stands alone: it strayed in, or a separator beside it was lost");
        return true;
    }
    if (clean.undated && is_footer(in, record, true)) {
        take_footer(in, record);
        return true;
    }
    clean_tally(in->cleaner, record, in->batch->tallies);
    count_record(in);
    if (!clean.undated && (clean.date < scope->window.first || clean.date > scope->window.last)) {
        reject_foreign(in, record, clean.date);
    } else if (!clean.undated &&
               (clean.date < scope->window.own_first || clean.date > scope->window.own_last)) {
        count_boundary(in, &clean);
    } else {
        return add_row(in, record, &clean, err);
    }
    return true;
}

static bool has_shape(struct reading *in, const struct csv_record *record)
{
    const size_t fields = in->layout->map.fields;

    if (record->open_quote || record->too_long || record->too_many)
        return false;
    if (record->count > fields && !in->knows_trailing) {
        in->trailing = layout_trailing(in->layout, in->bytes);
        in->knows_trailing = true;
    }
    return record_has_shape(record, fields, in->trailing);
}

/* Writes why a record cannot be a row, judged by its shape. */
static void name_shape(const struct reading *in, const struct csv_record *record,
                       char reason[REASON_SIZE])
{
    const size_t fields = in->layout->map.fields;

    if (record->too_long)
        snprintf(reason, REASON_SIZE, "longer than any record may be");
    else if (record->too_many)
        snprintf(reason, REASON_SIZE, "has more than %d fields", CSV_FIELDS_MAX);
    else if (record->open_quote)
        snprintf(reason, REASON_SIZE, "a quote is opened and never closed");
    else
        snprintf(reason, REASON_SIZE, "has %zu field%s, the header has %zu", record->count,
                 record->count == 1 ? "" : "s", fields);
}

static bool take_misshapen(struct reading *in, const struct csv_record *record, struct error *err)
{
    char reason[REASON_SIZE];

    if (is_header(in, record))
        return take_header(in, record, err);
    if (!record->open_quote && !record->too_long && is_footer(in, record, false) &&
        record_filled(record) * 2 < in->layout->map.fields) {
        take_footer(in, record);
        return true;
    }
    in->last.is_misshapen = true;
    in->last.resembles_row = !record->open_quote && !record->too_long &&
                             record_resembles_row(record, in->layout->map.fields);
    name_shape(in, record, reason);
    reject_unread(in, record, reason);
    return true;
}

/* Whether a stray quote has joined several good lines to this record. Then only the line that holds
 * the quote may be lost, so the other lines are given back. */
static bool holds_several(struct reading *in, const struct csv_record *record)
{
    return record->lines > 1 && !record->open_quote &&
           (record->bad_quote || !has_shape(in, record) ||
            multiline_is_several(record, in->report, in->layout));
}

/* Reads a record again with backslashes that escape quotes. False if that does not give it the
 * header's shape; the record stays as it was then. */
static bool read_escaped(struct reading *in, struct csv_reader *reader, struct csv_record *record)
{
    const struct layout *layout = in->layout;
    struct csv_record again;

    if (!memmem(record->raw, record->raw_len, "\\\"", 2))
        return false;
    csv_done(reader);
    csv_init(reader, layout->separator, layout->cr_ends, CSV_RECORD_MAX);
    reader->escapes = true;
    csv_feed(reader, record->raw, record->raw_len, true);
    if (csv_next(reader, &again) != CSV_RECORD || again.bad_quote ||
        again.raw_len != record->raw_len || !has_shape(in, &again))
        return false;
    again.line = record->line;
    *record = again;
    return true;
}

static bool take_next(struct reading *in, struct csv_reader *escaped, struct csv_record *record,
                      struct error *err)
{
    if (record_is_blank(record)) {
        in->blank++;
        in->batch->counts.left_out += record->count > 1;
        return true;
    }
    in->last =
        (struct last_record){.line = record->line, .raw = record->raw, .raw_len = record->raw_len};
    if (in->layout->has_nul && memchr(record->raw, '\0', record->raw_len)) {
        reject_unread(in, record, "holds a NUL byte");
        return true;
    }
    if (has_shape(in, record) || read_escaped(in, escaped, record))
        return take_record(in, record, err);
    return take_misshapen(in, record, err);
}

/* Refuses the file if one of its dates is possible only with the month first and none is possible
 * only with the day first: the other dates were read wrongly. */
static bool check_dates(const struct reading *in, struct error *err)
{
    const struct batch *batch = in->batch;

    if (!in->month_first)
        return true;
    for (size_t i = in->first_row; i < batch->row_count; i++)
        if (!batch->rows[i].undated && date_day(batch->rows[i].date) > 12)
            return true;
    return error_set(err, ERROR_DATA,
                     "line %" PRIu64 ": the dates have their month first (mm/dd/yyyy); day and "
                     "month would be exchanged",
                     in->month_first);
}

static bool read_all(struct reading *in, struct error *err)
{
    const struct layout *layout = in->layout;
    struct csv_reader reader, escaped = {0};
    struct csv_record record;
    bool ok = true;

    csv_init(&reader, layout->separator, layout->cr_ends, CSV_RECORD_MAX);
    reader.line = layout->data_line;
    csv_feed(&reader, in->bytes.data + layout->data_offset, in->bytes.len - layout->data_offset,
             true);
    while (ok && csv_next(&reader, &record) == CSV_RECORD) {
        if (holds_several(in, &record))
            csv_take_back(&reader, &record);
        ok = take_next(in, &escaped, &record, err);
    }
    csv_done(&reader);
    csv_done(&escaped);
    return ok && file_end_check(in->bytes, &in->last, err) &&
           file_end_check_count(in->stated, in->stated_line, in->records, err) &&
           check_dates(in, err);
}

static enum file_end end_of(const struct reading *in)
{
    if (!in->last.line || in->last.is_footer || in->blank)
        return FILE_END_NONE;
    return file_ends_line(in->bytes) ? FILE_END_LINE : FILE_END_OPEN;
}

bool records_read(const struct records *what, struct layout *layout, enum file_end *end,
                  struct error *err)
{
    char stamp[CLOCK_STAMP_SIZE];
    struct reading in = {
        .report = header_index_report(what->headers),
        .headers = what->headers,
        .cleaner = what->cleaner,
        .scope = what->scope,
        .layout = layout,
        .bytes = what->bytes,
        .file = what->file,
        .extracted_at = clock_format_local(what->scope->extracted_at, stamp),
        .batch = what->batch,
        .first_row = what->batch->row_count,
        .stated = -1,
    };

    note_unknown(&in);
    note_present(&in);
    const bool ok = read_all(&in, err);
    *end = end_of(&in);
    return ok;
}
