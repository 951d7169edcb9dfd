/*
 * UTF-16, which Excel writes as "Unicode text" and some portals send: found by its bytes, and
 * turned into UTF-8 before anything else looks at the file.
 */
#ifndef TRANSFORM_UTF16_H
#define TRANSFORM_UTF16_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum utf16 { UTF16_NONE, UTF16_LE, UTF16_BE };

/* By the byte order mark; or, without one, by a first line of which every second byte is NUL and no
 * other: no other text has that. *mark is the mark's length. */
enum utf16 utf16_find(const char *data, size_t len, size_t *mark);

const char *utf16_name(enum utf16 order); /* static, lower case; not of UTF16_NONE */

/* Adds the text behind the mark to `out` as UTF-8. ERROR_DATA names the line: half of a character,
 * an odd number of bytes, another order in mid-text, no UTF-16 at all behind a mark. */
bool utf16_decode(enum utf16 order, const char *data, size_t len, struct buf *out,
                  struct error *err);

#endif
