/* SPDX-License-Identifier: MIT */
/* Checks of a database's URL before anything is opened. */
#include "base/mem.h"
#include "config/database_url.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

static void parameters_for_other_programs_are_left_out_of_an_address_and_named(void **state)
{
    static const struct {
        const char *given, *kept, *named;
    } cases[] = {
        {"postgres://u:p@h:6543/d?pgbouncer=true", "postgres://u:p@h:6543/d", "pgbouncer"},
        {"postgresql://u:p?q@h/d?connection_limit=1&sslmode=require&pool_timeout=0",
         "postgresql://u:p?q@h/d?sslmode=require", "connection_limit, pool_timeout"},
        {"postgres://h/d?sslmode=disable&schema=public&", "postgres://h/d?sslmode=disable",
         "schema"},
        {"postgres://h/d?options=-csearch_path%3Dx&connect_timeout=3",
         "postgres://h/d?options=-csearch_path%3Dx&connect_timeout=3", NULL},
        {"postgres://h/d?", "postgres://h/d", NULL},
        {"postgres://h/d", "postgres://h/d", NULL},
        {"sqlite:a?pgbouncer=true", "sqlite:a?pgbouncer=true", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        MEM_FREE_TEXT char *url = mem_copy(cases[i].given);
        MEM_FREE_TEXT char *warning = NULL;
        struct error err;
        if (!database_url_accept(url, &warning, &err))
            fail_msg("%s", err.message);
        assert_string_equal(url, cases[i].kept);
        assert_int_equal(warning != NULL, cases[i].named != NULL);
        if (warning && cases[i].named && !strstr(warning, cases[i].named))
            fail_msg("\"%s\" does not name %s", warning, cases[i].named);
    }
}

static void what_is_wrong_with_an_address_is_told_without_what_may_be_secret(void **state)
{
    static const char unreadable[] =
        "the database address has a parameter that cannot be read; special characters in the "
        "password are written as %XX";
    static const struct {
        const char *url, *message;
    } cases[] = {
        {"postgres://u:hunter2@h/d?sslmod=require",
         "the database address has a parameter that is not known: sslmod"},
        {"postgres://u:hunter2@h/d?sslmode=require&pgbouncr=hunter2",
         "the database address has a parameter that is not known: pgbouncr"},
        {"postgres://u:hunter2@h/d?Pgbouncer=true",
         "the database address has a parameter that is not known: Pgbouncer"},
        {"postgres://h/d?hunter2", unreadable},
        {"postgres://h/d?hunter2%=x", unreadable},
        {"postgres://h/d?=hunter2", unreadable},
        {"postgres://h/d?schema=hunter2",
         "the database address has schema=…, which PostgreSQL does not know: tables are where the "
         "role's search_path says; write options=-csearch_path%3DNAME instead, or ALTER ROLE … SET "
         "search_path"},
        {"mysql://u:hunter2@h/d", "unknown kind of database \"mysql\" (known: sqlite, postgres, "
                                  "postgresql, clickhouse, clickhouses)"},
        {"hunter2", "the database address has no scheme; it begins with one of: sqlite, postgres, "
                    "postgresql, clickhouse, clickhouses"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        MEM_FREE_TEXT char *url = mem_copy(cases[i].url);
        char *warning = NULL;
        struct error err;
        assert_false(database_url_accept(url, &warning, &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_string_equal(err.message, cases[i].message);
        assert_null(warning);
    }
}

/* A '?' in a password that is not percent-encoded: libpq refuses the URL, and postgres/connection.c
 * words the message. */
static void a_password_that_looks_like_a_parameter_is_left_to_libpq(void **state)
{
    static const char url[] = "postgres://u:p/w?hunter2=x@h/d";
    MEM_FREE_TEXT char *given = mem_copy(url);
    char *warning = NULL;
    struct error err;

    (void)state;
    assert_true(database_url_accept(given, &warning, &err));
    assert_string_equal(given, url);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_for_other_programs_are_left_out_of_an_address_and_named),
        cmocka_unit_test(what_is_wrong_with_an_address_is_told_without_what_may_be_secret),
        cmocka_unit_test(a_password_that_looks_like_a_parameter_is_left_to_libpq),
    };

    return cmocka_run_group_tests_name("config_database", tests, NULL, NULL);
}
