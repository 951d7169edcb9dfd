/* SPDX-License-Identifier: MIT */
/* Requests and their answers, without sockets: checks, and pages that are made, kept and shown
 * while the database is away. */
#include "tests/support/serve_site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void requests_are_checked(void **state)
{
    struct site_test *test = *state;
    struct incoming strange = site_get("/hoje"), other = site_get("/hoje");

    expect_status(test, site_get(NULL), 414);
    expect_status(test, site_get("/hoje?a=%ff"), 400);
    strange.host = "evil.example";
    expect_status(test, strange, 400);
    other.method = METHOD_OTHER;
    expect_status(test, other, 405);
    expect_status(test, site_post("/hoje", ""), 405);
    expect_status(test, site_post("/executar", ""), 404); /* switched off */
    expect_status(test, site_post("/janelas/1/aceitar", ""), 404);
    expect_status(test, site_get("/estatico/0/painel.css"), 404);
    assert_int_equal(site_made, 0);
    struct reply reply = site_ask(test, site_get("/"), 303);
    assert_string_equal(reply.location, "/hoje");
    reply_done(&reply);
    reply = site_ask(test, site_get(test->router.assets.paths[ASSET_CHART]), 200);
    assert_true(reply.byte_count > 100000);
    assert_memory_equal(reply.bytes, "/*!\n * Chart.js", 15);
    assert_non_null(strstr(reply.cache, "immutable"));
    reply_done(&reply);
}

static void a_page_is_made_once_for_a_state_of_the_data(void **state)
{
    struct site_test *test = *state;
    struct bench *bench = test->bench_state;
    char tag[160];

    expect_body(test, site_get("/hoje"), "page 1");
    expect_body(test, site_get("/hoje"), "page 1");
    expect_body(test, site_get("/hoje?regional=SUL"), "page 2");
    struct reply reply = site_ask(test, site_get("/hoje"), 200);
    snprintf(tag, sizeof(tag), "%s", reply.etag);
    assert_memory_equal(tag, "W/\"1-", 5); /* the one window */
    assert_string_equal(reply.last_modified, "Tue, 10 Mar 2026 15:00:00 GMT");
    assert_string_equal(reply.cache, "private, no-cache");
    reply_done(&reply);
    struct incoming again = site_get("/hoje");
    again.if_none_match = tag;
    reply = site_ask(test, again, 304);
    assert_string_equal(reply.etag, tag);
    assert_int_equal(reply.body.len, 0);
    reply_done(&reply);
    assert_int_equal(site_made, 2);
    bench_sql(bench, "UPDATE config_parametro SET valor = 31");
    reply = site_ask(test, again, 200);
    assert_string_not_equal(reply.etag, tag);
    snprintf(tag, sizeof(tag), "%s", reply.etag);
    reply_done(&reply);
    work_add_logged(&bench->work, (struct line){"400", "OPEN", 4, NULL, 4, 40});
    assert_true(fixture_load(bench->dest, fixture_window(1, 9), &bench->work, &bench->err));
    again.if_none_match = tag;
    expect_status(test, again, 200);
    assert_int_equal(site_made, 4);
}

static void what_is_not_whole_or_live_is_not_kept(void **state)
{
    struct site_test *test = *state;

    expect_body(test, site_get("/pipeline"), "page 1");
    expect_body(test, site_get("/pipeline"), "page 2"); /* a query of it failed */
    expect_body(test, site_get("/api/execucao"), "page 3");
    struct reply reply = site_ask(test, site_get("/api/execucao"), 200);
    assert_string_equal(reply.etag, "");
    assert_string_equal(reply.cache, "no-store");
    reply_done(&reply);
    reply = site_ask(test, site_get("/csv/ouro_mes"), 200);
    assert_non_null(reply.file);
    assert_string_equal(reply.file_name, "a.csv");
    assert_string_equal(reply.etag, "");
    reply_done(&reply);
}

static void the_last_page_is_shown_while_the_database_is_away(void **state)
{
    struct site_test *test = *state;
    struct bench *bench = test->bench_state;

    expect_body(test, site_get("/hoje"), "page 1");
    setenv("TEST_AWAY", "1", 1);
    bench_sql(bench, "UPDATE config_parametro SET valor = 31"); /* so it is made anew */
    struct reply reply = site_ask(test, site_get("/hoje"), 200);
    const char *body = buf_text(&reply.body);
    assert_non_null(strstr(body, "<body class=\"x\"><div class=\"frescor erro\""));
    assert_non_null(strstr(body, "não responde"));
    assert_non_null(strstr(body, "page 1"));
    assert_string_equal(reply.etag, "");
    reply_done(&reply);
    reply = site_ask(test, site_get("/receita"), 503); /* was never made */
    assert_null(strstr(buf_text(&reply.body), "secret-host"));
    assert_non_null(strstr(buf_text(&reply.body), "referência"));
    assert_true(reply.retry_after > 0);
    reply_done(&reply);
    unsetenv("TEST_AWAY");
    struct reply fresh = site_ask(test, site_get("/hoje"), 200);
    assert_null(strstr(buf_text(&fresh.body), "não responde"));
    reply_done(&fresh);
}

static void a_slow_page_asks_for_a_shorter_period(void **state)
{
    struct site_test *test = *state;

    expect_body(test, site_get("/hoje"), "page 1");
    setenv("TEST_SLOW", "1", 1);
    struct reply reply = site_ask(test, site_get("/receita"), 503);
    assert_non_null(strstr(buf_text(&reply.body), "período"));
    reply_done(&reply);
}

static void a_database_without_layers_says_what_to_do(void **state)
{
    struct site_test *test = *state;

    bench_sql(test->bench_state, "DROP TABLE etl_camadas");
    struct reply reply = site_ask(test, site_get("/hoje"), 503);
    assert_non_null(strstr(buf_text(&reply.body), "etl-sigos layers"));
    reply_done(&reply);
    bench_sql(test->bench_state, "CREATE TABLE etl_camadas (nome TEXT, sha256 TEXT)");
    expect_status(test, site_get("/hoje"), 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SITE_TEST(requests_are_checked),
        SITE_TEST(a_page_is_made_once_for_a_state_of_the_data),
        SITE_TEST(what_is_not_whole_or_live_is_not_kept),
        SITE_TEST(the_last_page_is_shown_while_the_database_is_away),
        SITE_TEST(a_slow_page_asks_for_a_shorter_period),
        SITE_TEST(a_database_without_layers_says_what_to_do),
    };

    setenv("TZ", "America/Sao_Paulo", 1);
    return cmocka_run_group_tests_name("serve router", tests, NULL, NULL);
}
