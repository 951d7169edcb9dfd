/* SPDX-License-Identifier: MIT */
/* Gets the keys of a task's role from ECS, and renews them. */
#include "s3/credentials.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/secret.h"

#include <curl/curl.h>
#include <jansson.h>
#include <string.h>

enum { ANSWER_MAX = 64 * 1024, RENEW_SECONDS = 300, FETCH_SECONDS = 5 };

void s3_credentials_done(struct s3_credentials *credentials)
{
    secret_free(credentials->key_id);
    secret_free(credentials->secret);
    secret_free(credentials->token);
    *credentials = (struct s3_credentials){0};
}

bool s3_credentials_read(const char *json, size_t len, struct s3_credentials *out,
                         struct error *err)
{
    const char *key_id = NULL, *secret = NULL, *token = NULL, *until = NULL;
    struct tm expires = {0};
    json_t *root = json_loadb(json, len, 0, NULL);
    const char *end = NULL;

    const bool ok =
        root &&
        json_unpack(root, "{s:s, s:s, s?s, s:s}", "AccessKeyId", &key_id, "SecretAccessKey",
                    &secret, "Token", &token, "Expiration", &until) == 0 &&
        *key_id && *secret && (end = strptime(until, "%Y-%m-%dT%H:%M:%S", &expires)) &&
        (*end == 'Z' || *end == '.');
    if (ok)
        *out = (struct s3_credentials){.key_id = mem_copy(key_id),
                                       .secret = mem_copy(secret),
                                       .token = mem_copy(token),
                                       .expires = timegm(&expires)};
    json_decref(root);
    return ok || error_set(err, ERROR_SYSTEM, "ECS's answer holds no credentials of a task role");
}

static size_t take(char *bytes, size_t size, size_t count, void *arg)
{
    struct buf *answer = arg;

    buf_add(answer, bytes, size * count);
    return answer->full ? 0 : size * count;
}

bool s3_credentials_fetch(const char *url, struct s3_credentials *out, struct error *err)
{
    SECRET_BUF struct buf answer = BUF_INIT(ANSWER_MAX);
    CURL *easy = curl_easy_init();
    long status = 0;

    if (!easy)
        return error_set(err, ERROR_SYSTEM, "no memory for a request");
    buf_reserve(&answer, ANSWER_MAX); /* at once: growing would leave copies of the secret */
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*"); /* no proxy may see the keys */
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)FETCH_SECONDS);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &answer);
    const CURLcode code = curl_easy_perform(easy);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(easy);
    /* The address is left out of messages: who knows it gets the keys. */
    if (code != CURLE_OK)
        error_set(err, ERROR_SYSTEM, "no credentials of the task role: %s",
                  curl_easy_strerror(code));
    else if (status != 200)
        error_set(err, ERROR_SYSTEM, "no credentials of the task role: ECS answered HTTP %ld",
                  status);
    else
        return s3_credentials_read(buf_text(&answer), answer.len, out, err);
    return status / 100 == 4 ? false : error_mark_transient(err);
}

bool s3_credentials_are_fresh(const struct s3_credentials *credentials, time_t now)
{
    return credentials->key_id &&
           (credentials->expires == 0 || credentials->expires - now > RENEW_SECONDS);
}

bool s3_credentials_refresh(const struct bucket_settings *settings, time_t now,
                            struct s3_credentials *credentials, struct error *err)
{
    struct s3_credentials fresh;

    if (s3_credentials_are_fresh(credentials, now))
        return true;
    if (settings->key_id) {
        fresh = (struct s3_credentials){.key_id = mem_copy(settings->key_id),
                                        .secret = mem_copy(settings->secret),
                                        .token = mem_copy(settings->token)};
    } else {
        MEM_FREE_TEXT char *url =
            mem_format("%s%s", S3_CREDENTIALS_HOST, settings->credentials_path);
        if (!s3_credentials_fetch(url, &fresh, err))
            return false;
    }
    s3_credentials_done(credentials);
    *credentials = fresh;
    return true;
}
