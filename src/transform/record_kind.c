/* SPDX-License-Identifier: MIT */
/* Recognises blank records, footers, totals and damaged rows. */
#include "transform/record_kind.h"

#include "base/buf.h"
#include "model/batch.h"
#include "model/header.h"
#include "transform/encoding.h"

#include <fnmatch.h>
#include <string.h>

enum { NAME_MAX_BYTES = 4096, LOOKED_AT = 256 };

static bool is_blank_byte(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool is_blank_field(struct csv_field field)
{
    for (size_t i = 0; i < field.len; i++)
        if (!is_blank_byte(field.text[i]))
            return false;
    return true;
}

size_t record_filled(const struct csv_record *record)
{
    size_t filled = 0;

    for (size_t i = 0; i < record->count; i++)
        filled += !is_blank_field(record->fields[i]);
    return filled;
}

bool record_is_blank(const struct csv_record *record)
{
    if (record->too_long || record->open_quote || record->too_many)
        return false;
    for (size_t i = 0; i < record->count; i++)
        if (!is_blank_field(record->fields[i]))
            return false;
    return true;
}

bool record_has_shape(const struct csv_record *record, size_t fields, size_t trailing)
{
    if (record->count != fields && record->count != fields + trailing)
        return false;
    for (size_t i = fields; i < record->count; i++)
        if (record->fields[i].len)
            return false;
    return true;
}

/* Returns the number of the first field that is not blank; record->count if all are blank. */
static size_t first_filled(const struct csv_record *record)
{
    size_t at = 0;

    while (at < record->count && is_blank_field(record->fields[at]))
        at++;
    return at;
}

/* Adds a field in the form in which names are compared: capitals, no accents, single blanks. */
static void add_normal(struct buf *out, struct csv_field field)
{
    BUF_DONE struct buf text = BUF_INIT(NAME_MAX_BYTES);

    encoding_decode_any(&text, field.text, field.len < LOOKED_AT ? field.len : LOOKED_AT);
    header_normalize(out, buf_text(&text), text.len);
}

static bool matches(const struct names *patterns, const char *text)
{
    for (size_t i = 0; i < patterns->count; i++)
        if (fnmatch(patterns->items[i], text, 0) == 0)
            return true;
    return false;
}

bool record_is_footer(const struct report *report, const struct csv_record *record,
                      const size_t *key, size_t key_count)
{
    BUF_DONE struct buf text = BUF_INIT(NAME_MAX_BYTES);
    const size_t first = first_filled(record);

    if (first == record->count || record->too_many)
        return false;
    for (size_t i = 0; key && i < key_count; i++)
        if (key[i] != first && key[i] < record->count && !is_blank_field(record->fields[key[i]]))
            return false;
    add_normal(&text, record->fields[first]);
    return matches(&report->footers, buf_text(&text));
}

/* Returns the only number in the text ("1.234" and "1234" are one number); -1 if there is none,
 * there are several, or it is larger than INT32_MAX. */
static int64_t only_number(const char *text)
{
    int64_t value = -1;

    while (*text) {
        if (*text < '0' || *text > '9') {
            text++;
            continue;
        }
        if (value >= 0)
            return -1;
        for (value = 0; (*text >= '0' && *text <= '9') || *text == '.'; text++)
            if (*text != '.' && (value = value * 10 + (*text - '0')) > INT32_MAX)
                return -1;
    }
    return value;
}

int64_t record_stated_count(const struct csv_record *record)
{
    static const char *const words[] = {"REGISTRO", "LINHA", "ROW", "RECORD"};
    BUF_DONE struct buf text = BUF_INIT(NAME_MAX_BYTES);

    for (size_t i = 0; i < record->count && text.len < LOOKED_AT; i++) {
        if (text.len)
            buf_add_char(&text, ' ');
        add_normal(&text, record->fields[i]);
    }
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (strstr(buf_text(&text), words[i]))
            return only_number(buf_text(&text));
    return -1;
}

bool record_resembles_row(const struct csv_record *record, size_t fields)
{
    return record->count * 2 >= fields;
}

enum { RAW_KEPT = REJECT_RAW_MAX / 4 }; /* bytes of the file; one byte may become four */

/* Returns how many bytes of the record are kept; the cut is never within a character of UTF-8. */
static size_t kept_length(const char *raw, size_t len)
{
    enum { CHARACTER_MAX = 4 };

    if (len <= RAW_KEPT)
        return len;
    len = RAW_KEPT;
    for (int i = 0; i < CHARACTER_MAX && ((unsigned char)raw[len] & 0xC0) == 0x80; i++)
        len--;
    return len;
}

void reject_text(enum charset charset, const char *raw, size_t len, struct buf *out)
{
    const char *at = raw, *end = raw + kept_length(raw, len);

    for (;;) {
        const char *nul = memchr(at, '\0', (size_t)(end - at));
        const size_t part = (size_t)((nul ? nul : end) - at);
        if (charset == CHARSET_WINDOWS_1252)
            encoding_decode(ENCODING_WINDOWS_1252, out, at, part);
        else
            encoding_decode_any(out, at, part);
        if (!nul)
            break;
        buf_add_text(out, "␀");
        at = nul + 1;
    }
}
