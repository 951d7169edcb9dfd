/* SPDX-License-Identifier: MIT */
/* The simulated portal without a socket: logins, fields of forms, and headers of exports. */
#include "base/date.h"
#include "simulator/export.h"
#include "simulator/portal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct visit {
    struct sim_portal portal;
    char session[SESSION_ID_SIZE];
    char token[SESSION_ID_SIZE];
};

static struct visit visit; /* static, because its session table is large */

static int open_portal(void **state)
{
    struct history history = {.seed = 3,
                              .begin = date_from_civil(2022, 3, 1),
                              .today = date_from_civil(2022, 6, 1),
                              .rows = 10};

    (void)state;
    memset(&visit, 0, sizeof visit);
    sim_portal_init(&visit.portal, &history, "demo", "se&nha");
    return 0;
}

static int close_portal(void **state)
{
    (void)state;
    sim_portal_done(&visit.portal);
    return 0;
}

struct pair {
    const char *name, *value;
};

/* Makes a request with the visit's cookie, and keeps the cookie and token of the answer. */
static struct sim_answer ask(bool post, const char *path, const struct pair *argument,
                             const struct pair *fields, size_t count)
{
    struct sim_request request = {.post = post, .path = path, .session = visit.session};
    struct sim_answer answer = {0};

    if (argument)
        sim_request_add_argument(&request, argument->name, argument->value);
    for (size_t i = 0; i < count; i++)
        sim_request_add(&request, fields[i].name, fields[i].value, strlen(fields[i].value));
    sim_portal_handle(&visit.portal, &request, &answer);
    sim_request_done(&request);
    if (answer.cookie[0])
        memcpy(visit.session, answer.cookie + strlen("PHPSESSID="), SESSION_ID_SIZE - 1);
    const char *token = strstr(buf_text(&answer.body), "name=\"csrf_token\" value=\"");
    if (token)
        memcpy(visit.token, token + strlen("name=\"csrf_token\" value=\""), SESSION_ID_SIZE - 1);
    return answer;
}

static struct sim_answer get(const char *path)
{
    return ask(false, path, NULL, NULL, 0);
}

static void assert_status(struct sim_answer answer, unsigned status, const char *location)
{
    assert_int_equal(answer.status, status);
    assert_string_equal(answer.location, location);
    sim_answer_done(&answer);
}

static struct sim_answer try_login(const char *user, const char *password)
{
    assert_status(get("/sigos/login.php"), 200, "");
    struct pair fields[] = {{"csrf_token", visit.token}, {"usuario", user}, {"senha", password}};
    return ask(true, "/sigos/login.php", NULL, fields, 3);
}

static void log_in(void)
{
    assert_status(try_login("demo", "se&nha"), 302, "/sigos/index.php");
    assert_status(get("/sigos/relatorios.php"), 200, "");
}

static struct sim_answer order(const char *kind, const char *first, const char *last)
{
    struct pair fields[] = {{"csrf_token", visit.token},
                            {"tp_relatorio", kind},
                            {"periodo_todos", "data_execucao"},
                            {"stat_retorno", "E"},
                            {"periodo_ret", "data_execucao"},
                            {"data_inicio", first},
                            {"data_fim", last}};
    return ask(true, "/sigos/relatorios.php", NULL, fields, sizeof fields / sizeof fields[0]);
}

static void without_a_session_every_page_leads_to_the_login(void **state)
{
    static const char *const paths[] = {"/sigos/", "/sigos/index.php", "/sigos/relatorios.php",
                                        "/sigos/sair.php"};

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        assert_status(get(paths[i]), 302, "/sigos/login.php");
    assert_status(order("tudo", "2022-03-01", "2022-03-02"), 302, "/sigos/login.php");
}

static void a_wrong_password_shows_the_form_and_the_message(void **state)
{
    (void)state;
    struct sim_answer answer = try_login("de<mo>", "senha");
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(buf_text(&answer.body),
                           "<div class=\"alert alert-danger\">Usuário ou senha inválidos.</div>"));
    assert_non_null(strstr(buf_text(&answer.body), "de&lt;mo&gt;"));
    assert_null(strstr(buf_text(&answer.body), "<mo>"));
    sim_answer_done(&answer);
    assert_int_equal(visit.portal.counts.failed_logins, 1);
    assert_int_equal(visit.portal.counts.logins, 0);
}

static void a_login_renames_the_session(void **state)
{
    char before[SESSION_ID_SIZE];

    (void)state;
    assert_status(get("/sigos/login.php"), 200, "");
    memcpy(before, visit.session, sizeof before);
    log_in();
    assert_string_not_equal(before, visit.session);
    assert_status(get("/sigos/sair.php"), 302, "/sigos/login.php");
    assert_status(get("/sigos/index.php"), 302, "/sigos/login.php");
}

static void a_wrong_token_is_refused(void **state)
{
    (void)state;
    log_in();
    memset(visit.token, '0', SESSION_ID_SIZE - 1);
    assert_status(order("tudo", "2022-03-01", "2022-03-02"), 403, "");
    assert_int_equal(visit.portal.journal.count, 0);
}

static void an_incomplete_form_comes_back_with_a_message(void **state)
{
    static const struct {
        const char *kind, *first, *last, *message;
    } cases[] = {
        {"", "2022-03-01", "2022-03-02", "Selecione o tipo de relatório."},
        {"tudo", "", "2022-03-02", "Informe as datas inicial e final."},
        {"tudo", "2022-02-30", "2022-03-02", "Informe as datas inicial e final."},
        {"tudo", "2022-03-03", "2022-03-02", "A data inicial é maior que a data final."},
        {"outro", "2022-03-01", "2022-03-02", "Relatório não disponível para o seu perfil."},
    };

    (void)state;
    log_in();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct sim_answer answer = order(cases[i].kind, cases[i].first, cases[i].last);
        assert_int_equal(answer.status, 200);
        assert_non_null(strstr(buf_text(&answer.body), cases[i].message));
        assert_non_null(strstr(buf_text(&answer.body), "id=\"btn-salvar-form\""));
        sim_answer_done(&answer);
    }
    assert_int_equal(visit.portal.journal.count, 0);
}

static void an_export_is_the_file_of_the_history(void **state)
{
    BUF_DONE struct buf file = BUF_INIT((size_t)1 << 24);

    (void)state;
    log_in();
    sim_export_csv(&visit.portal.history, REPORT_RETURN, date_from_civil(2022, 3, 1),
                   date_from_civil(2022, 4, 1), &file);
    struct sim_answer answer = order("retornos", "2022-03-01", "2022-04-01");
    assert_string_equal(answer.type, "text/csv; charset=ISO-8859-1");
    assert_memory_equal(answer.disposition, "attachment; filename=\"retorno_", 30);
    assert_int_equal(answer.body.len, file.len);
    assert_memory_equal(answer.body.data, file.data, file.len);
    sim_answer_done(&answer);
    assert_int_equal(visit.portal.journal.count, 1);
}

static void the_control_endpoints_change_and_show_the_state(void **state)
{
    static const struct pair four = {"n", "4"}, odd = {"n", "4x"}, one = {"n", "1"};
    static const char expected[] =
        "{\"generation\": 4, \"exports\": 0, \"logins\": 1, \"failed_logins\": 0, "
        "\"sessions\": 1, \"delay_ms\": 0,\n";

    (void)state;
    log_in();
    struct sim_answer answer = ask(true, "/_sim/generation", &four, NULL, 0);
    assert_memory_equal(buf_text(&answer.body), expected, strlen(expected));
    sim_answer_done(&answer);
    assert_status(ask(true, "/_sim/generation", &odd, NULL, 0), 400, "");
    assert_status(ask(true, "/_sim/generation", NULL, NULL, 0), 400, "");
    assert_status(ask(false, "/_sim/generation", &one, NULL, 0), 405, "");
    assert_status(ask(true, "/_sim/sessions/expire", NULL, NULL, 0), 200, "");
    assert_status(get("/sigos/index.php"), 302, "/sigos/login.php");
}

static void a_form_beyond_its_limits_is_refused(void **state)
{
    static char huge[MESSAGE_FIELD_BYTES_MAX + 2];

    (void)state;
    memset(huge, 'a', sizeof huge - 1);
    assert_status(try_login(huge, "x"), 413, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(without_a_session_every_page_leads_to_the_login,
                                        open_portal, close_portal),
        cmocka_unit_test_setup_teardown(a_wrong_password_shows_the_form_and_the_message,
                                        open_portal, close_portal),
        cmocka_unit_test_setup_teardown(a_login_renames_the_session, open_portal, close_portal),
        cmocka_unit_test_setup_teardown(a_wrong_token_is_refused, open_portal, close_portal),
        cmocka_unit_test_setup_teardown(an_incomplete_form_comes_back_with_a_message, open_portal,
                                        close_portal),
        cmocka_unit_test_setup_teardown(an_export_is_the_file_of_the_history, open_portal,
                                        close_portal),
        cmocka_unit_test_setup_teardown(the_control_endpoints_change_and_show_the_state,
                                        open_portal, close_portal),
        cmocka_unit_test_setup_teardown(a_form_beyond_its_limits_is_refused, open_portal,
                                        close_portal),
    };

    return cmocka_run_group_tests_name("sim_portal", tests, NULL, NULL);
}
