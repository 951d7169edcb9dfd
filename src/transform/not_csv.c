/* SPDX-License-Identifier: MIT */
/* Pages and archives. */
#include "transform/not_csv.h"

#include "base/buf.h"
#include "transform/encoding.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { TITLE_MAX_BYTES = 512 };

const char *not_csv_kind(const char *bytes, size_t len)
{
    static const struct {
        const char *magic;
        size_t len;
        const char *kind;
    } kinds[] = {
        {"PK\x03\x04", 4, "a ZIP or spreadsheet file"},
        {"\x1F\x8B", 2, "a gzip file"},
        {"Rar!", 4, "a RAR archive"},
        {"7z\xBC\xAF\x27\x1C", 6, "a 7z archive"},
        {"BZh", 3, "a bzip2 file"},
        {"\xFD"
         "7zXZ",
         5, "an xz file"},
        {"\x28\xB5\x2F\xFD", 4, "a Zstandard file"},
        {"%PDF", 4, "a PDF"},
        {"\xD0\xCF\x11\xE0", 4, "an old Excel file"},
        {"{", 1, "JSON"},
        {"[", 1, "JSON"},
        {"<?xml", 5, "XML"},
        {"<", 1, "an HTML page"},
    };

    while (len && strchr(" \t\r\n", *bytes) && *bytes) {
        bytes++;
        len--;
    }
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (len >= kinds[i].len && memcmp(bytes, kinds[i].magic, kinds[i].len) == 0)
            return kinds[i].kind;
    return NULL;
}

static const char *find_word(const char *bytes, size_t len, const char *word)
{
    size_t n = strlen(word);

    for (size_t i = 0; i + n <= len; i++)
        if (strncasecmp(bytes + i, word, n) == 0)
            return bytes + i;
    return NULL;
}

bool not_csv_refuse(const char *kind, const char *bytes, size_t len, struct error *err)
{
    BUF_DONE struct buf shown = BUF_INIT(TITLE_MAX_BYTES);
    size_t head = len < 64 * 1024 ? len : 64 * 1024;
    const char *title = find_word(bytes, head, "<title>");
    const char *title_end =
        title ? find_word(title, head - (size_t)(title - bytes), "</title>") : NULL;

    if (title_end) {
        title += strlen("<title>");
        encoding_show(&shown, title, (size_t)(title_end - title));
        return error_set(err, ERROR_DATA, "this is %s, not a CSV (its title: \"%s\")", kind,
                         buf_text(&shown));
    }
    return error_set(err, ERROR_DATA, "this is %s, not a CSV", kind);
}
