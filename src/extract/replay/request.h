/*
 * An HTTP request that a page made, as far as it can be made again without the page.
 *
 * It may hold what is not for logs (tokens in its address, its body, its headers): nobody prints
 * one.
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
    char *body; /* NUL-terminated; NULL: none */
    size_t body_len;
    struct request_header *headers;
    size_t header_count;
};

/* Leaves out what belongs to one connection or one transfer, and cookies, which have a jar of their
 * own: Host, Connection, Content-Length, Accept-Encoding, Cookie, Expect, :authority, … */
void request_add_header(struct request *request, const char *name, const char *value);

void request_drop_headers(struct request *request);

/* Whether they ask for the same: method, address and body. */
bool request_asks_same(const struct request *one, const struct request *other);

/* Whether they do but for what belongs to a session, headers included: words of at least 16 letters
 * and digits, some of them digits, may be others. */
bool request_is_alike(const struct request *one, const struct request *other);

void request_copy(const struct request *request, struct request *out);
void request_done(struct request *request); /* accepts a zeroed one */

#endif
