/*
 * Brings header names into the form in which they are compared. The portal writes "Data execução"
 * in one report and "DATA EXECUÇÃO" in the other, and sometimes changes blanks, quotes or accents.
 *
 * config/ compares the names of a profile with each other, and transform/ compares them with those
 * of a file. Both must use this form.
 */
#ifndef MODEL_HEADER_H
#define MODEL_HEADER_H

#include <stddef.h>

struct buf;

/* Only so many bytes of a longer name are compared, because a page of HTML may be taken for a
 * header. */
#define HEADER_NAME_MAX 1024

/*
 * Adds the form of a header name in which it is compared. Double quotes are removed; runs of white
 * space and control characters become one blank; the ends are trimmed; accents are removed (NFKD
 * without its combining marks); letters become upper case. Bytes that are not UTF-8 become U+FFFD.
 * A name that is already in that form does not change. The text is borrowed and need not end with
 * NUL. It never fails, but `out` may become full.
 */
void header_normalize(struct buf *out, const char *utf8, size_t len);

#endif
