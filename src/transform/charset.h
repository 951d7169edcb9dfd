/*
 * Which encoding a file's text has, from evidence.
 *
 * SIGOS says Latin-1 and means Windows-1252; other portals send UTF-8, and some glue both into one
 * file: a header from one program and rows from another. A byte order mark proves nothing about
 * what follows it. So:
 *
 *   all bytes are valid UTF-8                          CHARSET_UTF_8
 *   no character of UTF-8 anywhere                     CHARSET_WINDOWS_1252
 *   both, in whatever proportion                       CHARSET_MIXED: each cell by itself
 *   more characters of UTF-8 than other bytes          CHARSET_DAMAGED_UTF_8: each cell by
 *                                                      itself, but what looks like a broken
 *                                                      character is not Windows-1252
 *   much that is a letter in neither                   CHARSET_UNKNOWN: DOS or Mac; not readable
 *
 * Text in UTF-16 has become UTF-8 before (transform/utf16.h).
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

/* What a look through the whole file found. */
struct charset_survey {
    enum charset charset;
    size_t bom;       /* length of the byte order mark, 0 if there is none */
    size_t odd_place; /* of CHARSET_UNKNOWN: a byte that is no letter where one should be */
    bool has_nul;     /* somewhere */
};

struct charset_survey charset_survey(const char *bytes, size_t len);

const char *charset_name(enum charset charset); /* static, lower case */

bool charset_of_odd_cell(enum charset charset, const char *text, size_t len, enum encoding *out);

/* The encoding of one cell of such a file; never asked of unknown ones. False: its text
 * cannot be read as meant, a character of it is broken. */
static inline bool charset_of_cell(enum charset charset, const char *text, size_t len,
                                   enum encoding *out)
{
    *out = charset == CHARSET_WINDOWS_1252 ? ENCODING_WINDOWS_1252 : ENCODING_UTF_8;
    return charset == CHARSET_WINDOWS_1252 || charset == CHARSET_UTF_8 ||
           charset_of_odd_cell(charset, text, len, out);
}

#endif
