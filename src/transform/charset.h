/*
 * Detects the encoding of a file's text, and of a cell, from the bytes.
 *
 * SIGOS declares Latin-1 and sends Windows-1252. Other portals send UTF-8. Some files hold both: a
 * header from one program and rows from another. A byte order mark proves nothing about the bytes
 * behind it. So the bytes decide:
 *
 *   all bytes are valid UTF-8                          CHARSET_UTF_8
 *   no character that can only be UTF-8                CHARSET_WINDOWS_1252
 *   both, fewer characters of UTF-8 than other bytes   CHARSET_MIXED: each cell by itself
 *   as many characters of UTF-8 as other bytes or more CHARSET_DAMAGED_UTF_8: each cell by
 *                                                      itself, but what looks like a broken
 *                                                      character is not Windows-1252
 *   many bytes that are a letter in neither            CHARSET_UNKNOWN: DOS or Mac; refused
 *
 * Text in UTF-16 is turned into UTF-8 before (transform/utf16.h).
 */
#ifndef TRANSFORM_CHARSET_H
#define TRANSFORM_CHARSET_H

#include "transform/encoding.h"

#include <stdbool.h>
#include <stddef.h>

enum charset {
    CHARSET_WINDOWS_1252,
    CHARSET_UTF_8,
    CHARSET_MIXED,
    CHARSET_DAMAGED_UTF_8,
    CHARSET_UNKNOWN,
};

/* What charset_survey finds in a whole file. */
struct charset_survey {
    enum charset charset;
    size_t bom;       /* bytes of the byte order mark of UTF-8, 0 if there is none */
    size_t odd_place; /* for CHARSET_UNKNOWN: offset of the first symbol between two letters */
    bool has_nul;     /* the text holds a NUL byte */
};

/* Reads all `len` bytes of a file and decides which charset they are in. It never fails. */
struct charset_survey charset_survey(const char *bytes, size_t len);

const char *charset_name(enum charset charset); /* static, lower case */

/* Does what charset_of_cell does, for a charset in which each cell is judged by itself. */
bool charset_of_odd_cell(enum charset charset, const char *text, size_t len, enum encoding *out);

/* Chooses the encoding of one cell of a file; `charset` must not be CHARSET_UNKNOWN. Returns false
 * if the text cannot be read as it was meant, because a character of it is broken; *out is set in
 * that case too. */
static inline bool charset_of_cell(enum charset charset, const char *text, size_t len,
                                   enum encoding *out)
{
    *out = charset == CHARSET_WINDOWS_1252 ? ENCODING_WINDOWS_1252 : ENCODING_UTF_8;
    return charset == CHARSET_WINDOWS_1252 || charset == CHARSET_UTF_8 ||
           charset_of_odd_cell(charset, text, len, out);
}

#endif
