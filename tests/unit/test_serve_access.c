/* SPDX-License-Identifier: MIT */
/* Who may see and do what: login, forms, buttons, metrics. */
#include "base/clock.h"
#include "base/mem.h"
#include "serve/token.h"
#include "tests/support/serve_site.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PASSWORD "uma senha longa"

/* Takes the token out of the cookie. */
static void take_token(const struct reply *reply, char token[SESSION_TOKEN_SIZE])
{
    assert_memory_equal(reply->cookie, "sessao=", 7);
    assert_non_null(strstr(reply->cookie, "HttpOnly; SameSite=Lax; Path=/"));
    memcpy(token, reply->cookie + 7, SESSION_TOKEN_SIZE - 1);
    token[SESSION_TOKEN_SIZE - 1] = '\0';
}

static void with_password(struct site_test *test)
{
    struct error err;

    assert_true(password_hash(PASSWORD, test->hash, &err));
    test->options.password_hash = test->hash;
}

static void pages_are_for_those_who_know_the_password(void **state)
{
    struct site_test *test = *state;
    char token[SESSION_TOKEN_SIZE];

    with_password(test);
    struct reply reply = site_ask(test, site_get("/hoje?a=b"), 303);
    assert_string_equal(reply.location, "/entrar?volta=%2Fhoje%3Fa%3Db");
    reply_done(&reply);
    expect_status(test, site_get("/api/ouro_mes"), 401);
    expect_status(test, site_get("/csv/ouro_mes"), 401);
    expect_body(test, site_get("/entrar?volta=/hoje"), "value=\"/hoje\"");
    expect_body(test, site_get("/entrar?volta=//evil.example"), "value=\"/hoje\"");
    expect_body(test, site_get("/entrar"), "Portal &lt;&amp;&gt;");
    expect_status(test, site_get(test->router.assets.paths[ASSET_STYLE]), 200);
    expect_status(test, site_post("/entrar", "senha=errada"), 401);
    reply = site_ask(test, site_post("/entrar", "senha=uma+senha+longa&volta=%2Freceita"), 303);
    assert_string_equal(reply.location, "/receita");
    take_token(&reply, token);
    reply_done(&reply);
    assert_int_equal(site_made, 0);
    struct incoming inside = site_get("/hoje");
    inside.session = token;
    expect_status(test, inside, 200);
    struct incoming leave = site_post("/sair", "");
    leave.session = token;
    expect_status(test, leave, 303);
    expect_status(test, inside, 303);
}

static void a_login_is_refused_after_five_failures_and_from_elsewhere(void **state)
{
    struct site_test *test = *state;

    with_password(test);
    struct incoming strange = site_post("/entrar", "senha=uma+senha+longa");
    strange.origin = "http://evil.example";
    expect_status(test, strange, 403);
    strange.origin = NULL;
    expect_status(test, strange, 403);
    strange = site_post("/entrar", "senha=x");
    strange.body_too_long = true;
    expect_status(test, strange, 413);
    strange = site_post("/entrar", "senha=x");
    strange.content_type = "application/json";
    expect_status(test, strange, 400);
    for (int i = 0; i < 5; i++)
        expect_status(test, site_post("/entrar", "senha=errada"), 401);
    struct reply reply = site_ask(test, site_post("/entrar", "senha=uma+senha+longa"), 429);
    assert_in_range(reply.retry_after, 50, 60);
    reply_done(&reply);
}

static void a_form_needs_the_token_of_its_own_address(void **state)
{
    struct site_test *test = *state;
    char token[TOKEN_SIZE], body[128];

    test->options.allow_accept = true;
    expect_status(test, site_get("/janelas/1/aceitar"), 405);
    expect_status(test, site_post("/janelas/1/aceitar", "csrf=0"), 403);
    token_make(test->router.secret, SESSION_KEY_SIZE, "/janelas/2/aceitar", token);
    snprintf(body, sizeof(body), "csrf=%s&linhas=1", token);
    expect_status(test, site_post("/janelas/1/aceitar", body), 403);
    token_make(test->router.secret, SESSION_KEY_SIZE, "/janelas/1/aceitar", token);
    snprintf(body, sizeof(body), "csrf=%s&linhas=1", token);
    expect_status(test, site_post("/janelas/1/aceitar", body), 409); /* it was loaded, not held */
    expect_status(test, site_post("/janelas/x/aceitar", body), 404);
    expect_status(test, site_post("/executar", body), 404);
}

static void a_held_window_needs_its_number_of_rows(void **state)
{
    struct site_test *test = *state;
    char token[TOKEN_SIZE], body[128];

    test->options.allow_accept = true;
    bench_sql(test->bench_state,
              "UPDATE etl_windows SET status = 'held', reason = 'the export lacks 31 of the 100 "
              "rows that the table holds'");
    token_make(test->router.secret, SESSION_KEY_SIZE, "/janelas/1/aceitar", token);
    static const char *const wrong[] = {"", "&linhas=", "&linhas=30", "&linhas=31x", "&linhas=-31"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        snprintf(body, sizeof(body), "csrf=%s%s", token, wrong[i]);
        expect_status(test, site_post("/janelas/1/aceitar", body), 400);
    }
    bench_sql(test->bench_state,
              "UPDATE etl_lease SET run_id = 'other', expires_at = strftime('%s','now') + 60");
    snprintf(body, sizeof(body), "csrf=%s&linhas=31", token);
    expect_status(test, site_post("/janelas/1/aceitar", body), 409); /* a run is going on */
}

static void pages_with_buttons_are_of_one_session(void **state)
{
    struct site_test *test = *state;
    char token[TOKEN_SIZE], tag[160];

    test->options.allow_run = true;
    token_make(test->router.secret, SESSION_KEY_SIZE, "/executar", token);
    expect_body(test, site_get("/hoje"), token);
    struct reply reply = site_ask(test, site_get("/hoje"), 200);
    snprintf(tag, sizeof(tag), "%s", reply.etag);
    reply_done(&reply);
    memset(test->router.secret, 7, sizeof(test->router.secret)); /* another process */
    struct incoming again = site_get("/hoje");
    again.if_none_match = tag;
    token_make(test->router.secret, SESSION_KEY_SIZE, "/executar", token);
    expect_body(test, again, token);
}

static void metrics_are_for_this_machine_or_the_token(void **state)
{
    struct site_test *test = *state;
    struct incoming far = site_get("/metrics");

    with_password(test); /* is not asked for */
    far.local = false;
    expect_status(test, far, 401);
    expect_body(test, site_get("/metrics"), "etl_sigos_database_up 1\n");
    expect_body(test, site_get("/metrics"), "etl_sigos_runs{mode=\"full\"} 1\n");
    expect_body(test, site_get("/metrics"), "etl_sigos_last_loaded_timestamp_seconds{report=\"");
    expect_body(test, site_get("/metrics"),
                "etl_sigos_serve_requests_total{kind=\"other\",status=\"4xx\"} 1\n");
    test->options.metrics_token = "segredo";
    expect_status(test, site_get("/metrics"), 401);
    far.authorization = "Bearer segredO";
    expect_status(test, far, 401);
    far.authorization = "Bearer segredo";
    expect_status(test, far, 200);
}

static void others_are_let_in_only_with_a_password(void **state)
{
    struct site_test *test = *state;
    struct serve_options options = test->options;
    struct router router;
    struct error err;

    options.address = "0.0.0.0:0";
    assert_false(router_open(&router, &options, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_non_null(strstr(err.message, "SERVE_PASSWORD_HASH"));
    options.password_hash = "segredo";
    assert_false(router_open(&router, &options, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_null(strstr(err.message, "segredo"));
}

/* What this program does instead of a cycle when a button starts it. */
static int be_a_cycle(int argc, char **argv)
{
    FILE *told = fopen(getenv("TEST_TOLD"), "we");

    if (!told)
        return 1;
    for (int i = 1; i < argc; i++)
        fprintf(told, "%s ", argv[i]);
    fprintf(told, "%s.", getenv("DATABASE_URL"));
    return fclose(told) ? 1 : 0;
}

/* Waits until the started process has told all, and reads it. */
static void read_told(const char *path, char *out, size_t size)
{
    const int64_t deadline = clock_ms() + 20000;
    size_t len = 0;

    while (len == 0 || out[len - 1] != '.') {
        FILE *told = fopen(path, "re");
        if (told) {
            len = fread(out, 1, size - 1, told);
            fclose(told);
        }
        if (clock_ms() > deadline)
            fail_msg("no cycle was started");
        poll(NULL, 0, 10);
    }
    out[len] = '\0';
}

static void buttons_start_processes_of_this_program(void **state)
{
    const struct serve_variable variables[] = {{"DATABASE_URL", "sqlite:x"}, {"DB_PASS", NULL}};
    struct site_test *test = *state;
    struct bench *bench = test->bench_state;
    char token[TOKEN_SIZE], body[128], told[256];
    MEM_FREE_TEXT char *path = mem_format("%s/told", bench->folder);

    setenv("TEST_TOLD", path, 1);
    test->options.allow_run = test->options.allow_accept = true;
    test->options.variables = variables;
    test->options.variable_count = COUNT(variables);
    test->options.profile = "profiles/other";
    token_make(test->router.secret, SESSION_KEY_SIZE, "/executar", token);
    snprintf(body, sizeof(body), "csrf=%s", token);
    struct reply reply = site_ask(test, site_post("/executar", body), 303);
    assert_string_equal(reply.location, "/pipeline");
    reply_done(&reply);
    read_told(path, told, sizeof(told));
    assert_string_equal(told, "incremental --profile profiles/other sqlite:x.");
    unlink(path);
    bench_sql(bench, "UPDATE etl_windows SET status = 'held', reason = 'the export lacks 31 of'");
    token_make(test->router.secret, SESSION_KEY_SIZE, "/janelas/1/aceitar", token);
    snprintf(body, sizeof(body), "csrf=%s&linhas=31", token);
    const int64_t deadline = clock_ms() + 20000;
    do { /* the first process may not be reaped yet */
        struct incoming in = site_post("/janelas/1/aceitar", body);
        reply_init(&reply);
        router_answer(&test->router, &in, &reply);
        reply_done(&reply);
    } while (reply.status == 409 && clock_ms() < deadline);
    assert_int_equal(reply.status, 303);
    read_told(path, told, sizeof(told));
    assert_string_equal(told, "full visits --from 2026-03-01 --to 2026-03-09 --accept-shrink "
                              "--profile profiles/other sqlite:x.");
    unlink(path);
}

int main(int argc, char **argv)
{
    if (argc > 1 && getenv("TEST_TOLD"))
        return be_a_cycle(argc, argv);
    const struct CMUnitTest tests[] = {
        SITE_TEST(pages_are_for_those_who_know_the_password),
        SITE_TEST(a_login_is_refused_after_five_failures_and_from_elsewhere),
        SITE_TEST(a_form_needs_the_token_of_its_own_address),
        SITE_TEST(a_held_window_needs_its_number_of_rows),
        SITE_TEST(pages_with_buttons_are_of_one_session),
        SITE_TEST(metrics_are_for_this_machine_or_the_token),
        SITE_TEST(others_are_let_in_only_with_a_password),
        SITE_TEST(buttons_start_processes_of_this_program),
    };

    setenv("TZ", "America/Sao_Paulo", 1);
    return cmocka_run_group_tests_name("serve access", tests, NULL, NULL);
}
