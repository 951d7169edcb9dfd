/*
 * Recognises by its first bytes whether a file is a page, an archive, JSON and so on, or may be a
 * CSV.
 */
#ifndef BASE_CONTENT_H
#define BASE_CONTENT_H

#include <stdbool.h>
#include <stddef.h>

enum content {
    CONTENT_UNKNOWN, /* it may be a CSV */
    CONTENT_ZIP,
    CONTENT_GZIP,
    CONTENT_ARCHIVE,  /* another packed format; *name of content_of says which */
    CONTENT_DOCUMENT, /* PDF, old Excel */
    CONTENT_JSON,
    CONTENT_XML,
    CONTENT_HTML,
};

/* Recognises the first bytes, behind a byte order mark and blanks. `name` may be NULL; else *name
 * becomes the words for a message, such as "a PDF". They are static, and NULL for
 * CONTENT_UNKNOWN. */
enum content content_of(const char *bytes, size_t len, const char **name);

/* Whether it is HTML, or XML, which some pages are sent as. */
bool content_is_page(enum content content);

/* Finds the title of a page in its first 64 KiB. Returns where the title begins within `bytes`, and
 * sets *title_len; NULL if there is no title. */
const char *content_title(const char *bytes, size_t len, size_t *title_len);

#endif
