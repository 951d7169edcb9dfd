/* SPDX-License-Identifier: MIT */
/* Makes and compares the tokens of forms. */
#include "serve/token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { HMAC_SIZE = 32 };

char *token_make(const unsigned char *key, size_t key_size, const char *path, char out[TOKEN_SIZE])
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    if (!HMAC(EVP_sha256(), key, (int)key_size, (const unsigned char *)path, strlen(path), bytes,
              &size) ||
        size != HMAC_SIZE)
        abort(); /* HMAC fails only without memory */
    for (unsigned i = 0; i < HMAC_SIZE; i++)
        snprintf(out + 2 * (size_t)i, 3, "%02x", bytes[i]);
    return out;
}

bool token_matches(const unsigned char *key, size_t key_size, const char *path, const char *token)
{
    char expected[TOKEN_SIZE];

    token_make(key, key_size, path, expected);
    return token && strlen(token) == TOKEN_SIZE - 1 &&
           CRYPTO_memcmp(token, expected, TOKEN_SIZE - 1) == 0;
}

bool token_same_origin(const char *origin, const char *host)
{
    const char *slashes = origin ? strstr(origin, "://") : NULL;

    return slashes && host && *host && strcasecmp(slashes + 3, host) == 0;
}
