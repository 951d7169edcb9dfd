/*
 * Whether a text gives a secret away.
 */
#ifndef EXTRACT_SECRET_H
#define EXTRACT_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/* True if the text holds the secret as it is, with HTML's character references, or as part of an
 * address (percent-encoded, blanks as +). An empty secret is in no text. */
bool secret_shows(const char *text, size_t len, const char *secret);

#endif
