/*
 * The simulated portal in this process, and clients that speak HTTP to it through raw sockets, so
 * that a test sees the bytes on the wire.
 *
 * A failure of these functions ends the test. Only one portal runs at a time.
 */
#ifndef TESTS_SUPPORT_SIM_CLIENT_H
#define TESTS_SUPPORT_SIM_CLIENT_H

#include "base/buf.h"
#include "simulator/portal.h"
#include "simulator/report.h"

#include <stdbool.h>
#include <stdint.h>

#define SIM_PASSWORD "se&nha"
#define SIM_FIRST_DAY "2022-04-01" /* the period of sim_client_export */
#define SIM_LAST_DAY "2022-05-01"

/* cmocka's set-up and tear-down: a portal without variants and faults, 10 rows a day, from
 * 2022-03-01 to 2022-09-01. */
int sim_fixture_open(void **state);
int sim_fixture_close(void **state);
void sim_fixture_stop(void); /* stops the server as SIGTERM does; sim_fixture_close may follow */

struct sim_portal *sim_fixture_portal(void);
void sim_fixture_set(const char *setting, const char *value); /* of the variant */
void sim_fixture_fault(const char *spec);

/* Adds the file that a faultless portal sends. */
void sim_fixture_file(enum report_kind kind, const char *first, const char *last, struct buf *out);

/* Makes `out` the file that sim_client_export gets without a fault. */
void sim_fixture_right_file(struct buf *out);

struct sim_client {
    char cookie[SESSION_ID_SIZE];
    char token[SESSION_ID_SIZE]; /* of the last page with a form */
    char nonce[SESSION_ID_SIZE];
    const char *agent;  /* NULL: "teste" */
    const char *origin; /* NULL: the portal's; "": no such header */
};

struct sim_reply {
    unsigned status;
    char *head; /* status line and headers */
    struct buf body;
    int64_t promised; /* Content-Length; -1: not said */
    bool chunked;
    bool
        complete; /* all promised bytes came; close-delimited: the connection was closed normally */
    bool reset;   /* the connection ended by RST */
};

#define SIM_REPLY_DONE __attribute__((cleanup(sim_reply_done)))
void sim_reply_done(struct sim_reply *reply);

/* Whether the text `line` stands in the reply's status line or headers. */
bool sim_reply_has(const struct sim_reply *reply, const char *line);

/* Asserts that the body is the first `len` bytes of `file`. */
void sim_reply_expect(const struct sim_reply *reply, const struct buf *file, size_t len);

/* Sends a request and returns the socket; `form` (urlencoded) makes it a POST, NULL a GET. */
int sim_client_send(struct sim_client *client, const char *path, const char *form);

/* Reads up to the end of the connection, closes it, and keeps the cookie and the token. */
void sim_client_receive(struct sim_client *client, int fd, struct sim_reply *out);

void sim_client_ask(struct sim_client *client, const char *path, const char *form,
                    struct sim_reply *out);
unsigned sim_client_status(struct sim_client *client, const char *path, const char *form);
void sim_client_control(const char *path_and_query); /* POST /_sim/…, which must succeed */

/* Sends the login form with a password, after getting it; sim_client_log_in must succeed. */
void sim_client_try(struct sim_client *client, const char *password, struct sim_reply *out);
void sim_client_log_in(struct sim_client *client);

/* Sends the report form and returns the socket. Dates are as 2022-04-01. */
int sim_client_order(struct sim_client *client, enum report_kind kind, const char *first,
                     const char *last);

/* Logs a new client in, sets the fault `spec` unless it is NULL, and gets the general report of
 * SIM_FIRST_DAY to SIM_LAST_DAY. */
void sim_client_export(const char *spec, struct sim_reply *out);

#endif
