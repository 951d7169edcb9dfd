/*
 * Sends a request that a page made, without the page: by libcurl, with the browser's cookies.
 *
 *     http_client_new
 *     http_client_take_cookies    of the browser's session
 *     http_client_send            any number of times, on one connection
 *     http_client_free
 *
 * Certificates are verified, redirects are not followed, the proxy is the browser's (proxy.h), and
 * only http and https are used. Cookies are sent where the browser would send them, and those that
 * an answer sets are kept for the next request. A client is used by one thread.
 */
#ifndef EXTRACT_REPLAY_HTTP_CLIENT_H
#define EXTRACT_REPLAY_HTTP_CLIENT_H

#include "base/error.h"
#include "extract/replay/response.h"
#include "extract/replay/request.h"
#include "model/portal.h"

#include <jansson.h>
#include <stdbool.h>

struct http_client;

enum http_outcome {
    HTTP_ANSWERED, /* completely: the body is in the file */
    HTTP_LOST,     /* the network or the server failed: see `why` */
    HTTP_FAILED,   /* this machine failed, or a stop was asked for; err is set */
};

/* Returns a client, owned by the caller. `proxy` is the address of a struct proxy; NULL: no proxy,
 * whatever the environment says. */
struct http_client *http_client_new(const char *proxy);
void http_client_free(struct http_client *client); /* accepts NULL */

/* Replaces all cookies by these, as DevTools' Storage.getCookies returns them. */
void http_client_take_cookies(struct http_client *client, const json_t *cookies);

/* Sends a request and writes the answer's body into the file `path`, which is overwritten. With
 * HTTP_ANSWERED the file is there, whatever the HTTP status; otherwise it is removed. Waits
 * deadlines->answer s for the beginning of the answer, deadlines->silence s between two signs of
 * progress, and deadlines->window s in all. A stop ends every wait at once. ERROR_SYSTEM: the file
 * cannot be written; ERROR_STOPPED. */
enum http_outcome http_client_send(struct http_client *client, const struct request *request,
                                   const struct deadlines *deadlines, const char *path,
                                   struct response *out, char why[RESPONSE_WHY_SIZE],
                                   struct error *err);

#endif
