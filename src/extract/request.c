/* SPDX-License-Identifier: MIT */
/* A request and its headers. */
#include "extract/request.h"

#include "base/mem.h"

#include <stdbool.h>
#include <stdlib.h>
#include <strings.h>

/* Compression would be undone by neither curl nor us, and what was asked for by the browser's
 * connection means nothing on another one. */
static bool is_left_out(const char *name)
{
    static const char *const names[] = {
        "Accept-Encoding",  "Connection",
        "Content-Length",   "Cookie",
        "Expect",           "Host",
        "Keep-Alive",       "Proxy-Authorization",
        "Proxy-Connection", "Transfer-Encoding",
    };

    if (name[0] == ':') /* HTTP/2's own */
        return true;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    return false;
}

void request_add_header(struct request *request, const char *name, const char *value)
{
    if (is_left_out(name))
        return;
    request->headers =
        mem_grow(request->headers, request->header_count + 1, sizeof(*request->headers));
    request->headers[request->header_count++] =
        (struct request_header){.name = mem_copy(name), .value = mem_copy(value)};
}

void request_drop_headers(struct request *request)
{
    for (size_t i = 0; i < request->header_count; i++) {
        free(request->headers[i].name);
        free(request->headers[i].value);
    }
    free(request->headers);
    request->headers = NULL;
    request->header_count = 0;
}

void request_copy(const struct request *request, struct request *out)
{
    *out = (struct request){
        .method = mem_copy(request->method),
        .url = mem_copy(request->url),
        .body = request->body ? mem_copy_n(request->body, request->body_len) : NULL,
        .body_len = request->body_len,
    };
    for (size_t i = 0; i < request->header_count; i++)
        request_add_header(out, request->headers[i].name, request->headers[i].value);
}

void request_done(struct request *request)
{
    request_drop_headers(request);
    free(request->method);
    free(request->url);
    free(request->body);
    *request = (struct request){0};
}
