/* SPDX-License-Identifier: MIT */
/* Turns requests of libmicrohttpd into those of the router, and its answers into responses. */
#include "serve/server.h"

#include "base/clock.h"
#include "base/mem.h"
#include "serve/login.h"

#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    CONNECTION_MEMORY = 16 * 1024, /* for the head of a request */
    STACK_SIZE = 1024 * 1024,
    BACKLOG = 128,
    DISCARDED_MAX = 256 * 1024, /* of a body that is too long; then the connection ends */
};

struct server {
    struct MHD_Daemon *daemon;
    struct router *router;
};

/* A request that is being received; libmicrohttpd passes it from call to call. */
struct exchange {
    char *target; /* as it came; NULL: too long */
    int64_t began;
    bool seen; /* its head was handed over */
    struct buf body;
    size_t received;
};

static void *on_target(void *arg, const char *target, struct MHD_Connection *connection)
{
    struct exchange *exchange = mem_alloc(sizeof(*exchange));

    (void)arg;
    (void)connection;
    exchange->began = clock_ms();
    exchange->body = BUF_INIT(DECODE_BODY_MAX);
    if (strlen(target) < DECODE_TARGET_MAX)
        exchange->target = mem_copy(target);
    return exchange;
}

static void on_completed(void *arg, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode why)
{
    struct exchange *exchange = *state;

    (void)arg;
    (void)connection;
    (void)why;
    if (!exchange)
        return;
    if (exchange->body.data) /* it may hold a password */
        explicit_bzero(exchange->body.data, exchange->body.cap);
    buf_done(&exchange->body);
    free(exchange->target);
    free(exchange);
    *state = NULL;
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* Copies what the nearest proxy has added last to X-Forwarded-For: what stands before it, anybody
 * may have written. */
static void copy_forwarded(const char *list, char out[ADDRESS_TEXT_SIZE])
{
    const char *comma = strrchr(list, ',');
    const char *last = comma ? comma + 1 : list;

    last += strspn(last, " ");
    snprintf(out, ADDRESS_TEXT_SIZE, "%.*s", (int)strcspn(last, " "), last);
}

static void describe_client(const struct router *router, struct MHD_Connection *connection,
                            struct incoming *in)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const char *forwarded = header(connection, "X-Forwarded-For");
    const char *scheme = header(connection, "X-Forwarded-Proto");
    const bool trusted = router->options->trust_proxy;

    if (info && info->client_addr) {
        address_client(info->client_addr, in->client);
        in->local = address_is_loopback(info->client_addr) && !forwarded;
    }
    if (trusted && forwarded)
        copy_forwarded(forwarded, in->client);
    in->secure = !router->address.loopback || (trusted && scheme && strcmp(scheme, "https") == 0);
}

static enum method method_of(const char *method)
{
    if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
        return METHOD_GET;
    return strcmp(method, "POST") == 0 ? METHOD_POST : METHOD_OTHER;
}

static void add(struct MHD_Response *response, const char *name, const char *value)
{
    if (value && *value)
        MHD_add_response_header(response, name, value);
}

static void add_headers(struct MHD_Response *response, const struct reply *reply)
{
    static const char *const always[][2] = {
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
         "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
    };
    char text[256];

    for (size_t i = 0; i < sizeof(always) / sizeof(*always); i++)
        add(response, always[i][0], always[i][1]);
    if (reply->status != 303 && reply->status != 304)
        add(response, "Content-Type", reply->type);
    add(response, "Cache-Control", reply->cache);
    add(response, "Location", reply->location);
    add(response, "ETag", reply->etag);
    add(response, "Last-Modified", reply->last_modified);
    add(response, "Set-Cookie", reply->cookie);
    add(response, "Allow", reply->allow);
    if (reply->retry_after) {
        snprintf(text, sizeof(text), "%d", reply->retry_after);
        add(response, "Retry-After", text);
    }
    if (*reply->file_name) {
        snprintf(text, sizeof(text), "attachment; filename=\"%s\"", reply->file_name);
        add(response, "Content-Disposition", text);
    }
}

/* The descriptor is the response's, and is closed with it. */
static struct MHD_Response *respond_with_file(FILE *file)
{
    struct stat info;
    const int fd = dup(fileno(file));

    if (fd < 0)
        return NULL;
    struct MHD_Response *response =
        fstat(fd, &info) == 0 ? MHD_create_response_from_fd64((uint64_t)info.st_size, fd) : NULL;
    if (!response)
        close(fd);
    return response;
}

static enum MHD_Result send_reply(struct MHD_Connection *connection, struct reply *reply)
{
    struct MHD_Response *response;

    if (reply->file)
        response = respond_with_file(reply->file);
    else if (reply->bytes)
        response = MHD_create_response_from_buffer(reply->byte_count, (void *)reply->bytes,
                                                   MHD_RESPMEM_PERSISTENT);
    else
        response = MHD_create_response_from_buffer(reply->body.len, (void *)buf_text(&reply->body),
                                                   MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    add_headers(response, reply);
    const enum MHD_Result queued =
        MHD_queue_response(connection, (unsigned)reply->status, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result answer(const struct server *server, struct MHD_Connection *connection,
                              const char *method, const struct exchange *exchange, bool too_long)
{
    struct incoming in = {
        .method = method_of(method),
        .target = exchange->target,
        .host = header(connection, "Host"),
        .origin = header(connection, "Origin"),
        .if_none_match = header(connection, "If-None-Match"),
        .authorization = header(connection, "Authorization"),
        .content_type = header(connection, "Content-Type"),
        .body = exchange->body.data,
        .body_len = exchange->body.len,
        .body_too_long = too_long || exchange->body.full,
    };
    struct reply reply;

    describe_client(server->router, connection, &in);
    in.session = MHD_lookup_connection_value(connection, MHD_COOKIE_KIND, login_cookie(in.secure));
    reply_init(&reply);
    router_answer(server->router, &in, &reply);
    const enum MHD_Result sent = send_reply(connection, &reply);
    reply_done(&reply);
    return sent;
}

/* Whether the head announces a body that is too long. */
static bool is_too_long(struct MHD_Connection *connection)
{
    const char *text = header(connection, "Content-Length");

    return text && strtoull(text, NULL, 10) > DECODE_BODY_MAX;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *bytes,
                                  size_t *len, void **state)
{
    const struct server *server = arg;
    struct exchange *exchange = *state;

    (void)path;
    (void)version;
    if (!exchange)
        return MHD_NO;
    if (!exchange->seen) {
        exchange->seen = true;
        return is_too_long(connection) ? answer(server, connection, method, exchange, true)
                                       : MHD_YES;
    }
    if (*len == 0)
        return answer(server, connection, method, exchange, false);
    exchange->received += *len;
    buf_add(&exchange->body, bytes, *len);
    *len = 0;
    return exchange->received <= DISCARDED_MAX && clock_ms() - exchange->began < SERVER_REQUEST_MS
               ? MHD_YES
               : MHD_NO;
}

/* Drops libmicrohttpd's messages: they are about clients that went away. */
__attribute__((format(printf, 2, 0))) static void on_log(void *arg, const char *format,
                                                         va_list args)
{
    (void)arg;
    (void)format;
    (void)args;
}

/* Returns the port that the kernel has bound the socket to; 0 if it does not say. */
static uint16_t port_of(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } bound = {0};
    socklen_t len = sizeof(bound);

    if (getsockname(fd, &bound.any, &len) < 0)
        return 0;
    return ntohs(bound.any.sa_family == AF_INET6 ? bound.six.sin6_port : bound.four.sin_port);
}

static bool listen_on(const struct address *address, const char *text, int *out, struct error *err)
{
    const int on = 1;
    const int fd = socket(address->socket.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return error_set_errno(err, ERROR_SYSTEM, "cannot listen on %s", text);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(fd, (const struct sockaddr *)&address->socket, address->socket_len) < 0 ||
        listen(fd, BACKLOG) < 0) {
        error_set_errno(err, ERROR_SYSTEM, "cannot listen on %s", text);
        close(fd);
        return false;
    }
    *out = fd;
    return true;
}

/* Its threads get no signals, so that the main thread does. */
static struct MHD_Daemon *start_daemon(struct server *server, int fd)
{
    const struct router *router = server->router;
    const bool one_address = router->address.loopback || router->options->trust_proxy;
    const unsigned six = router->address.socket.ss_family == AF_INET6 ? MHD_USE_IPv6 : 0;
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL |
            MHD_USE_ERROR_LOG | six,
        0, NULL, NULL, on_request, server, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_URI_LOG_CALLBACK, on_target, server,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, server, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)SERVER_CONNECTIONS_MAX, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)(one_address ? SERVER_CONNECTIONS_MAX : SERVER_CLIENT_CONNECTIONS_MAX),
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SERVER_IDLE_SECONDS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_THREAD_STACK_SIZE,
        (size_t)STACK_SIZE, MHD_OPTION_END);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return daemon;
}

bool server_start(struct router *router, struct server **out, uint16_t *port, struct error *err)
{
    int fd = -1; /* the compiler does not see that listen_on sets it */

    if (!listen_on(&router->address, router->options->address, &fd, err))
        return false;
    *port = port_of(fd);
    struct server *server = mem_alloc(sizeof(*server));
    server->router = router;
    server->daemon = start_daemon(server, fd);
    if (server->daemon) {
        *out = server;
        return true;
    }
    close(fd);
    free(server);
    return error_set(err, ERROR_SYSTEM, "the HTTP server cannot start");
}

void server_stop(struct server *server)
{
    if (!server)
        return;
    MHD_stop_daemon(server->daemon);
    free(server);
}
