/*
 * UTF-8 to Windows-1252, the portal's encoding (which it declares as ISO-8859-1).
 */
#ifndef SIMULATOR_CP1252_H
#define SIMULATOR_CP1252_H

#include "base/buf.h"

/* Appends the first `len` bytes of `text`, valid UTF-8. A character that Windows-1252 lacks is our
 * own mistake: it ends the program. */
void cp1252_add(struct buf *out, const char *text, size_t len);

/* The inverse, byte by byte; what Windows-1252 has no character for becomes U+FFFD. */
void cp1252_read(struct buf *out, const char *bytes, size_t len);

#endif
