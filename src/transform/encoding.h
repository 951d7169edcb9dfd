/*
 * Bytes of a file to the tables' text: UTF-8, trimmed, composed (NFC), upper case, without
 * characters that nobody sees.
 *
 * Which encoding a file has, and each cell of a mixed one, is decided in transform/charset.h.
 */
#ifndef TRANSFORM_ENCODING_H
#define TRANSFORM_ENCODING_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum encoding { ENCODING_WINDOWS_1252, ENCODING_UTF_8 };

/* Adds the text as UTF-8, unchanged otherwise. Text in UTF-8 must be valid. */
void encoding_decode(enum encoding encoding, struct buf *out, const char *text, size_t len);

/* Adds bytes of any kind as valid UTF-8, for people: what is UTF-8 stays, other bytes are read as
 * Windows-1252. */
void encoding_decode_any(struct buf *out, const char *text, size_t len);

/* The beginning of such bytes as a message may show it: one line, printable. */
void encoding_show(struct buf *out, const char *bytes, size_t len);

/*
 * Adds the text as it stands in a table: white space (Unicode's, NBSP included) trimmed at both
 * ends, the rest upper-cased as Python's str.upper does (ß becomes SS) and composed (NFC), format
 * characters such as zero-width blanks left out. Other inner text is left alone.
 */
void encoding_fold(enum encoding encoding, struct buf *out, const char *text, size_t len);

/* The same into `to`, which has encoding_fold_room(len) bytes; returns how many the text has. Bytes
 * from the text's end up to `readable` may be read, and are not looked at: a text that is followed
 * by others is folded eight bytes at a time. */
size_t encoding_fold_to(enum encoding encoding, char *to, const char *text, size_t len,
                        const char *readable);
static inline size_t encoding_fold_room(size_t len)
{
    return len * 4 + 8;
}

#endif
