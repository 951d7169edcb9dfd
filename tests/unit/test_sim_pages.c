/* SPDX-License-Identifier: MIT */
/* Pages of the simulated portal that come before the file, as seen on the wire. */
#include "tests/support/sim_client.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

enum { FILE_MAX = 16 << 20 };

static const char first_day[] = "2022-04-01", last_day[] = "2022-05-01";

static void expect_words(struct sim_client *client, const char *path, const char *words)
{
    SIM_REPLY_DONE struct sim_reply reply;

    sim_client_ask(client, path, NULL, &reply);
    assert_int_equal(reply.status, 200);
    if (!strstr(buf_text(&reply.body), words))
        fail_msg("%s does not say %s: %s", path, words, buf_text(&reply.body));
}

static void expect_file_behind(const char *export, const char *words)
{
    struct sim_client client = {0};
    SIM_REPLY_DONE struct sim_reply page, file;
    struct buf right = BUF_INIT(FILE_MAX);

    sim_fixture_set("export", export);
    sim_client_log_in(&client);
    sim_client_receive(&client, sim_client_order(&client, REPORT_GENERAL, first_day, last_day),
                       &page);
    assert_non_null(strstr(buf_text(&page.body), words));
    assert_null(strstr(buf_text(&page.body), "btn-salvar-form"));
    assert_null(strstr(page.head, "Content-Disposition"));
    sim_client_ask(&client, "/sigos/relatorios_arquivo.php?job=1", NULL, &file);
    sim_fixture_file(REPORT_GENERAL, first_day, last_day, &right);
    assert_int_equal(file.body.len, right.len);
    assert_memory_equal(file.body.data, right.data, right.len);
    buf_done(&right);
}

static void a_page_may_send_the_browser_on_to_the_file(void **state)
{
    (void)state;
    expect_file_behind("refresh", "<meta http-equiv=\"refresh\" "
                                  "content=\"1;url=relatorios_arquivo.php?job=1\">");
}

static void a_page_may_hold_the_file_in_a_frame(void **state)
{
    (void)state;
    expect_file_behind("frame", "<iframe src=\"relatorios_arquivo.php?job=1\" hidden>");
}

static void the_form_says_what_an_export_leaves_and_what_the_browser_asks(void **state)
{
    struct sim_client client = {0};

    (void)state;
    sim_client_log_in(&client);
    sim_client_control("/_sim/variant?spent=button&dialog=confirm");
    expect_words(&client, "/sigos/relatorios.php", "data-gasto=\"button\" data-aviso=\"confirm\">");
}

static void a_notice_stands_before_every_page_until_it_is_clicked_away(void **state)
{
    struct sim_client client = {0};
    char form[64];

    (void)state;
    sim_client_log_in(&client);
    sim_fixture_set("notice", "on");
    assert_int_equal(sim_client_status(&client, "/sigos/index.php", NULL), 302);
    assert_int_equal(sim_client_status(&client, "/sigos/relatorios.php", NULL), 302);
    expect_words(&client, "/sigos/aviso.php", "Aviso: manutenção no domingo");
    assert_int_equal(sim_client_status(&client, "/sigos/aviso.php", "csrf_token=x"), 403);
    snprintf(form, sizeof form, "csrf_token=%s", client.token);
    assert_int_equal(sim_client_status(&client, "/sigos/aviso.php", form), 302);
    expect_words(&client, "/sigos/index.php", "Bem-vindo ao SIGOS");
}

static void whoever_may_not_come_in_is_told_in_several_ways(void **state)
{
    static const struct {
        const char *fault, *words;
    } cases[] = {
        {"expired-password", "<input type=\"password\" name=\"nova\""},
        {"captcha", "<img src=\"captcha.php\""},
        {"blocked", "<h1>Conta bloqueada</h1>"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct sim_client client = {0};
        SIM_REPLY_DONE struct sim_reply reply;
        sim_fixture_fault(cases[i].fault);
        sim_client_try(&client, SIM_PASSWORD, &reply);
        assert_int_equal(reply.status, 200);
        assert_non_null(strstr(buf_text(&reply.body), cases[i].words));
        assert_null(strstr(buf_text(&reply.body), "class=\"alert"));
        assert_int_equal(sim_fixture_portal()->counts.failed_logins, i + 1);
    }
    assert_int_equal(sim_fixture_portal()->counts.logins, 0);
}

#define WIRE(name) cmocka_unit_test_setup_teardown(name, sim_fixture_open, sim_fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WIRE(a_page_may_send_the_browser_on_to_the_file),
        WIRE(a_page_may_hold_the_file_in_a_frame),
        WIRE(the_form_says_what_an_export_leaves_and_what_the_browser_asks),
        WIRE(a_notice_stands_before_every_page_until_it_is_clicked_away),
        WIRE(whoever_may_not_come_in_is_told_in_several_ways),
    };

    return cmocka_run_group_tests_name("sim_pages", tests, NULL, NULL);
}
