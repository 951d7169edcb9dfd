/* SPDX-License-Identifier: MIT */
/* Starts the server, waits for the signal to stop, and ends it. */
#include "serve/serve.h"

#include "base/log.h"
#include "base/stop.h"
#include "serve/router.h"
#include "serve/server.h"

#include <poll.h>
#include <stdio.h>

static void tell_address(const struct router *router, uint16_t port)
{
    char url[ADDRESS_TEXT_SIZE + 24];

    address_url(&router->address, port, url);
    printf("open %s\n", url);
    fflush(stdout);
    log_info("serve.listening", log_text("address", url));
}

static void wait_for_stop(struct error *err)
{
    struct pollfd stop = {.fd = stop_fd(), .events = POLLIN};

    while (stop_check(err))
        poll(&stop, 1, -1);
}

bool serve_run(const struct serve_options *options, struct error *err)
{
    struct server *server = NULL;
    struct router router;
    uint16_t port;

    if (!router_open(&router, options, err))
        return false;
    if (server_start(&router, &server, &port, err)) {
        tell_address(&router, port);
        wait_for_stop(err);
        readers_stop(router.readers);
        server_stop(server); /* queries that are going on end by the signal too */
        log_info("serve.stopped", log_int("port", port));
    }
    router_close(&router);
    return false;
}
