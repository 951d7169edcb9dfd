/*
 * The front of the small servers of end-to-end tests: takes whole requests on loopback, one at a
 * time, and prints where it listens.
 */
#ifndef TESTS_E2E_SMALL_SERVER_H
#define TESTS_E2E_SMALL_SERVER_H

#include <microhttpd.h>
#include <stddef.h>

enum { SMALL_URL_MAX = 16 * 1024, SMALL_BODY_MAX = 16 * 1024 * 1024 };

struct request {
    char *body; /* never NULL when it is answered */
    size_t len;
    char url[SMALL_URL_MAX]; /* path and query as they came */
};

/* Answers a whole request, or suspends the connection. `url` is the decoded path. */
enum MHD_Result respond(struct MHD_Connection *connection, const char *url, const char *method,
                        const struct request *request);

/* Prints "listening http://127.0.0.1:PORT" and serves until SIGTERM or SIGINT, which ends the
 * process; connections that hang are closed by that. Returns only if it cannot listen. */
void small_server_run(void);

#endif
