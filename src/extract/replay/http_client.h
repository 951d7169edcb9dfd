/*
 * Sending a request that a page made, without the page: libcurl, with the browser's cookies.
 *
 *     http_client_new
 *     http_client_take_cookies    of the browser's session
 *     http_client_send            as often as wanted, on one connection
 *     http_client_free
 *
 * Certificates are verified, redirects are not followed, the proxy is the browser's (proxy.h), and
 * only http and https are spoken. Cookies go where the jar says, which is where the browser would
 * send them; what an answer sets is kept for the next request. One thread.
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
    HTTP_ANSWERED, /* in full: the body lies in the file */
    HTTP_LOST,     /* the network or the server failed; `why` says how */
    HTTP_FAILED,   /* this machine failed, or a stop was asked for; err is set */
};

/* `proxy` as in struct proxy's address; NULL: none, whatever the environment says. */
struct http_client *http_client_new(const char *proxy);
void http_client_free(struct http_client *client); /* accepts NULL */

/* Forgets all cookies and takes these, of DevTools' Storage.getCookies. */
void http_client_take_cookies(struct http_client *client, const json_t *cookies);

/* Sends it and writes the answer's body into the new file `path`, which exists only if answered,
 * whatever the answer was. Waits deadlines->answer s for the answer's beginning, deadlines->silence
 * s between two signs of progress, and deadlines->window s in all; a stop ends every wait at once.
 */
enum http_outcome http_client_send(struct http_client *client, const struct request *request,
                                   const struct deadlines *deadlines, const char *path,
                                   struct response *out, char why[RESPONSE_WHY_SIZE],
                                   struct error *err);

#endif
