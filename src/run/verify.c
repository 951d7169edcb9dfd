/* SPDX-License-Identifier: MIT */
/* Finds rows of a table whose cells do not agree with their key and fingerprint. */
#include "run/verify.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/stop.h"
#include "run/schema_drift.h"

#include <stdlib.h>

enum { SHOWN_MAX = 40, KEY_MAX = 4096 };

/* The report that is verified, and what was found. */
struct verifying {
    const struct report *report;
    struct verified *out;
};

void verified_done(struct verified *verified)
{
    for (size_t i = 0; i < verified->example_count; i++) {
        free(verified->examples[i].date);
        free(verified->examples[i].key);
    }
    *verified = (struct verified){0};
}

/* Appends a cell's text, cut after SHOWN_MAX bytes at the end of a character. */
static void add_shown(struct buf *out, struct cell cell)
{
    size_t len = cell.len;

    if (!cell.text) {
        buf_add_text(out, "NULL");
        return;
    }
    if (len > SHOWN_MAX)
        for (len = SHOWN_MAX; len && ((unsigned char)cell.text[len] & 0xC0) == 0x80;)
            len--;
    buf_add(out, cell.text, len);
    if (len < cell.len)
        buf_add_text(out, "…");
}

/* Returns the key columns but the window date as "name=value, …"; the caller frees it. */
static char *describe_key(const struct report *report, const struct cell *cells)
{
    struct buf text = BUF_INIT(KEY_MAX);

    for (size_t i = 0; i < report->key_count; i++) {
        const size_t column = report->key[i];
        if (column == report->window_date)
            continue;
        buf_addf(&text, "%s%s=", text.len ? ", " : "", report->columns[column].name);
        add_shown(&text, cells[column]);
    }
    return buf_detach(&text);
}

static void add_example(const struct verifying *verifying, const struct table_row *row)
{
    struct verified *out = verifying->out;
    const struct cell day = row->cells[verifying->report->window_date];
    struct buf date = BUF_INIT(KEY_MAX);

    if (out->example_count == VERIFY_EXAMPLES_MAX)
        return;
    if (day.text)
        add_shown(&date, day);
    out->examples[out->example_count++] = (struct verify_example){
        .date = day.text ? buf_detach(&date) : NULL,
        .key = describe_key(verifying->report, row->cells),
        .key_differs = !table_row_key_agrees(row),
        .contents_differ = !table_row_contents_agree(row),
    };
}

static bool take_row(void *arg, const struct table_row *row, struct error *err)
{
    const struct verifying *verifying = arg;
    struct verified *out = verifying->out;
    const bool key = table_row_key_agrees(row), contents = table_row_contents_agree(row);

    out->rows++;
    if (row->legacy) {
        out->foreign++;
    } else if (!key || !contents) {
        out->differing++;
        out->keys += !key;
        out->contents += !contents;
        add_example(verifying, row);
    }
    return stop_check(err);
}

bool verify_report(struct destination *dest, const struct report *report, struct day_range days,
                   struct verified *out, struct error *err)
{
    const struct row_range range = {.has_first = days.has_first,
                                    .has_last = days.has_last,
                                    .first = days.first,
                                    .last = days.last};
    struct report_summary unused = {.report = report->name};
    struct verified found = {0};
    struct schema_drift drift;

    schema_drift_init(&drift, report, &unused);
    struct verifying verifying = {.report = &drift.grown.report, .out = &found};
    const bool ok = schema_drift_recall(&drift, dest, err) &&
                    destination_read_rows(dest, verifying.report, range, take_row, &verifying, err);
    schema_drift_done(&drift);
    if (!ok) {
        verified_done(&found);
        return error_context(err, "%s", report->name);
    }
    *out = found;
    return true;
}
