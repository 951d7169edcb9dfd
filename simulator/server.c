/* SPDX-License-Identifier: MIT */
/* libmicrohttpd on one side, the portal on the other. */
#include "simulator/server.h"

#include "base/mem.h"

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

/* One request in the making; libmicrohttpd carries it from call to call. */
struct exchange {
    struct sim_request request;
    struct MHD_PostProcessor *form; /* NULL: no form is read */
    size_t received;
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

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
    if (value[0])
        MHD_add_response_header(response, name, value);
}

static enum MHD_Result send_answer(struct MHD_Connection *connection, struct sim_answer *answer)
{
    size_t len = answer->body.len;
    char *body = buf_detach(&answer->body);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(len, body, MHD_RESPMEM_MUST_FREE);

    if (!response) {
        free(body);
        return MHD_NO;
    }
    add_header(response, "Content-Type", len ? answer->type : "");
    add_header(response, "Location", answer->location);
    add_header(response, "Set-Cookie", answer->cookie);
    add_header(response, "Content-Disposition", answer->disposition);
    add_header(response, "Cache-Control", "no-store");
    add_header(response, "X-Content-Type-Options", "nosniff");
    enum MHD_Result result = MHD_queue_response(connection, answer->status, response);
    MHD_destroy_response(response);
    return result;
}

static void answer_exchange(struct sim_server *server, struct MHD_Connection *connection,
                            struct sim_request *request, struct sim_answer *answer)
{
    const char *n = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "n");
    const char *ms = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "ms");

    request->parameter = strcmp(request->path, "/_sim/delay") == 0 ? ms : n;
    request->session = MHD_lookup_connection_value(connection, MHD_COOKIE_KIND, "PHPSESSID");
    sim_portal_handle(server->portal, request, answer);
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
        answer_exchange(server, connection, &exchange->request, &answer);
    } else {
        sim_answer_init(&answer, 0);
        answer.status = 405;
    }
    enum MHD_Result result = send_answer(connection, &answer);
    sim_answer_done(&answer);
    return result;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode why)
{
    (void)context, (void)connection, (void)why;
    exchange_free(*state);
    *state = NULL;
}

/* libmicrohttpd's own complaints are about clients that went away: nothing that a test should see.
 */
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
        on_completed, NULL, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
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
    fault_stop(&server->portal->fault);
    MHD_stop_daemon(server->daemon);
    free(server);
}
