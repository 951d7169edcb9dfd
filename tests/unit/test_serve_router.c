/* SPDX-License-Identifier: MIT */
/* Requests and their answers, without sockets: checks, login, forms, and pages that are made, kept
 * and shown while the database is away. A stand-in makes the pages. */
#include "base/clock.h"
#include "base/mem.h"
#include "serve/password.h"
#include "serve/router.h"
#include "serve/token.h"
#include "tests/support/destination_sqlite.h"

#include <stdlib.h>
#include <string.h>

#define PASSWORD "uma senha longa"

/* A server on a database that has one window and the tables of the layers' settings. */
struct site_test {
    void *bench_state;
    struct serve_options options;
    struct router router;
    char hash[PASSWORD_HASH_SIZE];
};

static int made; /* pages, by the stand-in */

static bool ignore_row(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    (void)arg, (void)cells, (void)count, (void)err;
    return true;
}

static bool make_page(struct destination *reader, const struct request *request, struct answer *out,
                      struct error *err)
{
    struct error ignored;
    const char *token = request->site->form_token
                            ? request->site->form_token(request->site->form_token_arg, "/executar")
                            : NULL;

    made++;
    if (strcmp(request->path, "/pipeline") == 0) { /* one figure of it cannot be had */
        if (destination_query(reader, "SELECT nothing", ignore_row, NULL, &ignored))
            fail();
    }
    if (getenv("TEST_AWAY"))
        return error_set(err, ERROR_DATABASE, "secret-host: no answer");
    if (getenv("TEST_SLOW")) {
        error_set(err, ERROR_DATABASE, "too slow");
        return error_mark_divisible(err);
    }
    if (strncmp(request->path, "/csv/", 5) == 0) {
        out->type = ANSWER_CSV;
        out->file = tmpfile();
        fputs("a;b\r\n", out->file);
        rewind(out->file);
        snprintf(out->file_name, sizeof(out->file_name), "a.csv");
        return true;
    }
    buf_addf(&out->body, "<html><body class=\"x\">page %d %s</body></html>", made,
             token ? token : "-");
    return true;
}

static int start(void **state)
{
    struct site_test *test = mem_alloc(sizeof(*test));
    struct error err;

    unsetenv("TEST_AWAY");
    unsetenv("TEST_SLOW");
    made = 0;
    bench_start(&test->bench_state);
    struct bench *bench = test->bench_state;
    bench_open(bench);
    if (!fixture_first_load(bench->dest, &bench->err))
        return -1;
    bench_sql(bench, "UPDATE etl_windows SET ended_at = '2026-03-10T12:00:00-03:00';"
                     "CREATE TABLE etl_camadas (nome TEXT, sha256 TEXT);"
                     "CREATE TABLE config_parametro (chave TEXT, valor INTEGER);"
                     "CREATE TABLE config_status (status TEXT, produzido INTEGER, origem TEXT);"
                     "CREATE TABLE config_tipo_servico (tipo_servico TEXT, inspecao INTEGER,"
                     " origem TEXT);"
                     "CREATE TABLE config_sim (texto TEXT);"
                     "CREATE TABLE config_expediente (dia_semana INTEGER, inicio TEXT, fim TEXT);"
                     "INSERT INTO config_parametro VALUES ('prazo', 30)");
    test->options = (struct serve_options){
        .address = "127.0.0.1:0",
        .database = bench->url,
        .version = "1",
        .portal_name = "Portal <&>",
    };
    *state = test;
    if (!router_open(&test->router, &test->options, &err))
        return -1;
    test->router.make_page = make_page;
    return 0;
}

static int end(void **state)
{
    struct site_test *test = *state;

    router_close(&test->router);
    bench_end(&test->bench_state);
    free(test);
    return 0;
}

static struct incoming get(const char *target)
{
    return (struct incoming){
        .method = METHOD_GET, .target = target, .host = "localhost:80", .local = true};
}

static struct incoming post(const char *target, const char *body)
{
    return (struct incoming){
        .method = METHOD_POST,
        .target = target,
        .host = "localhost:80",
        .origin = "http://localhost:80",
        .content_type = "application/x-www-form-urlencoded",
        .client = "10.0.0.1",
        .body = body,
        .body_len = strlen(body),
    };
}

/* Asks, and checks the status. The caller ends the reply. */
static struct reply ask(struct site_test *test, struct incoming in, int status)
{
    struct reply reply;

    reply_init(&reply);
    router_answer(&test->router, &in, &reply);
    if (reply.status != status)
        fail_msg("%s: status %d, expected %d: %s", in.target, reply.status, status,
                 buf_text(&reply.body));
    return reply;
}

static void expect_status(struct site_test *test, struct incoming in, int status)
{
    struct reply reply = ask(test, in, status);

    reply_done(&reply);
}

static void expect_body(struct site_test *test, struct incoming in, const char *words)
{
    struct reply reply = ask(test, in, 200);

    if (!strstr(buf_text(&reply.body), words))
        fail_msg("\"%s\" is not in \"%s\"", words, buf_text(&reply.body));
    reply_done(&reply);
}

static void requests_are_checked(void **state)
{
    struct site_test *test = *state;
    struct incoming strange = get("/hoje"), other = get("/hoje");

    expect_status(test, get(NULL), 414);
    expect_status(test, get("/hoje?a=%ff"), 400);
    strange.host = "evil.example";
    expect_status(test, strange, 400);
    other.method = METHOD_OTHER;
    expect_status(test, other, 405);
    expect_status(test, post("/hoje", ""), 405);
    expect_status(test, post("/executar", ""), 404); /* switched off */
    expect_status(test, post("/janelas/1/aceitar", ""), 404);
    expect_status(test, get("/estatico/0/painel.css"), 404);
    assert_int_equal(made, 0);
    struct reply reply = ask(test, get("/"), 303);
    assert_string_equal(reply.location, "/hoje");
    reply_done(&reply);
    reply = ask(test, get(test->router.assets.paths[ASSET_CHART]), 200);
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

    expect_body(test, get("/hoje"), "page 1");
    expect_body(test, get("/hoje"), "page 1");
    expect_body(test, get("/hoje?regional=SUL"), "page 2");
    struct reply reply = ask(test, get("/hoje"), 200);
    snprintf(tag, sizeof(tag), "%s", reply.etag);
    assert_memory_equal(tag, "W/\"1-", 5); /* the one window */
    assert_string_equal(reply.last_modified, "Tue, 10 Mar 2026 15:00:00 GMT");
    assert_string_equal(reply.cache, "private, no-cache");
    reply_done(&reply);
    struct incoming again = get("/hoje");
    again.if_none_match = tag;
    reply = ask(test, again, 304);
    assert_string_equal(reply.etag, tag);
    assert_int_equal(reply.body.len, 0);
    reply_done(&reply);
    assert_int_equal(made, 2);
    bench_sql(bench, "UPDATE config_parametro SET valor = 31");
    reply = ask(test, again, 200);
    assert_string_not_equal(reply.etag, tag);
    snprintf(tag, sizeof(tag), "%s", reply.etag);
    reply_done(&reply);
    work_add_logged(&bench->work, (struct line){"400", "OPEN", 4, NULL, 4, 40});
    assert_true(fixture_load(bench->dest, fixture_window(1, 9), &bench->work, &bench->err));
    again.if_none_match = tag;
    expect_status(test, again, 200);
    assert_int_equal(made, 4);
}

static void what_is_not_whole_or_live_is_not_kept(void **state)
{
    struct site_test *test = *state;

    expect_body(test, get("/pipeline"), "page 1");
    expect_body(test, get("/pipeline"), "page 2"); /* a query of it failed */
    expect_body(test, get("/api/execucao"), "page 3");
    struct reply reply = ask(test, get("/api/execucao"), 200);
    assert_string_equal(reply.etag, "");
    assert_string_equal(reply.cache, "no-store");
    reply_done(&reply);
    reply = ask(test, get("/csv/ouro_mes"), 200);
    assert_non_null(reply.file);
    assert_string_equal(reply.file_name, "a.csv");
    assert_string_equal(reply.etag, "");
    reply_done(&reply);
}

static void the_last_page_is_shown_while_the_database_is_away(void **state)
{
    struct site_test *test = *state;
    struct bench *bench = test->bench_state;

    expect_body(test, get("/hoje"), "page 1");
    setenv("TEST_AWAY", "1", 1);
    bench_sql(bench, "UPDATE config_parametro SET valor = 31"); /* so it is made anew */
    struct reply reply = ask(test, get("/hoje"), 200);
    const char *body = buf_text(&reply.body);
    assert_non_null(strstr(body, "<body class=\"x\"><div class=\"frescor erro\""));
    assert_non_null(strstr(body, "não responde"));
    assert_non_null(strstr(body, "page 1"));
    assert_string_equal(reply.etag, "");
    reply_done(&reply);
    reply = ask(test, get("/receita"), 503); /* was never made */
    assert_null(strstr(buf_text(&reply.body), "secret-host"));
    assert_non_null(strstr(buf_text(&reply.body), "referência"));
    assert_true(reply.retry_after > 0);
    reply_done(&reply);
    unsetenv("TEST_AWAY");
    struct reply fresh = ask(test, get("/hoje"), 200);
    assert_null(strstr(buf_text(&fresh.body), "não responde"));
    reply_done(&fresh);
}

static void a_slow_page_asks_for_a_shorter_period(void **state)
{
    struct site_test *test = *state;

    expect_body(test, get("/hoje"), "page 1");
    setenv("TEST_SLOW", "1", 1);
    struct reply reply = ask(test, get("/receita"), 503);
    assert_non_null(strstr(buf_text(&reply.body), "período"));
    reply_done(&reply);
}

static void a_database_without_layers_says_what_to_do(void **state)
{
    struct site_test *test = *state;

    bench_sql(test->bench_state, "DROP TABLE etl_camadas");
    struct reply reply = ask(test, get("/hoje"), 503);
    assert_non_null(strstr(buf_text(&reply.body), "etl-sigos layers"));
    reply_done(&reply);
    bench_sql(test->bench_state, "CREATE TABLE etl_camadas (nome TEXT, sha256 TEXT)");
    expect_status(test, get("/hoje"), 200);
}

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
    struct reply reply = ask(test, get("/hoje?a=b"), 303);
    assert_string_equal(reply.location, "/entrar?volta=%2Fhoje%3Fa%3Db");
    reply_done(&reply);
    expect_status(test, get("/api/ouro_mes"), 401);
    expect_status(test, get("/csv/ouro_mes"), 401);
    expect_body(test, get("/entrar?volta=/hoje"), "value=\"/hoje\"");
    expect_body(test, get("/entrar?volta=//evil.example"), "value=\"/hoje\"");
    expect_body(test, get("/entrar"), "Portal &lt;&amp;&gt;");
    expect_status(test, get(test->router.assets.paths[ASSET_STYLE]), 200);
    expect_status(test, post("/entrar", "senha=errada"), 401);
    reply = ask(test, post("/entrar", "senha=uma+senha+longa&volta=%2Freceita"), 303);
    assert_string_equal(reply.location, "/receita");
    take_token(&reply, token);
    reply_done(&reply);
    assert_int_equal(made, 0);
    struct incoming inside = get("/hoje");
    inside.session = token;
    expect_status(test, inside, 200);
    struct incoming leave = post("/sair", "");
    leave.session = token;
    expect_status(test, leave, 303);
    expect_status(test, inside, 303);
}

static void a_login_is_refused_after_five_failures_and_from_elsewhere(void **state)
{
    struct site_test *test = *state;

    with_password(test);
    struct incoming strange = post("/entrar", "senha=uma+senha+longa");
    strange.origin = "http://evil.example";
    expect_status(test, strange, 403);
    strange.origin = NULL;
    expect_status(test, strange, 403);
    strange = post("/entrar", "senha=x");
    strange.body_too_long = true;
    expect_status(test, strange, 413);
    strange = post("/entrar", "senha=x");
    strange.content_type = "application/json";
    expect_status(test, strange, 400);
    for (int i = 0; i < 5; i++)
        expect_status(test, post("/entrar", "senha=errada"), 401);
    struct reply reply = ask(test, post("/entrar", "senha=uma+senha+longa"), 429);
    assert_in_range(reply.retry_after, 50, 60);
    reply_done(&reply);
}

static void a_form_needs_the_token_of_its_own_address(void **state)
{
    struct site_test *test = *state;
    char token[TOKEN_SIZE], body[128];

    test->options.allow_accept = true;
    expect_status(test, get("/janelas/1/aceitar"), 405);
    expect_status(test, post("/janelas/1/aceitar", "csrf=0"), 403);
    token_make(test->router.secret, SESSION_KEY_SIZE, "/janelas/2/aceitar", token);
    snprintf(body, sizeof(body), "csrf=%s&linhas=1", token);
    expect_status(test, post("/janelas/1/aceitar", body), 403);
    token_make(test->router.secret, SESSION_KEY_SIZE, "/janelas/1/aceitar", token);
    snprintf(body, sizeof(body), "csrf=%s&linhas=1", token);
    expect_status(test, post("/janelas/1/aceitar", body), 409); /* it was loaded, not held */
    expect_status(test, post("/janelas/x/aceitar", body), 404);
    expect_status(test, post("/executar", body), 404);
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
        expect_status(test, post("/janelas/1/aceitar", body), 400);
    }
    bench_sql(test->bench_state,
              "UPDATE etl_lease SET run_id = 'other', expires_at = strftime('%s','now') + 60");
    snprintf(body, sizeof(body), "csrf=%s&linhas=31", token);
    expect_status(test, post("/janelas/1/aceitar", body), 409); /* a run is going on */
}

static void pages_with_buttons_are_of_one_session(void **state)
{
    struct site_test *test = *state;
    char token[TOKEN_SIZE], tag[160];

    test->options.allow_run = true;
    token_make(test->router.secret, SESSION_KEY_SIZE, "/executar", token);
    expect_body(test, get("/hoje"), token);
    struct reply reply = ask(test, get("/hoje"), 200);
    snprintf(tag, sizeof(tag), "%s", reply.etag);
    reply_done(&reply);
    memset(test->router.secret, 7, sizeof(test->router.secret)); /* another process */
    struct incoming again = get("/hoje");
    again.if_none_match = tag;
    token_make(test->router.secret, SESSION_KEY_SIZE, "/executar", token);
    expect_body(test, again, token);
}

static void metrics_are_for_this_machine_or_the_token(void **state)
{
    struct site_test *test = *state;
    struct incoming far = get("/metrics");

    with_password(test); /* is not asked for */
    far.local = false;
    expect_status(test, far, 401);
    expect_body(test, get("/metrics"), "etl_sigos_database_up 1\n");
    expect_body(test, get("/metrics"), "etl_sigos_runs{mode=\"full\"} 1\n");
    expect_body(test, get("/metrics"), "etl_sigos_last_loaded_timestamp_seconds{report=\"");
    expect_body(test, get("/metrics"),
                "etl_sigos_serve_requests_total{kind=\"other\",status=\"4xx\"} 1\n");
    test->options.metrics_token = "segredo";
    expect_status(test, get("/metrics"), 401);
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

#define SITE_TEST(f) cmocka_unit_test_setup_teardown(f, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SITE_TEST(requests_are_checked),
        SITE_TEST(a_page_is_made_once_for_a_state_of_the_data),
        SITE_TEST(what_is_not_whole_or_live_is_not_kept),
        SITE_TEST(the_last_page_is_shown_while_the_database_is_away),
        SITE_TEST(a_slow_page_asks_for_a_shorter_period),
        SITE_TEST(a_database_without_layers_says_what_to_do),
        SITE_TEST(pages_are_for_those_who_know_the_password),
        SITE_TEST(a_login_is_refused_after_five_failures_and_from_elsewhere),
        SITE_TEST(a_form_needs_the_token_of_its_own_address),
        SITE_TEST(a_held_window_needs_its_number_of_rows),
        SITE_TEST(pages_with_buttons_are_of_one_session),
        SITE_TEST(metrics_are_for_this_machine_or_the_token),
        SITE_TEST(others_are_let_in_only_with_a_password),
    };

    setenv("TZ", "America/Sao_Paulo", 1);
    return cmocka_run_group_tests_name("serve router", tests, NULL, NULL);
}
