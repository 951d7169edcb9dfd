/* SPDX-License-Identifier: MIT */
/* Makes entries of the change log as JSON. */
#include "load/change_log.h"

#include "base/json.h"

#include <string.h>

void change_done(struct change *change)
{
    buf_done(&change->key);
    buf_done(&change->before);
    buf_done(&change->after);
}

bool change_fits(const struct change *change)
{
    return !change->key.full && !change->before.full && !change->after.full;
}

/* NULL and '' are different contents. */
static bool same(struct cell a, struct cell b)
{
    if (!a.text || !b.text)
        return a.text == b.text;
    return a.len == b.len && memcmp(a.text, b.text, a.len) == 0;
}

bool change_has_column(const struct report *report, size_t column, const struct cell *before,
                       const struct cell *after)
{
    return !before || !after ||
           (report->columns[column].source != COLUMN_EXTRACTED_AT &&
            !same(before[column], after[column]));
}

static void open_object(struct buf *out)
{
    buf_add_char(out, '{');
}

static void add_member(struct buf *out, const char *name, struct cell value)
{
    if (out->len > 1)
        buf_add_char(out, ',');
    json_add_string(out, name, strlen(name));
    buf_add_char(out, ':');
    if (value.text)
        json_add_string(out, value.text, value.len);
    else
        buf_add_text(out, "null");
}

static void close_object(struct buf *out)
{
    buf_add_char(out, '}');
}

static void add_key(struct buf *out, const struct report *report, const struct cell *cells)
{
    open_object(out);
    for (size_t i = 0; i < report->key_count; i++)
        add_member(out, report->columns[report->key[i]].name, cells[report->key[i]]);
    close_object(out);
}

static void add_row(struct buf *out, const struct report *report, const struct cell *cells)
{
    open_object(out);
    for (size_t i = 0; i < report->column_count; i++)
        add_member(out, report->columns[i].name, cells[i]);
    close_object(out);
}

static void start(struct change *change, const char *op, const struct report *report,
                  struct hash128 row_key, const struct cell *cells)
{
    change->op = op;
    change->row_key = row_key;
    change->date = cells[report->window_date];
    buf_reset(&change->key);
    buf_reset(&change->before);
    buf_reset(&change->after);
    add_key(&change->key, report, cells);
}

void change_insert(struct change *change, const struct report *report, struct hash128 row_key,
                   const struct cell *cells)
{
    start(change, "insert", report, row_key, cells);
    add_row(&change->after, report, cells);
}

void change_update(struct change *change, const struct report *report, struct hash128 row_key,
                   const struct cell *before, const struct cell *after)
{
    start(change, "update", report, row_key, after);
    open_object(&change->before);
    open_object(&change->after);
    for (size_t i = 0; i < report->column_count; i++) {
        const struct column *column = &report->columns[i];
        if (column->source == COLUMN_EXTRACTED_AT)
            add_member(&change->before, column->name, before[i]);
        else if (change_has_column(report, i, before, after)) {
            add_member(&change->before, column->name, before[i]);
            add_member(&change->after, column->name, after[i]);
        }
    }
    close_object(&change->before);
    close_object(&change->after);
}

void change_delete(struct change *change, const struct report *report, struct hash128 row_key,
                   const struct cell *cells)
{
    start(change, "delete", report, row_key, cells);
    add_row(&change->before, report, cells);
}
