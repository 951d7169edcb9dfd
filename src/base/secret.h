/*
 * Tells whether a text contains a secret, and frees memory after it is overwritten.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* Whether the text holds the secret: as it is, with HTML's character references, or as part of an
 * address (percent-encoded, blanks as +). An empty secret is in no text. */
bool secret_shows(const char *text, size_t len, const char *secret);

/* Both overwrite what they free: freed memory could come into a core file. */
void secret_free(char *text); /* accepts NULL */
void secret_buf_done(struct buf *buf);

/* For `SECRET_BUF struct buf x = BUF_INIT(…)`. */
#define SECRET_BUF __attribute__((cleanup(secret_buf_done)))

#endif
