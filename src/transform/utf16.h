/*
 * Recognises UTF-16 by its bytes and turns it into UTF-8 before other code reads the file. Excel
 * writes it as "Unicode text", and some portals send it.
 */
#ifndef TRANSFORM_UTF16_H
#define TRANSFORM_UTF16_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum utf16 { UTF16_NONE, UTF16_LE, UTF16_BE };

/* Recognises UTF-16 by the byte order mark. Without a mark it recognises it by a first line of
 * which every second byte is NUL and no other byte is: no other text looks so. *mark becomes the
 * mark's length in bytes. */
enum utf16 utf16_find(const char *data, size_t len, size_t *mark);

const char *utf16_name(enum utf16 order); /* static, lower case; UTF16_NONE has no name */

/* Adds the text behind the mark to `out` as UTF-8. Fails with ERROR_DATA, which names the line, for
 * half of a character, an odd number of bytes, a byte order that changes within the text, or a mark
 * with no UTF-16 behind it. */
bool utf16_decode(enum utf16 order, const char *data, size_t len, struct buf *out,
                  struct error *err);

#endif
