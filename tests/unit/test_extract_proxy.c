/* SPDX-License-Identifier: MIT */
/* The choice of a proxy, and the browser's arguments for it. */
#include "base/mem.h"
#include "extract/browser/chromium.h"
#include "extract/browser/proxy.h"
#include "tests/support/unit.h"

#include <string.h>

static void no_proxy_is_read_as_curl_does(void **state)
{
    static const struct {
        const char *host, *no_proxy;
        bool bypassed;
    } cases[] = {
        {"portal.example.com", NULL, false},
        {"portal.example.com", "", false},
        {"portal.example.com", "*", true},
        {"portal.example.com", "example.com", true},
        {"portal.example.com", "other.org,.EXAMPLE.com", true},
        {"portal.example.com", "other.org *.example.com", true},
        {"portal.example.com", "portal.example.com:443", true},
        {"portal.example.com", "ample.com", false},
        {"portal.example.com", "portal", false},
        {"10.1.2.3", "10.0.0.0/8", true},
        {"10.1.2.3", "10.1.2.3", true},
        {"11.1.2.3", "10.0.0.0/8", false},
        {"11.1.2.3", "0.0.0.0/0", true},
        {"11.1.2.3", "10.0.0.0/99", false},
        {"fe80::1", "[fe80::1]", true},
        {"fe80::1", "fe80::1", true},
        {"localhost", NULL, true},
        {"x.localhost", NULL, true},
        {"127.3.2.1", NULL, true},
        {"::1", NULL, true},
        {"127.example.com", NULL, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (proxy_is_bypassed(cases[i].host, cases[i].no_proxy) != cases[i].bypassed)
            fail_msg("%s with NO_PROXY=%s", cases[i].host, cases[i].no_proxy);
}

static void browser_and_requests_get_the_same_proxy(void **state)
{
    static const struct {
        const char *given, *no_proxy, *address, *server, *bypass;
    } cases[] = {
        {"http://proxy:3128", NULL, "http://proxy:3128", "--proxy-server=http://proxy:3128", NULL},
        {"proxy.corp", NULL, "http://proxy.corp:80", "--proxy-server=http://proxy.corp:80", NULL},
        {"HTTPS://proxy/", NULL, "https://proxy:443", "--proxy-server=https://proxy:443", NULL},
        {"socks5h://[fe80::1]", NULL, "socks5h://[fe80::1]:1080",
         "--proxy-server=socks5://[fe80::1]:1080", NULL},
        {"http://p:1", "a.b, .c.d,10.0.0.0/8", "http://p:1", "--proxy-server=http://p:1",
         "--proxy-bypass-list=a.b;.a.b;c.d;.c.d;10.0.0.0/8"},
        {"http://p:1", "a;<-loopback>", "http://p:1", "--proxy-server=http://p:1", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct settings settings = {.portal_url = "https://Portal.example/x",
                                          .proxy = cases[i].given,
                                          .no_proxy = cases[i].no_proxy};
        struct proxy proxy;
        struct error err;
        if (!proxy_choose(&settings, &proxy, &err))
            fail_msg("%s", err.message);
        assert_string_equal(proxy.address, cases[i].address);
        assert_string_equal(proxy.server_flag, cases[i].server);
        assert_int_equal(proxy.bypass_flag != NULL, cases[i].bypass != NULL);
        if (proxy.bypass_flag)
            assert_string_equal(proxy.bypass_flag, cases[i].bypass);
        proxy_done(&proxy);
    }
}

static void this_machine_and_what_is_excepted_have_no_proxy_whatever_is_wrong_with_it(void **state)
{
    static const char *const urls[] = {"http://127.0.0.1:8080/", "http://localhost/x",
                                       "https://[::1]/", "https://portal.corp:8443/"};

    (void)state;
    for (size_t i = 0; i < COUNT(urls); i++) {
        const struct settings settings = {
            .portal_url = urls[i], .proxy = "http://me:hunter2@proxy", .no_proxy = "corp"};
        struct proxy proxy;
        struct error err;
        assert_true(proxy_choose(&settings, &proxy, &err));
        assert_null(proxy.address);
        assert_null(proxy.server_flag);
    }
}

static void a_proxy_that_cannot_be_used_is_refused_and_not_shown(void **state)
{
    static const struct {
        const char *given, *words;
    } cases[] = {
        {"http://me:hunter2@proxy:3128", "would see among the browser's arguments"},
        {"hunter2@proxy", "would see among the browser's arguments"},
        {"ftp://hunter2", "is not written as scheme://host:port"},
        {"http://hunter2;direct://", "is not written as scheme://host:port"},
        {"http://hunter2/path", "is not written as scheme://host:port"},
        {"http://", "is not written as scheme://host:port"},
        {"http://:80", "is not written as scheme://host:port"},
        {"http://a b", "is not written as scheme://host:port"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct settings settings = {.portal_url = "https://portal/", .proxy = cases[i].given};
        struct proxy proxy;
        struct error err;
        assert_false(proxy_choose(&settings, &proxy, &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_non_null(strstr(err.message, cases[i].words));
        assert_null(strstr(err.message, "hunter2"));
    }
}

static void the_browser_is_told_of_it(void **state)
{
    const struct settings settings = {.headless = true,
                                      .browser = "/bin/true",
                                      .portal_url = "https://portal/",
                                      .proxy = "proxy:3128",
                                      .no_proxy = "a.b"};
    struct chromium chromium;
    struct error err;
    size_t found = 0;

    (void)state;
    assert_true(chromium_find(&settings, "/profile", true, &chromium, &err));
    for (size_t i = 0; chromium.argv[i]; i++)
        found += strcmp(chromium.argv[i], "--proxy-server=http://proxy:3128") == 0 ||
                 strcmp(chromium.argv[i], "--proxy-bypass-list=a.b;.a.b") == 0;
    assert_int_equal(found, 2);
    chromium_done(&chromium);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_proxy_is_read_as_curl_does),
        cmocka_unit_test(browser_and_requests_get_the_same_proxy),
        cmocka_unit_test(this_machine_and_what_is_excepted_have_no_proxy_whatever_is_wrong_with_it),
        cmocka_unit_test(a_proxy_that_cannot_be_used_is_refused_and_not_shown),
        cmocka_unit_test(the_browser_is_told_of_it),
    };

    return cmocka_run_group_tests_name("extract_proxy", tests, NULL, NULL);
}
