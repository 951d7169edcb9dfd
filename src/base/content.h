/*
 * What a file is, by its first bytes: a page, an archive, JSON, … or perhaps a CSV.
 */
#ifndef BASE_CONTENT_H
#define BASE_CONTENT_H

#include <stdbool.h>
#include <stddef.h>

enum content {
    CONTENT_UNKNOWN, /* it may be a CSV */
    CONTENT_ZIP,
    CONTENT_GZIP,
    CONTENT_ARCHIVE,  /* of another kind: content_name says which */
    CONTENT_DOCUMENT, /* PDF, old Excel */
    CONTENT_JSON,
    CONTENT_XML,
    CONTENT_HTML,
};

/* Looks at the first bytes, behind a byte order mark and blanks. *name (or NULL) becomes what a
 * message calls it, "a PDF"; it is static, and NULL for CONTENT_UNKNOWN. */
enum content content_of(const char *bytes, size_t len, const char **name);

/* HTML, or XML, which pages are sent as too. */
bool content_is_page(enum content content);

/* Finds the title of a page in its first 64 KiB. Returns where it begins, within `bytes`, and
 * *title_len; NULL if there is none. */
const char *content_title(const char *bytes, size_t len, size_t *title_len);

#endif
