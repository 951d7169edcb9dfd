/* SPDX-License-Identifier: MIT */
/* Turns requests of libmicrohttpd into those of the portal. */
#include "simulator/server.h"

#include "base/mem.h"
#include "simulator/transmit.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECTIONS_MAX = 128, IDLE_SECONDS = 30, FORM_CHUNK = 1024, FORM_BYTES_MAX = 64 * 1024 };

struct sim_server {
    struct MHD_Daemon *daemon;
    struct sim_portal *portal;
    uint16_t port;
};

/* A request that is being received; libmicrohttpd passes it from call to call. */
struct exchange {
    struct sim_request request;
    struct MHD_PostProcessor *form; /* NULL: no form is read */
    size_t received;
    struct sim_hold hold;
};

static enum MHD_Result take_field(void *context, enum MHD_ValueKind kind, const char *name,
                                  const char *file, const char *type, const char *encoding,
                                  const char *bytes, uint64_t offset, size_t len)
{
    struct exchange *exchange = context;

    (void)kind, (void)file, (void)type, (void)encoding, (void)offset;
    return sim_request_add(&exchange->request, name, bytes, len) ? MHD_YES : MHD_NO;
}

static struct exchange *exchange_new(struct MHD_Connection *connection, const char *path, bool post)
{
    struct exchange *exchange = mem_alloc(sizeof *exchange);
    struct sim_request *request = &exchange->request;

    request->path = path;
    request->post = post;
    if (post)
        exchange->form = MHD_create_post_processor(connection, FORM_CHUNK, take_field, exchange);
    return exchange;
}

static void exchange_free(struct exchange *exchange)
{
    if (!exchange)
        return;
    if (exchange->form)
        MHD_destroy_post_processor(exchange->form);
    sim_request_done(&exchange->request);
    free(exchange);
}

static void receive(struct exchange *exchange, const char *bytes, size_t len)
{
    exchange->received += len;
    if (exchange->received > FORM_BYTES_MAX)
        exchange->request.too_large = true;
    if (exchange->form && !exchange->request.too_large)
        MHD_post_process(exchange->form, bytes, len);
}

static enum MHD_Result take_argument(void *context, enum MHD_ValueKind kind, const char *name,
                                     const char *value)
{
    (void)kind;
    return sim_request_add_argument(context, name, value ? value : "") ? MHD_YES : MHD_NO;
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static void answer_exchange(struct sim_server *server, struct MHD_Connection *connection,
                            struct exchange *exchange, struct sim_answer *answer)
{
    struct sim_request *request = &exchange->request;
    const char *origin = header(connection, "Origin");

    request->session = MHD_lookup_connection_value(connection, MHD_COOKIE_KIND, "PHPSESSID");
    request->host = header(connection, "Host");
    request->origin = origin ? origin : header(connection, "Referer");
    request->agent = header(connection, "User-Agent");
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_argument, request);
    sim_portal_handle(server->portal, request, answer);
    exchange->hold = answer->hold;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection,
                                  const char *path, const char *method, const char *version,
                                  const char *bytes, size_t *len, void **state)
{
    struct sim_server *server = context;
    struct exchange *exchange = *state;
    bool post = strcmp(method, "POST") == 0;
    struct sim_answer answer = {0};

    (void)version;
    if (!exchange) {
        *state = exchange_new(connection, path, post);
        return MHD_YES;
    }
    if (*len) {
        receive(exchange, bytes, *len);
        *len = 0;
        return MHD_YES;
    }
    if (exchange->form) { /* the last field is complete only now */
        MHD_destroy_post_processor(exchange->form);
        exchange->form = NULL;
    }
    if (post || strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0) {
        answer_exchange(server, connection, exchange, &answer);
    } else {
        sim_answer_init(&answer, 0);
        answer.status = 405;
    }
    bool queued = transmit(connection, &answer, &server->portal->pause);
    sim_answer_done(&answer);
    return queued ? MHD_YES : MHD_NO;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode why)
{
    struct sim_server *server = context;
    struct exchange *exchange = *state;

    (void)connection, (void)why;
    if (exchange)
        sim_portal_finish(server->portal, &exchange->hold);
    exchange_free(exchange);
    *state = NULL;
}

/* Drops libmicrohttpd's messages: they are about clients that went away, which no test needs to
 * see. */
__attribute__((format(printf, 2, 0))) static void on_log(void *context, const char *format,
                                                         va_list args)
{
    (void)context, (void)format, (void)args;
}

bool sim_server_open(struct sim_server **out, struct sim_portal *portal, uint16_t port,
                     struct error *err)
{
    struct sim_server *server = mem_alloc(sizeof *server);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};

    server->portal = portal;
    /* A thread for each connection, so that a slow export holds nobody else up. */
    server->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL |
            MHD_USE_ERROR_LOG,
        port, NULL, NULL, on_request, server, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
        MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, server, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_END);
    if (!server->daemon) {
        free(server);
        return error_set_errno(err, ERROR_SYSTEM, "cannot listen on 127.0.0.1:%u", port);
    }
    server->port = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    *out = server;
    return true;
}

uint16_t sim_server_port(const struct sim_server *server)
{
    return server->port;
}

void sim_server_close(struct sim_server *server)
{
    if (!server)
        return;
    sim_portal_stop(server->portal);
    MHD_stop_daemon(server->daemon);
    free(server);
}
