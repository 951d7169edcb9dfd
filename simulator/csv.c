/* SPDX-License-Identifier: MIT */
/* Finds, cuts and changes records. */
#include "simulator/csv.h"

#include <stdbool.h>
#include <string.h>

enum { HEADER_FIELDS_MIN = 6 }; /* junk above the header has fewer */

size_t csv_record_end(const struct buf *file, size_t from)
{
    bool quoted = false;

    for (size_t i = from; i < file->len; i++) {
        if (file->data[i] == '"')
            quoted = !quoted;
        else if (file->data[i] == '\n' && !quoted)
            return i + 1;
    }
    return file->len;
}

static size_t count_fields(const struct buf *file, size_t from, size_t end)
{
    size_t count = 1;
    bool quoted = false;

    for (size_t i = from; i < end; i++) {
        if (file->data[i] == '"')
            quoted = !quoted;
        count += file->data[i] == ';' && !quoted;
    }
    return count;
}

size_t csv_header(const struct buf *file)
{
    size_t from = 0;

    while (from < file->len) {
        size_t end = csv_record_end(file, from);
        if (count_fields(file, from, end) >= HEADER_FIELDS_MIN)
            break;
        from = end;
    }
    return from;
}

void csv_shorten(struct buf *file, size_t len)
{
    size_t end = csv_record_end(file, csv_header(file));

    for (size_t next; end < file->len && (next = csv_record_end(file, end)) <= len;)
        end = next;
    if (end < file->len) {
        file->len = end;
        file->data[end] = '\0';
    }
}

static void replace(struct buf *file, struct buf *with)
{
    with->full |= file->full;
    buf_done(file);
    *file = *with;
}

/* Returns where the record ends without its line break. */
static size_t text_end(const struct buf *file, size_t from, size_t end)
{
    while (end > from && (file->data[end - 1] == '\n' || file->data[end - 1] == '\r'))
        end--;
    return end;
}

void csv_widen(struct buf *file, const char *header, const char *value)
{
    struct buf wide = BUF_INIT(file->max);
    size_t from = csv_header(file);

    buf_add(&wide, buf_text(file), from);
    for (bool first = true; from < file->len; first = false) {
        size_t end = csv_record_end(file, from), stop = text_end(file, from, end);
        buf_add(&wide, file->data + from, stop - from);
        if (count_fields(file, from, stop) >= HEADER_FIELDS_MIN) { /* not "Total de registros" */
            buf_add_char(&wide, ';');
            buf_add_text(&wide, first ? header : value);
        }
        buf_add(&wide, file->data + stop, end - stop);
        from = end;
    }
    replace(file, &wide);
}

void csv_rename(struct buf *file, const char *name, const char *to)
{
    struct buf renamed = BUF_INIT(file->max);
    size_t from = csv_header(file), end = csv_record_end(file, from), len = strlen(name);

    while (from + len <= end && memcmp(file->data + from, name, len) != 0)
        from++;
    if (from + len > end)
        return;
    buf_add(&renamed, file->data, from);
    buf_add_text(&renamed, to);
    buf_add(&renamed, file->data + from + len, file->len - from - len);
    replace(file, &renamed);
}
