/* SPDX-License-Identifier: MIT */
/* Recognises files by their first bytes. */
#include "base/content.h"

#include <string.h>
#include <strings.h>

enum { TITLE_WITHIN = 64 * 1024 };

struct kind {
    const char *magic;
    size_t len;
    enum content content;
    const char *name;
};

static const struct kind binary_kinds[] = {
    {"PK\x03\x04", 4, CONTENT_ZIP, "a ZIP or spreadsheet file"},
    {"PK\x05\x06", 4, CONTENT_ZIP, "a ZIP or spreadsheet file"}, /* an empty archive */
    {"\x1F\x8B", 2, CONTENT_GZIP, "a gzip file"},
    {"Rar!", 4, CONTENT_ARCHIVE, "a RAR archive"},
    {"7z\xBC\xAF\x27\x1C", 6, CONTENT_ARCHIVE, "a 7z archive"},
    {"BZh", 3, CONTENT_ARCHIVE, "a bzip2 file"},
    {"\xFD\x37zXZ", 5, CONTENT_ARCHIVE, "an xz file"},
    {"\x28\xB5\x2F\xFD", 4, CONTENT_ARCHIVE, "a Zstandard file"},
    {"%PDF", 4, CONTENT_DOCUMENT, "a PDF"},
    {"\xD0\xCF\x11\xE0", 4, CONTENT_DOCUMENT, "an old Excel file"},
};

/* The beginnings of text formats, behind a byte order mark and blanks. */
static const struct kind text_kinds[] = {
    {"{", 1, CONTENT_JSON, "JSON"},
    {"[", 1, CONTENT_JSON, "JSON"},
    {"<?xml", 5, CONTENT_XML, "XML"},
    {"<", 1, CONTENT_HTML, "an HTML page"},
};

static const struct kind *find_kind(const struct kind *kinds, size_t count, const char *at,
                                    const char *end)
{
    for (size_t i = 0; i < count; i++)
        if ((size_t)(end - at) >= kinds[i].len && memcmp(at, kinds[i].magic, kinds[i].len) == 0)
            return &kinds[i];
    return NULL;
}

enum content content_of(const char *bytes, size_t len, const char **name)
{
    static const char bom[] = "\xEF\xBB\xBF";
    const char *at = bytes, *end = bytes + len;
    const struct kind *kind =
        find_kind(binary_kinds, sizeof(binary_kinds) / sizeof(*binary_kinds), at, end);

    if (len >= strlen(bom) && memcmp(at, bom, strlen(bom)) == 0)
        at += strlen(bom);
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
        at++;
    if (!kind)
        kind = find_kind(text_kinds, sizeof(text_kinds) / sizeof(*text_kinds), at, end);
    if (name)
        *name = kind ? kind->name : NULL;
    return kind ? kind->content : CONTENT_UNKNOWN;
}

bool content_is_page(enum content content)
{
    return content == CONTENT_HTML || content == CONTENT_XML;
}

static const char *find_word(const char *at, const char *end, const char *word)
{
    const size_t len = strlen(word);

    for (; (size_t)(end - at) >= len; at++)
        if (strncasecmp(at, word, len) == 0)
            return at;
    return NULL;
}

const char *content_title(const char *bytes, size_t len, size_t *title_len)
{
    static const char tag[] = "<title>";
    const char *end = bytes + (len < TITLE_WITHIN ? len : TITLE_WITHIN);
    const char *title = find_word(bytes, end, tag);

    if (!title)
        return NULL;
    title += strlen(tag);
    const char *close = memchr(title, '<', (size_t)(end - title));
    *title_len = (size_t)((close ? close : end) - title);
    return title;
}
