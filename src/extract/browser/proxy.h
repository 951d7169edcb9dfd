/*
 * Which proxy the portal is reached by, if any: the same one for the browser and for repeated
 * requests.
 *
 * The portal's scheme chooses among HTTPS_PROXY, HTTP_PROXY and ALL_PROXY (config/settings.c). No
 * proxy is used for this machine itself, nor for what NO_PROXY names: hosts with all below them,
 * addresses, networks (10.0.0.0/8), or "*".
 */
#ifndef EXTRACT_BROWSER_PROXY_H
#define EXTRACT_BROWSER_PROXY_H

#include "base/error.h"
#include "model/settings.h"

#include <stdbool.h>

/* All NULL: none. Owned. */
struct proxy {
    char *address;     /* scheme://host:port, for libcurl */
    char *server_flag; /* of Chromium: --proxy-server=… */
    char *bypass_flag; /* --proxy-bypass-list=…; NULL: only this machine is excepted */
};

/* ERROR_CONFIG if the proxy cannot be used: it is not written as scheme://host:port, or holds
 * credentials, which would stand in the browser's arguments for all to see. The message shows
 * nothing of it. */
bool proxy_choose(const struct settings *settings, struct proxy *out, struct error *err);
void proxy_done(struct proxy *proxy); /* accepts a zeroed one */

/* Whether a host is reached without a proxy. `host` in small letters, without port and brackets. */
bool proxy_is_bypassed(const char *host, const char *no_proxy);

#endif
