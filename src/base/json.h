/*
 * Writes JSON strings. JSON is read with jansson (extract/browser/devtools.c,
 * bronze/manifest_line.c).
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stddef.h>

struct buf;

/* Adds `text` as a JSON string with its quotes. The text should be UTF-8: control characters are
 * escaped, and bytes that are not UTF-8 become U+FFFD, so that the result is always valid JSON. */
void json_add_string(struct buf *out, const char *text, size_t len);

#endif
