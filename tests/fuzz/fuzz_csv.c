/* SPDX-License-Identifier: MIT */
/* The CSV reader. Any bytes give the same records, whole and in chunks, and every byte belongs to
 * one of them. */
#include "base/buf.h"
#include "transform/csv.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RECORD_MAX = 64 };

static void add_record(struct buf *out, const struct csv_record *record)
{
    buf_addf(out, "%llu %llu %d%d%d:", (unsigned long long)record->line,
             (unsigned long long)record->lines, record->bad_quote, record->open_quote,
             record->too_long);
    for (size_t i = 0; i < record->count; i++) {
        BUF_DONE struct buf scratch = BUF_INIT(1 << 20);
        struct csv_field field = csv_unquote(record->fields[i], &scratch);
        buf_add_char(out, '[');
        buf_add(out, field.text, field.len);
        buf_add_char(out, ']');
    }
    buf_add(out, record->raw, record->raw_len);
    buf_add_char(out, '\n');
}

/* Each piece ends with its block of memory, so that the sanitizer reports reads after its end. */
static void read_all(const char *bytes, size_t len, size_t chunk, struct buf *out)
{
    struct csv_reader reader;
    struct csv_record record;
    enum csv_status status;
    char *block = malloc(chunk);
    size_t fed = 0;

    csv_init(&reader, ';', false, RECORD_MAX);
    while ((status = csv_next(&reader, &record)) != CSV_END) {
        if (status == CSV_RECORD) {
            add_record(out, &record);
            continue;
        }
        const size_t take = len - fed < chunk ? len - fed : chunk;
        char *piece = block + chunk - take;
        memcpy(piece, bytes + fed, take);
        fed += take;
        csv_feed(&reader, piece, take, fed == len);
    }
    free(block);
    csv_done(&reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BUF_DONE struct buf whole = BUF_INIT(1 << 24), pieces = BUF_INIT(1 << 24);

    if (size < 1)
        return 0;
    const char *bytes = (const char *)data + 1;
    read_all(bytes, size - 1, size, &whole);
    read_all(bytes, size - 1, 1 + data[0] % 16, &pieces);
    if (whole.len != pieces.len || memcmp(buf_text(&whole), buf_text(&pieces), whole.len) != 0)
        abort();
    return 0;
}
