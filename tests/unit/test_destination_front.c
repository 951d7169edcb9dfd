/* SPDX-License-Identifier: MIT */
/* Destinations by URL: the kind that a URL names, and the URL without its secrets. */
#include "load/destination.h"
#include "load/destination_open.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

static void an_unknown_scheme_is_refused_with_the_known_ones(void **state)
{
    static const char *const urls[] = {
        "mysql://u:secret@host/db", "Sqlite:x", "sqlite3:secret", ":secret", "secret.db", "",
    };
    struct destination *dest = NULL;
    struct error err;

    (void)state;
    for (size_t i = 0; i < COUNT(urls); i++) {
        assert_false(destination_open(urls[i], &dest, &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_non_null(strstr(err.message, "sqlite"));
        assert_null(strstr(err.message, "secret"));
        assert_null(dest);
    }
}

static void a_description_has_no_secret(void **state)
{
    static const char *const cases[][2] = {
        {"sqlite:sigos.db", "sqlite:sigos.db"},
        {"sqlite:/srv/a:b@c.db", "sqlite:/srv/a:b@c.db"},
        {"postgres://host/db", "postgres://host/db"},
        {"postgres://user@host/db", "postgres://user@host/db"},
        {"postgres://user:secret@host:5432/db", "postgres://user:***@host:5432/db"},
        {"postgres://user:sec@ret@host/db", "postgres://user:***@host/db"},
        {"postgres://user:sec/r?e#t@host/db", "postgres://user:***@host/db"},
        {"postgres://user:@host/db", "postgres://user:***@host/db"},
        {"postgres://host/db?password=secret&sslmode=require",
         "postgres://host/db?password=***&sslmode=require"},
        {"postgres://u:s@h/db?sslpassword=secret", "postgres://u:***@h/db?sslpassword=***"},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = destination_describe(cases[i][0]);
        assert_string_equal(text, cases[i][1]);
        free(text);
    }
}

static void closing_nothing_is_allowed(void **state)
{
    (void)state;
    destination_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_scheme_is_refused_with_the_known_ones),
        cmocka_unit_test(a_description_has_no_secret),
        cmocka_unit_test(closing_nothing_is_allowed),
    };

    return cmocka_run_group_tests_name("destination_front", tests, NULL, NULL);
}
