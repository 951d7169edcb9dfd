/*
 * The hash of the password that opens the pages: scrypt, so that a hash that leaks is slow to try
 * passwords against.
 */
#ifndef SERVE_PASSWORD_H
#define SERVE_PASSWORD_H

#include "base/error.h"

#include <stdbool.h>

enum { PASSWORD_MIN = 10, PASSWORD_MAX = 256, PASSWORD_HASH_SIZE = 128 };

/* Writes "scrypt$15$8$1$SALT$HASH" (the binary logarithm of N, r, p; Base64) for a password, with a
 * new salt. ERROR_CONFIG: it is shorter than PASSWORD_MIN or longer than PASSWORD_MAX bytes. */
bool password_hash(const char *password, char out[PASSWORD_HASH_SIZE], struct error *err);

/* Whether a text is such a hash; else ERROR_CONFIG. */
bool password_check_hash(const char *hash, struct error *err);

/* Whether the hash is of that password. It takes some 100 ms and 32 MiB, and as long for a wrong
 * password as for the right one. */
bool password_matches(const char *hash, const char *password);

#endif
