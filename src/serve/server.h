/*
 * The HTTP server: libmicrohttpd with its limits, around the router.
 */
#ifndef SERVE_SERVER_H
#define SERVE_SERVER_H

#include "serve/router.h"

#include <stdint.h>

enum {
    SERVER_CONNECTIONS_MAX = 64,
    /* Of one client. Clients on this machine, and those behind a proxy, all come from one
     * address, so for them the limit is the other one. */
    SERVER_CLIENT_CONNECTIONS_MAX = 8,
    SERVER_IDLE_SECONDS = 10,
    SERVER_REQUEST_MS = 15 * 1000, /* until a request's form has arrived */
};

struct server;

/* Listens on the router's address and answers in threads of its own. *port is the one that it
 * listens on. ERROR_SYSTEM: the address is in use, or not one of this machine. */
bool server_start(struct router *router, struct server **out, uint16_t *port, struct error *err);

/* Ends all connections and threads. Accepts NULL. */
void server_stop(struct server *server);

#endif
