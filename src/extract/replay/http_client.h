/*
 * Sending a request that a page made, without the page: libcurl, with the browser's cookies.
 *
 *     replay_new
 *     replay_take_cookies    of the browser's session
 *     replay_send            as often as wanted, on one connection
 *     replay_free
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

struct replay;

enum replay_outcome {
    REPLAY_ANSWERED, /* in full: the body lies in the file */
    REPLAY_LOST,     /* the network or the server failed; `why` says how */
    REPLAY_FAILED,   /* this machine failed, or a stop was asked for; err is set */
};

/* `proxy` as in struct proxy's address; NULL: none, whatever the environment says. */
struct replay *replay_new(const char *proxy);
void replay_free(struct replay *replay); /* accepts NULL */

/* Forgets all cookies and takes these, of DevTools' Storage.getCookies. */
void replay_take_cookies(struct replay *replay, const json_t *cookies);

/* Sends it and writes the answer's body into the new file `path`, which exists only if answered,
 * whatever the answer was. Waits deadlines->answer s for the answer's beginning, deadlines->silence s
 * between two signs of progress, and deadlines->window s in all; a stop ends every wait at once. */
enum replay_outcome replay_send(struct replay *replay, const struct request *request,
                                const struct deadlines *deadlines, const char *path,
                                struct delivery *out, char why[DELIVERY_WHY_SIZE],
                                struct error *err);

#endif
