/*
 * Header names as they are compared: the portal writes "Data execução" in one report and
 * "DATA EXECUÇÃO" in the other, and now and then changes blanks, quotes or accents.
 *
 * config/ compares the names of a profile among themselves with this, transform/ compares them with
 * what a file says, so both must use the same form.
 */
#ifndef MODEL_HEADER_H
#define MODEL_HEADER_H

#include <stddef.h>

struct buf;

/* Of a longer name only this many bytes count: a page of HTML is no header, whatever its length. */
#define HEADER_NAME_MAX 1024

/*
 * Adds the form of a header name in which it is compared: double quotes removed, runs of white
 * space and control characters become one blank, trimmed, accents removed (NFKD without its
 * combining marks), upper case. Bytes that are not UTF-8 become U+FFFD. What is already in that
 * form stays as it is. The text is borrowed and need not end with NUL; it never fails, but `out`
 * may become full.
 */
void header_normalize(struct buf *out, const char *utf8, size_t len);

#endif
