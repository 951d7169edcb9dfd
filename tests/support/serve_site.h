/*
 * A server without sockets, for tests of what it answers: on a SQLite database that has one window
 * and the tables of the layers' settings. A stand-in makes the pages: it counts them, and fails as
 * a database does that is away (TEST_AWAY is set) or slow (TEST_SLOW).
 */
#ifndef TESTS_SUPPORT_SERVE_SITE_H
#define TESTS_SUPPORT_SERVE_SITE_H

#include "serve/password.h"
#include "serve/router.h"
#include "tests/support/destination_sqlite.h"

struct site_test {
    void *bench_state; /* a struct bench */
    struct serve_options options;
    struct router router;
    char hash[PASSWORD_HASH_SIZE]; /* room for a test's own */
};

extern int site_made; /* pages, by the stand-in */

int site_start(void **state);
int site_end(void **state);
#define SITE_TEST(f) cmocka_unit_test_setup_teardown(f, site_start, site_end)

/* Requests of a browser on this machine; a POST has the Origin and type of the server's forms. */
struct incoming site_get(const char *target);
struct incoming site_post(const char *target, const char *body);

/* Asks, and checks the status. The caller ends the reply. */
struct reply site_ask(struct site_test *test, struct incoming in, int status);
void expect_status(struct site_test *test, struct incoming in, int status);
void expect_body(struct site_test *test, struct incoming in, const char *words);

#endif
