/* SPDX-License-Identifier: MIT */
/* Copies and compares requests. */
#include "extract/replay/request.h"

#include "base/mem.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { TOKEN_MIN = 16 };

/* Whether a header is left out. A compressed answer would not be unpacked, and headers about a
 * connection hold for that connection only. */
static bool is_left_out(const char *name)
{
    static const char *const names[] = {
        "Accept-Encoding",  "Connection",
        "Content-Length",   "Cookie",
        "Expect",           "Host",
        "Keep-Alive",       "Proxy-Authorization",
        "Proxy-Connection", "Transfer-Encoding",
    };

    if (name[0] == ':') /* a pseudo-header of HTTP/2 */
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

bool request_asks_same(const struct request *one, const struct request *other)
{
    return strcmp(one->method, other->method) == 0 && strcmp(one->url, other->url) == 0 &&
           one->body_len == other->body_len &&
           (!one->body_len || memcmp(one->body, other->body, one->body_len) == 0);
}

/* Returns the length of the word at the beginning of the text; 0 if there is none. */
static size_t word_at(const char *text)
{
    size_t len = 0;

    while (isalnum((unsigned char)text[len]))
        len++;
    return len;
}

/* Whether a word may be a token of a session or a form. Days are shorter, and names have no
 * digits. */
static bool is_token(const char *word, size_t len)
{
    return len >= TOKEN_MIN && strcspn(word, "0123456789") < len;
}

/* Whether two texts are the same but for tokens. */
static bool is_alike(const char *one, const char *other)
{
    while (*one || *other) {
        const size_t len = word_at(one), other_len = word_at(other);
        const bool same = len == other_len && memcmp(one, other, len) == 0;
        if (!same && !(is_token(one, len) && is_token(other, other_len)))
            return false;
        one += len;
        other += other_len;
        if (*one != *other)
            return false;
        if (*one) {
            one++;
            other++;
        }
    }
    return true;
}

bool request_is_alike(const struct request *one, const struct request *other)
{
    if (strcmp(one->method, other->method) != 0 || !is_alike(one->url, other->url) ||
        !is_alike(one->body ? one->body : "", other->body ? other->body : "") ||
        one->header_count != other->header_count)
        return false;
    for (size_t i = 0; i < one->header_count; i++)
        if (strcmp(one->headers[i].name, other->headers[i].name) != 0 ||
            !is_alike(one->headers[i].value, other->headers[i].value))
            return false;
    return true;
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
