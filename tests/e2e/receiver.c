/* SPDX-License-Identifier: MIT */
/*
 * Takes messages by HTTP and writes them down, for tests of what the program sends.
 *
 *     receiver FOLDER
 *
 * Prints "listening http://127.0.0.1:PORT" and ends by a signal. Each request becomes two files of
 * the folder: N.head with method, path and query, and content type, N.body with the body; N counts
 * from 1. The answer is 200, or N for a path that has /answer/N in it; the first request for a path
 * with /hang is never answered.
 */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BODY_MAX = 4 * 1024 * 1024, URL_MAX = 16 * 1024 };

struct request {
    char *body;
    size_t len;
    char url[URL_MAX]; /* path and query as they came */
};

static const char *folder;
static unsigned received; /* one thread serves all connections, so neither needs a lock */
static bool hung;

/* Keeps the address as it came, before it is decoded. */
static void *begin(void *arg, const char *uri, struct MHD_Connection *connection)
{
    struct request *request = calloc(1, sizeof(*request));

    (void)arg;
    (void)connection;
    if (request)
        snprintf(request->url, sizeof(request->url), "%s", uri);
    return request;
}

static void end(void *arg, struct MHD_Connection *connection, void **state,
                enum MHD_RequestTerminationCode code)
{
    struct request *request = *state;

    (void)arg;
    (void)connection;
    (void)code;
    if (request)
        free(request->body);
    free(request);
}

static void write_file(unsigned number, const char *suffix, const char *data, size_t len)
{
    char path[4096], fresh[4096 + 8];

    snprintf(path, sizeof(path), "%s/%u.%s", folder, number, suffix);
    snprintf(fresh, sizeof(fresh), "%s.tmp", path);
    FILE *file = fopen(fresh, "we");
    if (!file || fwrite(data, 1, len, file) != len || fclose(file) != 0 || rename(fresh, path) != 0)
        abort();
}

static void write_down(const struct request *request, const char *method, const char *type)
{
    char head[URL_MAX + 256];

    received++;
    write_file(received, "body", request->body ? request->body : "", request->len);
    const int len =
        snprintf(head, sizeof(head), "%s %s\n%s\n", method, request->url, type ? type : "no type");
    write_file(received, "head", head, (size_t)len);
}

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(2, (void *)(uintptr_t) "OK", MHD_RESPMEM_PERSISTENT);
    const enum MHD_Result result = MHD_queue_response(connection, status, response);

    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result serve(void *arg, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *data, size_t *len,
                             void **state)
{
    struct request *request = *state;

    (void)arg;
    (void)version;
    if (!request)
        return MHD_NO;
    if (!request->body) {
        request->body = calloc(1, BODY_MAX);
        return request->body ? MHD_YES : MHD_NO;
    }
    if (*len) {
        if (request->len + *len > BODY_MAX)
            return MHD_NO;
        memcpy(request->body + request->len, data, *len);
        request->len += *len;
        *len = 0;
        return MHD_YES;
    }
    write_down(request, method,
               MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Type"));
    if (strstr(url, "/hang") && !hung) {
        hung = true;
        MHD_suspend_connection(connection);
        return MHD_YES;
    }
    const char *status = strstr(url, "/answer/");
    return answer(connection, status ? (unsigned)strtoul(status + 8, NULL, 10) : 200);
}

int main(int argc, char **argv)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    sigset_t ends;
    int number;

    if (argc != 2)
        return 2;
    folder = argv[1];
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, serve, NULL,
        MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_URI_LOG_CALLBACK, begin, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, end, NULL, MHD_OPTION_END);
    if (!daemon)
        return 1;
    printf("listening http://127.0.0.1:%u\n",
           MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    sigwait(&ends, &number);
    _exit(0); /* connections that hang are closed by that */
}
