/*
 * A request and its answer, as the routes see them: without sockets and without libmicrohttpd.
 */
#ifndef SERVE_REPLY_H
#define SERVE_REPLY_H

#include "base/buf.h"
#include "serve/address.h"

#include <stdbool.h>
#include <stdio.h>

enum method { METHOD_GET, METHOD_POST, METHOD_OTHER }; /* a HEAD is a GET without a body */

/* What came in. All texts are borrowed; a header that is not there is NULL. */
struct incoming {
    enum method method;
    const char *target; /* the address as it came; NULL: it was too long */
    const char *host, *origin, *if_none_match, *authorization;
    const char *session; /* the cookie */
    const char *content_type;
    char client[ADDRESS_TEXT_SIZE]; /* for the limit of logins */
    bool local;                     /* it comes from this machine, and through no proxy */
    bool secure;                    /* the browser's connection is encrypted, or is no network */
    const char *body;
    size_t body_len;
    bool body_too_long;
};

/* What goes out: a body, bytes that stay, or a file. Empty texts are no headers. */
struct reply {
    int status;
    const char *type; /* Content-Type; static */
    struct buf body;
    const char *bytes; /* static; NULL: `body` or `file` */
    size_t byte_count;
    FILE *file;          /* rewound; owned */
    char file_name[128]; /* under which a browser stores it */
    const char *cache;   /* Cache-Control; static */
    const char *allow;   /* Allow; static, or NULL */
    char location[512];
    char etag[160], last_modified[40];
    char cookie[256]; /* Set-Cookie */
    int retry_after;  /* seconds; 0: none */
};

/* The values of Cache-Control. */
#define CACHE_ASK "private, no-cache" /* kept by the browser, which asks each time */
#define CACHE_NOT "no-store"
#define CACHE_FOREVER "public, max-age=31536000, immutable"

#define TYPE_HTML "text/html; charset=utf-8"
#define TYPE_JSON "application/json; charset=utf-8"
#define TYPE_CSV "text/csv; charset=utf-8"
#define TYPE_TEXT "text/plain; charset=utf-8"

enum { REPLY_BODY_MAX = 40 * 1024 * 1024 };

void reply_init(struct reply *reply); /* an empty answer of status 200, not to be kept */
void reply_done(struct reply *reply); /* accepts one that was only initialised */

/* Makes it a redirect to a path, which is encoded, by 303. */
void reply_redirect(struct reply *reply, const char *location);

#endif
