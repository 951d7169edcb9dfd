/* SPDX-License-Identifier: MIT */
/* Makes and compares hashes of passwords with OpenSSL's scrypt. */
#include "serve/password.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

enum {
    SALT_SIZE = 16,
    HASH_SIZE = 32,
    BASE64_SALT = 24,
    BASE64_HASH = 44,
    LOG_N = 15,
    R = 8,
    P = 1,
    MEMORY_MAX = 64 * 1024 * 1024,
};

/* The parameters are the program's; another cost would be another program's hash. */
#define PREFIX "scrypt$15$8$1$"

static bool derive(const char *password, const unsigned char salt[SALT_SIZE],
                   unsigned char out[HASH_SIZE])
{
    return EVP_PBE_scrypt(password, strlen(password), salt, SALT_SIZE, UINT64_C(1) << LOG_N, R, P,
                          MEMORY_MAX, out, HASH_SIZE) == 1;
}

bool password_hash(const char *password, char out[PASSWORD_HASH_SIZE], struct error *err)
{
    unsigned char salt[SALT_SIZE], hash[HASH_SIZE];
    unsigned char salt_text[BASE64_SALT + 1], hash_text[BASE64_HASH + 1];
    const size_t len = strlen(password);

    if (len < PASSWORD_MIN || len > PASSWORD_MAX)
        return error_set(err, ERROR_CONFIG, "the password must have %d to %d bytes", PASSWORD_MIN,
                         PASSWORD_MAX);
    if (RAND_bytes(salt, sizeof(salt)) != 1 || !derive(password, salt, hash))
        return error_set(err, ERROR_SYSTEM, "OpenSSL cannot hash the password");
    EVP_EncodeBlock(salt_text, salt, SALT_SIZE);
    EVP_EncodeBlock(hash_text, hash, HASH_SIZE);
    OPENSSL_cleanse(hash, sizeof(hash));
    snprintf(out, PASSWORD_HASH_SIZE, PREFIX "%s$%s", (char *)salt_text, (char *)hash_text);
    return true;
}

/* Decodes `text_len` characters of Base64 that stand for exactly `size` bytes. */
static bool decode(const char *text, int text_len, unsigned char *out, int size)
{
    unsigned char bytes[BASE64_HASH];

    if (EVP_DecodeBlock(bytes, (const unsigned char *)text, text_len) < size)
        return false;
    memcpy(out, bytes, (size_t)size);
    return true;
}

static bool parse(const char *text, unsigned char salt[SALT_SIZE], unsigned char hash[HASH_SIZE])
{
    const size_t prefix = strlen(PREFIX);

    if (strncmp(text, PREFIX, prefix) != 0 ||
        strlen(text) != prefix + BASE64_SALT + 1 + BASE64_HASH)
        return false;
    const char *salt_text = text + prefix, *hash_text = salt_text + BASE64_SALT + 1;
    return hash_text[-1] == '$' && decode(salt_text, BASE64_SALT, salt, SALT_SIZE) &&
           decode(hash_text, BASE64_HASH, hash, HASH_SIZE);
}

bool password_check_hash(const char *hash, struct error *err)
{
    unsigned char salt[SALT_SIZE], bytes[HASH_SIZE];

    return parse(hash, salt, bytes) ||
           error_set(err, ERROR_CONFIG,
                     "SERVE_PASSWORD_HASH is no hash of a password; make one with `etl-sigos serve "
                     "--hash-password`");
}

bool password_matches(const char *hash, const char *password)
{
    unsigned char salt[SALT_SIZE], expected[HASH_SIZE], found[HASH_SIZE];

    if (!parse(hash, salt, expected) || strlen(password) > PASSWORD_MAX ||
        !derive(password, salt, found))
        return false;
    const bool same = CRYPTO_memcmp(expected, found, HASH_SIZE) == 0;
    OPENSSL_cleanse(found, sizeof(found));
    return same;
}
