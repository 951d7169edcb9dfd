/*
 * The token in the form of a POST, which another site cannot know.
 */
#ifndef SERVE_TOKEN_H
#define SERVE_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

enum { TOKEN_SIZE = 65 }; /* 64 digits and a NUL */

/* Writes the token for a POST to `path`: HMAC-SHA-256 with the key, which is a session's or the
 * process's. Returns `out`. */
char *token_make(const unsigned char *key, size_t key_size, const char *path, char out[TOKEN_SIZE]);

/* Whether `token` (may be NULL) is that one; takes the same time for every wrong one. */
bool token_matches(const unsigned char *key, size_t key_size, const char *path, const char *token);

/* Whether the headers Origin and Host (NULL: there is none) name the same place. A browser sends an
 * Origin with every POST. */
bool token_same_origin(const char *origin, const char *host);

#endif
