/*
 * SHA-256, by OpenSSL.
 */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

#define SHA256_HEX_SIZE 65 /* 64 digits and a NUL */

/* Writes the hash of `len` bytes in lower-case hexadecimal digits. ERROR_SYSTEM: OpenSSL failed. */
bool sha256_hex(const char *bytes, size_t len, char out[SHA256_HEX_SIZE], struct error *err);

#endif
