/*
 * Bytes of a file to the tables' text: UTF-8, trimmed, upper case.
 *
 * SIGOS says Latin-1 and means Windows-1252; a file may also be UTF-8. One decision per file, from
 * evidence: a byte order mark, else whether all of its bytes are valid UTF-8 (text in Windows-1252
 * that is also valid UTF-8 is pure ASCII for every practical purpose, and then both agree).
 */
#ifndef TRANSFORM_ENCODING_H
#define TRANSFORM_ENCODING_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum encoding { ENCODING_WINDOWS_1252, ENCODING_UTF_8, ENCODING_UTF_16 };

/* Decides a file's encoding; *bom is the length of its byte order mark, 0 if it has none. */
enum encoding encoding_detect(const char *bytes, size_t len, size_t *bom);
const char *encoding_name(enum encoding encoding);

/* Adds the text as UTF-8, unchanged otherwise. Never ENCODING_UTF_16. */
void encoding_decode(enum encoding encoding, struct buf *out, const char *text, size_t len);

/*
 * Adds the text as it stands in a table: white space (Unicode's, NBSP included) trimmed at both
 * ends, the rest upper-cased as Python's str.upper does (ß becomes SS). Inner text is left alone.
 */
void encoding_fold(enum encoding encoding, struct buf *out, const char *text, size_t len);

/* The same into `to`, which has encoding_fold_room(len) bytes; returns how many the text has. Bytes
 * from the text's end up to `readable` may be read, and are not looked at: a text that is followed by
 * others is folded eight bytes at a time. */
size_t encoding_fold_to(enum encoding encoding, char *to, const char *text, size_t len,
                        const char *readable);
static inline size_t encoding_fold_room(size_t len)
{
    return len * 4 + 8;
}

#endif
