/*
 * Holds an HTTP request that a page made, as far as it can be made again without the page.
 *
 * Its address, body and headers may hold tokens, so it is never logged.
 */
#ifndef EXTRACT_REPLAY_REQUEST_H
#define EXTRACT_REPLAY_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

struct request_header {
    char *name, *value;
};

/* All texts are owned. Zero is valid: no request. */
struct request {
    char *method, *url;
    char *body; /* ends with a NUL; NULL: none */
    size_t body_len;
    struct request_header *headers;
    size_t header_count;
};

/* Adds a header. Ignores those that belong to one connection or one transfer (Host, Connection,
 * Content-Length, Accept-Encoding, Expect, :authority and others), and cookies, which libcurl
 * keeps. */
void request_add_header(struct request *request, const char *name, const char *value);

/* Removes all headers. */
void request_drop_headers(struct request *request);

/* Whether two requests have the same method, address and body. */
bool request_asks_same(const struct request *one, const struct request *other);

/* Whether two requests are the same, headers included, but for tokens of a session: words of at
 * least 16 letters and digits, with at least one digit, may differ. */
bool request_is_alike(const struct request *one, const struct request *other);

/* Copies a request; *out is owned by the caller. */
void request_copy(const struct request *request, struct request *out);
void request_done(struct request *request); /* accepts a zeroed one */

#endif
