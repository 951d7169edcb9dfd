/*
 * Turns bytes of a file into the tables' text: UTF-8, trimmed, composed (NFC), upper case, without
 * invisible characters.
 *
 * transform/charset.h decides which encoding a file has, and each cell of a mixed file.
 */
#ifndef TRANSFORM_ENCODING_H
#define TRANSFORM_ENCODING_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum encoding { ENCODING_WINDOWS_1252, ENCODING_UTF_8 };

/* Adds the text as UTF-8 without other changes. Text in UTF-8 must be valid. */
void encoding_decode(enum encoding encoding, struct buf *out, const char *text, size_t len);

/* Adds any bytes as valid UTF-8, for people to read: valid UTF-8 stays, other bytes are read as
 * Windows-1252. */
void encoding_decode_any(struct buf *out, const char *text, size_t len);

/* Adds the first 100 bytes of any text as a message may show them: valid UTF-8 on one line, without
 * control characters below 0x20. */
void encoding_show(struct buf *out, const char *bytes, size_t len);

/*
 * Adds the text as it stands in a table. White space (Unicode's, NBSP included) is trimmed at both
 * ends. The rest is upper-cased as Python's str.upper does (ß becomes SS) and composed (NFC).
 * Format characters such as zero-width blanks are left out. Other text inside stays.
 */
void encoding_fold(enum encoding encoding, struct buf *out, const char *text, size_t len);

/* Does what encoding_fold does, into `to`, which has room for encoding_fold_room(len) bytes.
 * Returns how many bytes it writes. Bytes from the text's end up to `readable` may be read, and do
 * not change the result: so a text that others follow is folded eight bytes at a time. */
size_t encoding_fold_to(enum encoding encoding, char *to, const char *text, size_t len,
                        const char *readable);
static inline size_t encoding_fold_room(size_t len)
{
    return len * 4 + 8;
}

#endif
