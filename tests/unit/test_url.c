/* SPDX-License-Identifier: MIT */
/* Parts of URLs, written as a browser writes them. */
#include "base/buf.h"
#include "base/mem.h"
#include "base/url.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

static void expect_text(const char *url, char *got, const char *wanted)
{
    if ((got == NULL) != (wanted == NULL) || (got && strcmp(got, wanted) != 0))
        fail_msg("%s: '%s' instead of '%s'", url, got ? got : "NULL", wanted ? wanted : "NULL");
    free(got);
}

static void an_origin_is_what_a_browser_calls_it(void **state)
{
    static const char *const cases[][2] = {
        {"https://Portal.Example/login?x=1", "https://portal.example"},
        {"HTTPS://portal.example:443", "https://portal.example"},
        {"http://portal.example:80/", "http://portal.example"},
        {"https://portal.example:80/", "https://portal.example:80"},
        {"http://user:pass@portal.example:8080/a", "http://portal.example:8080"},
        {"http://user:p@ss@portal.example/", NULL},
        {"http://[2001:DB8::1]:8080/a", "http://[2001:db8::1]:8080"},
        {"https://portal.example#/x", "https://portal.example"},
        {"ftp://portal.example/", NULL},
        {"portal.example", NULL},
        {"https://", NULL},
        {"", NULL},
        {"data:text/csv,a", NULL},
        {"blob:https://portal.example/1", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        expect_text(cases[i][0], url_origin(cases[i][0]), cases[i][1]);
}

static void a_host_has_neither_port_nor_brackets(void **state)
{
    static const char *const cases[][2] = {
        {"https://Portal.Example:8443/x", "portal.example"},
        {"http://[::1]:80/", "::1"},
        {"http://10.0.0.1/", "10.0.0.1"},
        {"", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        expect_text(cases[i][0], url_host(cases[i][0]), cases[i][1]);
}

static void what_may_be_secret_in_an_address_is_left_out(void **state)
{
    static const char *const cases[][2] = {
        {"https://u:secret@Portal.example/a/b;jsessionid=secret?token=secret#secret",
         "https://portal.example/a/b"},
        {"https://portal.example", "https://portal.example/"},
        {"secret", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        expect_text(cases[i][0], url_without_secrets(cases[i][0]), cases[i][1]);
}

static void all_but_unreserved_characters_are_encoded(void **state)
{
    BUF_DONE struct buf out = BUF_INIT(256);

    (void)state;
    url_add_encoded(&out, "aZ9-._~ /?#[]@:%é");
    assert_string_equal(buf_text(&out), "aZ9-._~%20%2F%3F%23%5B%5D%40%3A%25%C3%A9");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_origin_is_what_a_browser_calls_it),
        cmocka_unit_test(a_host_has_neither_port_nor_brackets),
        cmocka_unit_test(what_may_be_secret_in_an_address_is_left_out),
        cmocka_unit_test(all_but_unreserved_characters_are_encoded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
