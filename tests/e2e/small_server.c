/* SPDX-License-Identifier: MIT */
/* Takes requests for the small servers of end-to-end tests. */
#include "tests/e2e/small_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
        request->body = calloc(1, SMALL_BODY_MAX);
        return request->body ? MHD_YES : MHD_NO;
    }
    if (*len) {
        if (request->len + *len > SMALL_BODY_MAX)
            return MHD_NO;
        memcpy(request->body + request->len, data, *len);
        request->len += *len;
        *len = 0;
        return MHD_YES;
    }
    return respond(connection, url, method, request);
}

void small_server_run(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    sigset_t ends;
    int number;

    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, serve, NULL,
        MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_URI_LOG_CALLBACK, begin, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, end, NULL, MHD_OPTION_END);
    if (!daemon)
        return;
    printf("listening http://127.0.0.1:%u\n",
           MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    sigwait(&ends, &number);
    _exit(0);
}
