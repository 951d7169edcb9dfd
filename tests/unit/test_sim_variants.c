/* SPDX-License-Identifier: MIT */
/* Each variant of the simulated portal, as it looks on the wire. */
#include "base/clock.h"
#include "base/mem.h"
#include "tests/support/sim_client.h"
#include "tests/support/unit.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 16 << 20 };

static const char first_day[] = "2022-04-01", last_day[] = "2022-05-01";

static void right_file(struct buf *out)
{
    *out = BUF_INIT(FILE_MAX);
    sim_fixture_file(REPORT_GENERAL, first_day, last_day, out);
}

static int order(struct sim_client *client)
{
    return sim_client_order(client, REPORT_GENERAL, first_day, last_day);
}

static unsigned order_status(struct sim_client *client)
{
    SIM_REPLY_DONE struct sim_reply reply;

    sim_client_receive(client, order(client), &reply);
    return reply.status;
}

static void expect_right_file(const struct sim_reply *reply)
{
    struct buf file;

    right_file(&file);
    assert_true(reply->complete);
    assert_int_equal(reply->body.len, file.len);
    assert_memory_equal(reply->body.data, file.data, file.len);
    buf_done(&file);
}

/* ------------------------------------------------------------------------------------- sessions */

static void requests_of_a_locked_session_are_served_one_after_the_other(void **state)
{
    struct sim_client client = {0};
    int fds[3];

    (void)state;
    sim_client_log_in(&client);
    sim_fixture_set("delay-ms", "100");
    sim_fixture_set("lock-session", "on");
    for (size_t i = 0; i < COUNT(fds); i++)
        fds[i] = order(&client);
    for (size_t i = 0; i < COUNT(fds); i++) {
        SIM_REPLY_DONE struct sim_reply reply;
        sim_client_receive(&client, fds[i], &reply);
        expect_right_file(&reply);
    }
    assert_int_equal(sim_fixture_portal()->journal.running_max, 1);
}

static void without_the_lock_they_are_served_together(void **state)
{
    struct sim_client client = {0};
    int fds[3];

    (void)state;
    sim_client_log_in(&client);
    sim_fixture_set("delay-ms", "1000");
    for (size_t i = 0; i < COUNT(fds); i++)
        fds[i] = order(&client);
    for (size_t i = 0; i < COUNT(fds); i++) {
        SIM_REPLY_DONE struct sim_reply reply;
        sim_client_receive(&client, fds[i], &reply);
    }
    assert_int_equal(sim_fixture_portal()->journal.running_max, 3);
}

static void locked_sessions_do_not_wait_for_each_other(void **state)
{
    struct sim_client clients[3] = {{{0}, {0}, {0}, NULL, NULL}};
    int fds[3];

    (void)state;
    sim_fixture_set("lock-session", "on");
    for (size_t i = 0; i < COUNT(fds); i++)
        sim_client_log_in(&clients[i]);
    sim_fixture_set("delay-ms", "1000");
    for (size_t i = 0; i < COUNT(fds); i++)
        fds[i] = order(&clients[i]);
    for (size_t i = 0; i < COUNT(fds); i++) {
        SIM_REPLY_DONE struct sim_reply reply;
        sim_client_receive(&clients[i], fds[i], &reply);
    }
    assert_int_equal(sim_fixture_portal()->journal.running_max, 3);
}

static void whoever_waits_for_a_session_that_is_thrown_out_is_told(void **state)
{
    struct sim_client client = {0};

    (void)state;
    sim_client_log_in(&client);
    sim_fixture_set("lock-session", "on");
    sim_fixture_set("delay-ms", "1000");
    int fds[] = {order(&client), order(&client)};
    sim_client_control("/_sim/sessions/expire");
    for (size_t i = 0; i < COUNT(fds); i++) {
        SIM_REPLY_DONE struct sim_reply reply;
        sim_client_receive(&client, fds[i], &reply);
        assert_true(reply.complete && (reply.status == 200 || reply.status == 302));
    }
    assert_true(sim_fixture_portal()->journal.count <= 1);
}

static void a_login_ends_the_users_other_session(void **state)
{
    struct sim_client older = {0}, newer = {0};

    (void)state;
    sim_fixture_set("single-session", "on");
    sim_client_log_in(&older);
    assert_int_equal(order_status(&older), 200);
    sim_client_log_in(&newer);
    assert_int_equal(order_status(&older), 302);
    assert_int_equal(order_status(&newer), 200);
}

static void a_session_ends_after_its_share_of_exports(void **state)
{
    struct sim_client client = {0};

    (void)state;
    sim_fixture_set("expire-exports", "2");
    sim_client_log_in(&client);
    assert_int_equal(order_status(&client), 200);
    assert_int_equal(order_status(&client), 200);
    assert_int_equal(order_status(&client), 302);
    sim_client_log_in(&client);
    assert_int_equal(order_status(&client), 200);
}

static void an_idle_session_ends(void **state)
{
    struct sim_client idle = {0}, other = {0};

    (void)state;
    sim_client_log_in(&idle);
    sim_client_log_in(&other);
    sim_fixture_set("delay-ms", "50");
    assert_int_equal(order_status(&other), 200); /* time passes */
    sim_fixture_set("idle-ms", "3600000");
    assert_int_equal(sim_client_status(&idle, "/sigos/", NULL), 200);
    assert_int_equal(order_status(&other), 200);
    sim_fixture_set("idle-ms", "40");
    assert_int_equal(sim_client_status(&idle, "/sigos/", NULL), 302);
}

static void a_post_needs_the_portals_own_origin(void **state)
{
    static const char *const foreign[] = {"http://mau.example", "null", ""};
    struct sim_client client = {0};

    (void)state;
    sim_fixture_set("check-origin", "on");
    sim_client_log_in(&client);
    assert_int_equal(order_status(&client), 200);
    for (size_t i = 0; i < COUNT(foreign); i++) {
        client.origin = foreign[i];
        assert_int_equal(order_status(&client), 403);
    }
}

static void a_session_is_good_for_the_browser_that_logged_in(void **state)
{
    struct sim_client client = {.agent = "Mozilla/5.0"};

    (void)state;
    sim_fixture_set("bind-agent", "on");
    sim_client_log_in(&client);
    struct sim_client thief = client;
    thief.agent = "curl/7.88";
    assert_int_equal(sim_client_status(&thief, "/sigos/", NULL), 302);
    assert_int_equal(sim_client_status(&client, "/sigos/", NULL), 200);
}

/* ---------------------------------------------------------------------------------------- login */

static unsigned log_in_by_hash(struct sim_client *client, const char *nonce)
{
    MEM_FREE_TEXT char *text = mem_format("%s:%s", nonce, SIM_PASSWORD);
    unsigned char hash[EVP_MAX_MD_SIZE];
    char form[512];

    assert_int_equal(EVP_Digest(text, strlen(text), hash, NULL, EVP_sha256(), NULL), 1);
    int len = snprintf(form, sizeof form, "usuario=demo&csrf_token=%s&resposta=", client->token);
    for (size_t i = 0; i < 32; i++)
        len += snprintf(form + len, sizeof form - (size_t)len, "%02x", hash[i]);
    return sim_client_status(client, "/sigos/login.php", form);
}

static void a_scripted_login_takes_the_hash_alone_and_each_nonce_once(void **state)
{
    struct sim_client client = {0};
    SIM_REPLY_DONE struct sim_reply plain;

    (void)state;
    sim_fixture_set("login", "scripted");
    sim_client_try(&client, SIM_PASSWORD, &plain);
    assert_non_null(strstr(buf_text(&plain.body), "Usuário ou senha inválidos."));
    assert_null(strstr(buf_text(&plain.body), "name=\"senha\""));
    struct sim_client before = client;
    assert_int_equal(sim_client_status(&client, "/sigos/login.php", NULL), 200);
    assert_int_equal(log_in_by_hash(&client, before.nonce), 200);
    assert_int_equal(log_in_by_hash(&client, client.nonce), 302);
}

/* ------------------------------------------------------------------------------------- exports */

static void dates_as_text_are_day_month_year_and_nothing_else(void **state)
{
    struct sim_client client = {0};
    SIM_REPLY_DONE struct sim_reply iso, br;

    (void)state;
    sim_fixture_set("dates", "text");
    sim_client_log_in(&client);
    sim_client_receive(&client, order(&client), &iso);
    assert_non_null(strstr(buf_text(&iso.body), "Informe as datas inicial e final."));
    sim_client_receive(&client,
                       sim_client_order(&client, REPORT_GENERAL, "01/04/2022", "01/05/2022"), &br);
    expect_right_file(&br);
}

static void the_end_of_a_file_is_told_in_three_ways(void **state)
{
    static const struct {
        const char *transfer;
        bool promised, chunked;
    } cases[] = {{"length", true, false}, {"chunked", false, true}, {"close", false, false}};
    struct sim_client client = {0};

    (void)state;
    sim_client_log_in(&client);
    for (size_t i = 0; i < COUNT(cases); i++) {
        SIM_REPLY_DONE struct sim_reply reply;
        sim_fixture_set("transfer", cases[i].transfer);
        sim_client_receive(&client, order(&client), &reply);
        expect_right_file(&reply);
        assert_int_equal(reply.promised >= 0, cases[i].promised);
        assert_int_equal(reply.chunked, cases[i].chunked);
    }
}

/* Three sessions export at once. Each file takes 300 ms and then 200 KB/s. */
static void every_connection_has_the_delay_and_the_rate_to_itself(void **state)
{
    struct sim_client clients[3] = {{{0}, {0}, {0}, NULL, NULL}};
    struct buf file;
    int fds[3];

    (void)state;
    right_file(&file);
    int64_t alone = 300 + (int64_t)file.len / 200;
    for (size_t i = 0; i < COUNT(fds); i++)
        sim_client_log_in(&clients[i]);
    sim_fixture_set("delay-ms", "300");
    sim_fixture_set("rate", "200000");
    int64_t began = clock_ms();
    for (size_t i = 0; i < COUNT(fds); i++)
        fds[i] = order(&clients[i]);
    for (size_t i = 0; i < COUNT(fds); i++) {
        SIM_REPLY_DONE struct sim_reply reply;
        sim_client_receive(&clients[i], fds[i], &reply);
        assert_true(clock_ms() - began >= alone);
        expect_right_file(&reply);
    }
    assert_true(clock_ms() - began <
                5 * alone / 2); /* one after the other they would take 3 times as long */
    buf_done(&file);
}

static void exports_wait_until_so_many_are_under_way(void **state)
{
    struct sim_client first = {0}, second = {0};
    SIM_REPLY_DONE struct sim_reply reply;

    (void)state;
    sim_client_log_in(&first);
    sim_client_log_in(&second);
    sim_fixture_set("gather", "2");
    struct pollfd answer = {.fd = order(&first), .events = POLLIN};
    assert_int_equal(poll(&answer, 1, 100), 0);
    assert_int_equal(order_status(&second), 200);
    sim_client_receive(&first, answer.fd, &reply);
    expect_right_file(&reply);
    assert_int_equal(order_status(&first), 200); /* once they have been, no export waits */
}

static void exports_wait_for_logins(void **state)
{
    struct sim_client first = {0}, second = {0};
    SIM_REPLY_DONE struct sim_reply reply;

    (void)state;
    sim_client_log_in(&first);
    sim_fixture_set("await-logins", "2");
    struct pollfd answer = {.fd = order(&first), .events = POLLIN};
    assert_int_equal(poll(&answer, 1, 100), 0);
    sim_client_log_in(&second);
    sim_client_receive(&first, answer.fd, &reply);
    expect_right_file(&reply);
}

static uint64_t job_number(const struct sim_reply *reply)
{
    assert_true(strncmp(buf_text(&reply->body), "{\"job\": ", 8) == 0);
    return strtoull(reply->body.data + 8, NULL, 10);
}

static char *job_path(const char *page, const struct sim_reply *posted)
{
    return mem_format("/sigos/relatorios_%s.php?job=%" PRIu64, page, job_number(posted));
}

static void a_queued_export_is_asked_for_until_it_is_ready(void **state)
{
    struct sim_client client = {0}, other_client = {0};
    SIM_REPLY_DONE struct sim_reply posted, early, late, file;

    (void)state;
    sim_fixture_set("export", "job");
    sim_client_log_in(&client);
    sim_client_log_in(&other_client);
    sim_fixture_set("delay-ms", "3600000");
    sim_client_receive(&client, order(&client), &posted);
    sim_fixture_set("delay-ms", "0");
    MEM_FREE_TEXT char *status = job_path("status", &posted);
    sim_client_ask(&client, status, NULL, &early);
    assert_non_null(strstr(buf_text(&early.body), "\"pronto\": false"));
    sim_reply_done(&posted);
    sim_client_receive(&client, order(&client), &posted);
    MEM_FREE_TEXT char *ready = job_path("status", &posted);
    MEM_FREE_TEXT char *path = job_path("arquivo", &posted);
    sim_client_ask(&client, ready, NULL, &late);
    assert_non_null(strstr(buf_text(&late.body), path + strlen("/sigos/")));
    assert_int_equal(sim_client_status(&other_client, path, NULL), 404);
    sim_client_ask(&client, path, NULL, &file);
    expect_right_file(&file);
    /* The first file was never fetched. */
    assert_int_equal(sim_fixture_portal()->journal.running, 1);
}

static void a_script_gets_words_as_json(void **state)
{
    static const char *const exports[] = {"fetch", "job", "job-link"};
    struct sim_client client = {0};

    (void)state;
    sim_client_log_in(&client);
    sim_fixture_fault("message");
    for (size_t i = 0; i < COUNT(exports); i++) {
        SIM_REPLY_DONE struct sim_reply reply;
        sim_fixture_set("export", exports[i]);
        sim_client_receive(&client, order(&client), &reply);
        assert_non_null(strstr(buf_text(&reply.body), "{\"mensagem\": \"Não foi possível"));
        assert_non_null(strstr(reply.head, "application/json"));
    }
}

static void faults_of_a_queued_export_meet_its_file(void **state)
{
    struct sim_client client = {0};
    SIM_REPLY_DONE struct sim_reply posted, file;

    (void)state;
    sim_fixture_set("export", "job");
    sim_client_log_in(&client);
    sim_fixture_fault("cut:bytes=900");
    sim_client_receive(&client, order(&client), &posted);
    MEM_FREE_TEXT char *path = job_path("arquivo", &posted);
    sim_client_ask(&client, path, NULL, &file);
    assert_false(file.complete);
    assert_int_equal(file.body.len, 900);
}

/* ------------------------------------------------------------------------------------- settings */

static void settings_change_while_the_portal_runs_all_or_none(void **state)
{
    struct sim_client client = {0};
    SIM_REPLY_DONE struct sim_reply reply;
    const struct variant *variant = &sim_fixture_portal()->variant;

    (void)state;
    sim_client_control("/_sim/variant?export=newtab&rate=800000");
    assert_int_equal(variant->export, VARIANT_EXPORT_NEWTAB);
    assert_int_equal(variant->rate, 800000);
    assert_int_equal(sim_client_status(&client, "/_sim/variant?rate=1&export=x", ""), 400);
    assert_int_equal(sim_client_status(&client, "/_sim/variant?nonsense=1", ""), 400);
    assert_int_equal(sim_client_status(&client, "/_sim/variant", ""), 400);
    assert_int_equal(variant->rate, 800000);
    sim_client_ask(&client, "/_sim/state", NULL, &reply);
    assert_non_null(strstr(buf_text(&reply.body),
                           "\"variant\": {\"export\": \"newtab\", \"dates\": \"date\", "));
}

#define WIRE(name) cmocka_unit_test_setup_teardown(name, sim_fixture_open, sim_fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WIRE(requests_of_a_locked_session_are_served_one_after_the_other),
        WIRE(without_the_lock_they_are_served_together),
        WIRE(locked_sessions_do_not_wait_for_each_other),
        WIRE(whoever_waits_for_a_session_that_is_thrown_out_is_told),
        WIRE(a_login_ends_the_users_other_session),
        WIRE(a_session_ends_after_its_share_of_exports),
        WIRE(an_idle_session_ends),
        WIRE(a_post_needs_the_portals_own_origin),
        WIRE(a_session_is_good_for_the_browser_that_logged_in),
        WIRE(a_scripted_login_takes_the_hash_alone_and_each_nonce_once),
        WIRE(dates_as_text_are_day_month_year_and_nothing_else),
        WIRE(the_end_of_a_file_is_told_in_three_ways),
        WIRE(every_connection_has_the_delay_and_the_rate_to_itself),
        WIRE(exports_wait_until_so_many_are_under_way),
        WIRE(exports_wait_for_logins),
        WIRE(a_queued_export_is_asked_for_until_it_is_ready),
        WIRE(a_script_gets_words_as_json),
        WIRE(faults_of_a_queued_export_meet_its_file),
        WIRE(settings_change_while_the_portal_runs_all_or_none),
    };

    return cmocka_run_group_tests_name("sim_variants", tests, NULL, NULL);
}
