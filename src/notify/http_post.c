/* SPDX-License-Identifier: MIT */
/* Posts by libcurl. */
#include "notify/http_post.h"

#include "base/mem.h"
#include "base/stop.h"
#include "base/url.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

/* Drops the answer's body. */
static size_t drop(char *bytes, size_t size, size_t count, void *arg)
{
    (void)bytes;
    (void)arg;
    return size * count;
}

static CURLcode perform(CURL *easy, const char *url, struct curl_slist *headers, const char *body)
{
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT,
                     stop_signal() ? (long)HTTP_POST_STOPPED_SECONDS : (long)HTTP_POST_SECONDS);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)strlen(body));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    return curl_easy_perform(easy);
}

bool http_post(const char *url, const char *content_type, const char *body, struct error *err)
{
    MEM_FREE_TEXT char *host = url_host(url);
    MEM_FREE_TEXT char *type = mem_format("Content-Type: %s", content_type);
    struct curl_slist *headers = curl_slist_append(NULL, type);
    CURL *easy = curl_easy_init();
    long status = 0;

    if (!easy || !headers) {
        curl_easy_cleanup(easy);
        curl_slist_free_all(headers);
        return error_set(err, ERROR_SYSTEM, "no memory to send a message");
    }
    const CURLcode code = perform(easy, url, headers, body);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(easy);
    curl_slist_free_all(headers);
    if (code != CURLE_OK)
        return error_set(err, ERROR_SYSTEM, "%s: %s", host ? host : "the address",
                         curl_easy_strerror(code));
    return status / 100 == 2 || error_set(err, ERROR_SYSTEM, "%s answered HTTP %ld",
                                          host ? host : "the address", status);
}
