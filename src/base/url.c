/* SPDX-License-Identifier: MIT */
/* Takes addresses apart with libcurl's URL API. */
#include "base/url.h"

#include "base/buf.h"
#include "base/mem.h"

#include <ctype.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void url_done(CURLU **url)
{
    curl_url_cleanup(*url);
}

/* Returns a part of the address, owned by the caller; NULL if the address has no such part or is
 * not valid. */
static char *part_of(const char *url, CURLUPart part, unsigned flags)
{
    __attribute__((cleanup(url_done))) CURLU *handle = curl_url();
    char *part_text = NULL, *copy = NULL;

    if (handle && curl_url_set(handle, CURLUPART_URL, url, CURLU_ALLOW_SPACE) == CURLUE_OK &&
        curl_url_get(handle, part, &part_text, flags) == CURLUE_OK)
        copy = mem_copy(part_text);
    curl_free(part_text);
    return copy;
}

char *url_host(const char *url)
{
    char *host = part_of(url, CURLUPART_HOST, 0);
    const size_t len = host ? strlen(host) : 0;

    if (len && host[0] == '[') {
        memmove(host, host + 1, len - 2);
        host[len - 2] = '\0';
    }
    for (char *c = host; c && *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return host;
}

char *url_origin(const char *url)
{
    MEM_FREE_TEXT char *scheme = part_of(url, CURLUPART_SCHEME, 0);
    MEM_FREE_TEXT char *port = part_of(url, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
    MEM_FREE_TEXT char *host = part_of(url, CURLUPART_HOST, 0);

    if (!host || !scheme || (strcasecmp(scheme, "http") != 0 && strcasecmp(scheme, "https") != 0))
        return NULL;
    char *origin = mem_format("%s://%s%s%s", scheme, host, port ? ":" : "", port ? port : "");
    for (char *c = origin; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return origin;
}

char *url_without_secrets(const char *url)
{
    MEM_FREE_TEXT char *origin = url_origin(url);
    MEM_FREE_TEXT char *path = part_of(url, CURLUPART_PATH, 0);

    if (!origin)
        return mem_copy("");
    return mem_format("%s%.*s", origin, path ? (int)strcspn(path, ";") : 0, path ? path : "");
}

void url_add_encoded(struct buf *out, const char *text)
{
    char *encoded = curl_easy_escape(NULL, text, 0);

    buf_add_text(out, encoded ? encoded : "");
    curl_free(encoded);
}
