/*
 * Converts between UTF-8 and Windows-1252, the portal's encoding, which it declares as ISO-8859-1.
 */
#ifndef SIMULATOR_CP1252_H
#define SIMULATOR_CP1252_H

#include "base/buf.h"

/* Appends the first `len` bytes of `text`, valid UTF-8, as Windows-1252. A character that
 * Windows-1252 lacks is a mistake of the simulator and ends the program. */
void cp1252_add(struct buf *out, const char *text, size_t len);

/* Appends bytes of Windows-1252 as UTF-8. A byte without a character becomes U+FFFD. */
void cp1252_read(struct buf *out, const char *bytes, size_t len);

#endif
