/* SPDX-License-Identifier: MIT */
/* Computes keys and fingerprints of stored rows anew, and makes a snapshot that shows which rows
 * were edited. */
#include "load/rehash.h"

#include "base/date.h"
#include "model/row_hash.h"

enum { ROW_MAX = 512 * 1024 * 1024 }; /* of a row; the program's own are far smaller */

void rehash_init(struct rehash *rehash, const struct report *report)
{
    *rehash = (struct rehash){.report = report, .key = BUF_INIT(ROW_MAX)};
    encoded_row_init(&rehash->row, report->column_count, ROW_MAX);
}

void rehash_done(struct rehash *rehash)
{
    encoded_row_done(&rehash->row);
    buf_done(&rehash->key);
}

/* Returns the complement: no row whose fingerprint is `hash` has it. */
struct hash128 hash_of_no_row(struct hash128 hash)
{
    return (struct hash128){.high = ~hash.high, .low = ~hash.low};
}

/* Encodes the columns that the fingerprint covers first, in the order in which the row was cleaned;
 * the others follow, because the key may need them. */
void rehash_row(struct rehash *rehash, struct table_row *row)
{
    const struct report *report = rehash->report;
    const size_t own_columns = report_own_columns(report);
    struct encoded_row *encoded = &rehash->row;

    encoded_row_clear(encoded);
    for (size_t i = 0; i < own_columns; i++)
        if (report->columns[i].source != COLUMN_EXTRACTED_AT)
            encoded_row_add(encoded, i, row->cells[i]);
    const size_t own = encoded->bytes.len;
    for (size_t i = own_columns; i < report->column_count; i++)
        encoded_row_add(encoded, i, row->cells[i]);
    for (size_t i = 0; i < own_columns; i++)
        if (report->columns[i].source == COLUMN_EXTRACTED_AT)
            encoded_row_add(encoded, i, row->cells[i]);
    row->key_now = row->fingerprint_now = (struct hash128){0};
    if (encoded->bytes.full)
        return;
    row->key_now = row_hash_key(report, encoded, &rehash->key);
    row->fingerprint_now = row_hash_fingerprint(report, encoded, own, &rehash->key);
}

/* One call of rehash_snapshot. */
struct gathering {
    const struct destination *dest;
    struct snapshot *out;
};

/* Returns the day of the row. SQLite may hold a text that is no date; the row then counts as one of
 * the window's first day. */
static int32_t day_of(const struct gathering *in, struct cell day)
{
    int32_t date = in->dest->window.own_first;

    date_parse_iso(day.text, day.len, &date);
    return date;
}

static bool add_row(void *arg, const struct table_row *row, struct error *err)
{
    const struct gathering *in = arg;
    const struct report *report = in->dest->report;
    const struct cell day = row->cells[report->window_date];

    if (row->legacy) {
        in->out->legacy_rows += day.text && in->dest->window.complete;
        return true;
    }
    if (!row->has_key)
        return error_set(err, ERROR_DATABASE,
                         "a row of %s has a " COLUMN_ROW_KEY " that etl-sigos did not write",
                         report->name);
    snapshot_add(in->out, (struct stored_row){
                              .key = row->key,
                              .fingerprint = table_row_contents_agree(row)
                                                 ? row->fingerprint
                                                 : hash_of_no_row(row->fingerprint_now),
                              .date = day.text ? day_of(in, day) : 0,
                              .undated = !day.text,
                          });
    return true;
}

bool rehash_snapshot(struct destination *dest, struct snapshot *out, struct error *err)
{
    const struct snapshot before = *out;
    const struct row_range range = {
        .has_first = true,
        .has_last = true,
        .first = dest->window.own_first,
        .last = dest->window.own_last,
        .undated_too = true,
    };
    struct gathering in = {.dest = dest, .out = out};

    if (dest->ops->read_rows(dest, dest->report, range, add_row, &in, err))
        return true;
    out->count = before.count;
    out->dated = before.dated;
    out->legacy_rows = before.legacy_rows;
    return false;
}
