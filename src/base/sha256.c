/* SPDX-License-Identifier: MIT */
/* Computes a SHA-256. */
#include "base/sha256.h"

#include <openssl/evp.h>
#include <stdio.h>

bool sha256_hex(const char *bytes, size_t len, char out[SHA256_HEX_SIZE], struct error *err)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned digest_len = 0;

    if (!EVP_Digest(bytes, len, digest, &digest_len, EVP_sha256(), NULL))
        return error_set(err, ERROR_SYSTEM, "cannot compute a SHA-256");
    for (unsigned i = 0; i < digest_len && i < (SHA256_HEX_SIZE - 1) / 2; i++)
        snprintf(out + (size_t)i * 2, 3, "%02x", digest[i]);
    return true;
}
