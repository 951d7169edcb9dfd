/* SPDX-License-Identifier: MIT */
/* Reads and checks the settings of the archive's bucket. */
#include "config/bucket_settings.h"

#include "base/mem.h"
#include "base/secret.h"
#include "base/url.h"
#include "config/variables.h"

#include <stdlib.h>
#include <string.h>

/* AWS's limits. Of a key's characters only those that S3 calls safe are allowed in a prefix. */
enum { NAME_MIN = 3, NAME_MAX_LEN = 63, PREFIX_MAX = 512 };

#define SMALL "abcdefghijklmnopqrstuvwxyz0123456789-"
#define SAFE SMALL "ABCDEFGHIJKLMNOPQRSTUVWXYZ!_.*'()/"

static bool consists_of(const char *text, const char *allowed)
{
    return text[strspn(text, allowed)] == '\0';
}

static bool read_name(const struct env_file *file, struct bucket_settings *out, struct error *err)
{
    const size_t len = strlen(out->name);

    (void)file;
    if (len < NAME_MIN || len > NAME_MAX_LEN || !consists_of(out->name, SMALL ".") ||
        strstr(out->name, ".."))
        return error_set(err, ERROR_CONFIG,
                         "BRONZE_S3_BUCKET must be a bucket's name: %d to %d small letters, "
                         "digits, '-' and '.'",
                         NAME_MIN, NAME_MAX_LEN);
    return true;
}

static bool read_prefix(const struct env_file *file, struct bucket_settings *out, struct error *err)
{
    const char *text = variables_get(file, "BRONZE_S3_PREFIX");

    if (!text)
        return true;
    text += strspn(text, "/");
    size_t len = strlen(text);
    while (len > 0 && text[len - 1] == '/')
        len--;
    char *prefix = mem_copy_n(text, len);
    out->prefix = prefix;
    if (len > PREFIX_MAX || !consists_of(prefix, SAFE) || strstr(prefix, "//") ||
        strstr(prefix, ".."))
        return error_set(err, ERROR_CONFIG,
                         "BRONZE_S3_PREFIX must be names with '/' between them, of letters, digits "
                         "and -_.!*'(), %d characters at most",
                         PREFIX_MAX);
    if (len == 0) {
        free(prefix);
        out->prefix = NULL;
    }
    return true;
}

static bool read_endpoint(const struct env_file *file, struct bucket_settings *out,
                          struct error *err)
{
    const char *text = variables_get(file, "BRONZE_S3_ENDPOINT");

    if (!text)
        return true;
    MEM_FREE_TEXT char *plain = mem_copy(text);
    const size_t len = strlen(plain);
    if (len > 0 && plain[len - 1] == '/')
        plain[len - 1] = '\0';
    char *origin = url_origin(plain);
    /* An origin without a default port is what is left of an address that has nothing else. */
    if (!origin || strncmp(plain, origin, strlen(origin)) != 0 ||
        !consists_of(plain + strlen(origin), ":0123456789")) {
        free(origin);
        return error_set(err, ERROR_CONFIG,
                         "BRONZE_S3_ENDPOINT must be https://HOST or http://HOST:PORT, in small "
                         "letters and without a path");
    }
    out->endpoint = origin;
    return true;
}

static bool read_region(const struct env_file *file, struct bucket_settings *out, struct error *err)
{
    const char *text = variables_get(file, "BRONZE_S3_REGION");

    if (!text)
        text = variables_get(file, "AWS_REGION");
    if (!text && !out->endpoint)
        return error_set(err, ERROR_CONFIG,
                         "BRONZE_S3_REGION is missing: the bucket's region, such as sa-east-1");
    text = text ? text : "us-east-1"; /* what MinIO and R2 take without being told */
    if (!consists_of(text, SMALL))
        return error_set(err, ERROR_CONFIG,
                         "BRONZE_S3_REGION must be a region's name, such as "
                         "sa-east-1");
    out->region = mem_copy(text);
    return true;
}

static bool read_keys(const struct env_file *file, struct bucket_settings *out, struct error *err)
{
    char *secret = NULL, *token = NULL;

    out->key_id = mem_copy(variables_get(file, "AWS_ACCESS_KEY_ID"));
    if (!variables_get_secret(file, "AWS_SECRET_ACCESS_KEY", &secret, err))
        return false;
    out->secret = secret;
    if (!variables_get_secret(file, "AWS_SESSION_TOKEN", &token, err))
        return false;
    out->token = token;
    out->credentials_path = mem_copy(variables_get(file, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"));
    if (!out->key_id != !out->secret)
        return error_set(err, ERROR_CONFIG, "BRONZE_S3_BUCKET: %s is set and %s is not",
                         out->key_id ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY",
                         out->key_id ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID");
    if (!out->key_id && !out->credentials_path)
        return error_set(err, ERROR_CONFIG,
                         "BRONZE_S3_BUCKET needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a "
                         "task role of ECS");
    if (out->credentials_path && *out->credentials_path != '/')
        return error_set(err, ERROR_CONFIG,
                         "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI must begin with /");
    return true;
}

bool bucket_settings_read(const struct env_file *file, struct bucket_settings *out,
                          struct error *err)
{
    out->name = mem_copy(variables_get(file, "BRONZE_S3_BUCKET"));
    return !out->name || (read_name(file, out, err) && read_prefix(file, out, err) &&
                          read_endpoint(file, out, err) && read_region(file, out, err) &&
                          read_keys(file, out, err));
}

void bucket_settings_done(struct bucket_settings *bucket)
{
    secret_free((char *)bucket->name);
    secret_free((char *)bucket->prefix);
    secret_free((char *)bucket->region);
    secret_free((char *)bucket->endpoint);
    secret_free((char *)bucket->key_id);
    secret_free((char *)bucket->secret);
    secret_free((char *)bucket->token);
    secret_free((char *)bucket->credentials_path);
    *bucket = (struct bucket_settings){0};
}
