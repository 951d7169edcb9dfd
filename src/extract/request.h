/*
 * An HTTP request that a page made, as far as it can be made again without the page.
 *
 * It may hold what is not for logs (tokens in its address, its body, its headers): nobody prints one.
 */
#ifndef EXTRACT_REQUEST_H
#define EXTRACT_REQUEST_H

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

void request_copy(const struct request *request, struct request *out);
void request_done(struct request *request); /* accepts a zeroed one */

#endif
