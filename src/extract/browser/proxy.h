/*
 * Chooses the proxy to the portal, if any: the same one for the browser and for repeated requests.
 *
 * The scheme of the portal's address chooses among HTTPS_PROXY, HTTP_PROXY and ALL_PROXY
 * (config/settings.c). No proxy is used for this machine itself, nor for what NO_PROXY names: hosts
 * with all names below them, addresses, networks (10.0.0.0/8), or "*".
 */
#ifndef EXTRACT_BROWSER_PROXY_H
#define EXTRACT_BROWSER_PROXY_H

#include "base/error.h"
#include "model/settings.h"

#include <stdbool.h>

/* A proxy in the words of its two users. All texts are owned; all NULL: no proxy. */
struct proxy {
    char *address;     /* scheme://host:port, for libcurl */
    char *server_flag; /* for Chromium: --proxy-server=… */
    char
        /* for Chromium: --proxy-bypass-list=…; NULL: only this machine is excepted */
        *bypass_flag;
};

/* Chooses the proxy for the portal of the settings. ERROR_CONFIG: the proxy is not written as
 * scheme://host:port, or holds credentials, which every user of the machine could see among the
 * browser's arguments. The message shows nothing of the proxy's address. */
bool proxy_choose(const struct settings *settings, struct proxy *out, struct error *err);
void proxy_done(struct proxy *proxy); /* accepts a zeroed one */

/* Whether a host is reached without a proxy. `host` is in lower case, without port and brackets. */
bool proxy_is_bypassed(const char *host, const char *no_proxy);

#endif
