/* SPDX-License-Identifier: MIT */
/* A server on a small database, with a stand-in for the pages. */
#include "tests/support/serve_site.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int site_made;

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

    site_made++;
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
    buf_addf(&out->body, "<html><body class=\"x\">page %d %s</body></html>", site_made,
             token ? token : "-");
    return true;
}

int site_start(void **state)
{
    struct site_test *test = mem_alloc(sizeof(*test));
    struct error err;

    unsetenv("TEST_AWAY");
    unsetenv("TEST_SLOW");
    site_made = 0;
    bench_start(&test->bench_state);
    struct bench *bench = test->bench_state;
    bench_open(bench);
    if (!fixture_first_load(bench->dest, &bench->err))
        return -1;
    bench_sql(bench,
              "UPDATE etl_windows SET ended_at = '2026-03-10T12:00:00-03:00';"
              "CREATE TABLE etl_camadas (nome TEXT, sha256 TEXT);"
              "CREATE TABLE resumo_estado (chave TEXT, situacao TEXT, motivo TEXT, config TEXT);"
              "INSERT INTO resumo_estado VALUES ('resumos', 'prontos', '', '');"
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

int site_end(void **state)
{
    struct site_test *test = *state;

    router_close(&test->router);
    bench_end(&test->bench_state);
    free(test);
    return 0;
}

struct incoming site_get(const char *target)
{
    return (struct incoming){
        .method = METHOD_GET, .target = target, .host = "localhost:80", .local = true};
}

struct incoming site_post(const char *target, const char *body)
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

struct reply site_ask(struct site_test *test, struct incoming in, int status)
{
    struct reply reply;

    reply_init(&reply);
    router_answer(&test->router, &in, &reply);
    if (reply.status != status)
        fail_msg("%s: status %d, expected %d: %s", in.target, reply.status, status,
                 buf_text(&reply.body));
    return reply;
}

void expect_status(struct site_test *test, struct incoming in, int status)
{
    struct reply reply = site_ask(test, in, status);

    reply_done(&reply);
}

void expect_body(struct site_test *test, struct incoming in, const char *words)
{
    struct reply reply = site_ask(test, in, 200);

    if (!strstr(buf_text(&reply.body), words))
        fail_msg("\"%s\" is not in \"%s\"", words, buf_text(&reply.body));
    reply_done(&reply);
}
