/* SPDX-License-Identifier: MIT */
/* Faults of the simulated portal that send no file or only a part of it, faults of its pages and
 * logins, and when a fault happens. */
#include "base/clock.h"
#include "tests/support/sim_client.h"
#include "tests/support/unit.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FILE_MAX = 16 << 20 };

/* ------------------------------------------------------------------------------------- no file */

static void errors_carry_their_status_and_a_page(void **state)
{
    static const struct {
        const char *spec;
        unsigned status;
        const char *header, *words;
    } cases[] = {
        {"http500@1", 500, "text/html", "Erro interno"},
        {"http503@1", 503, "text/html", "manutenção"},
        {"http429:retry=7@1", 429, "Retry-After: 7", "Aguarde"},
        {"message@1", 200, "text/html", "<div class=\"alert alert-danger\">Não foi possível"},
        {"dialog@1", 200, "text/html", "<script>alert('Não foi possível"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        SIM_REPLY_DONE struct sim_reply reply;
        sim_client_export(cases[i].spec, &reply);
        assert_int_equal(reply.status, cases[i].status);
        assert_true(sim_reply_has(&reply, cases[i].header));
        assert_false(sim_reply_has(&reply, "Content-Disposition"));
        assert_non_null(strstr(buf_text(&reply.body), cases[i].words));
    }
}

static void an_expired_session_leads_to_the_login_and_stays_out(void **state)
{
    struct sim_client client = {0};
    SIM_REPLY_DONE struct sim_reply reply;

    (void)state;
    sim_client_log_in(&client);
    sim_fixture_fault("expired@1");
    sim_client_receive(
        &client, sim_client_order(&client, REPORT_GENERAL, SIM_FIRST_DAY, SIM_LAST_DAY), &reply);
    assert_int_equal(reply.status, 302);
    assert_true(sim_reply_has(&reply, "Location: /sigos/login.php"));
    assert_int_equal(sim_client_status(&client, "/sigos/relatorios.php", NULL), 302);
}

/* ---------------------------------------------------------------------------------- on its way */

static void a_cut_file_is_shorter_than_promised(void **state)
{
    struct buf file;
    SIM_REPLY_DONE struct sim_reply reply;

    (void)state;
    sim_fixture_right_file(&file);
    sim_client_export("cut:bytes=5000", &reply);
    assert_int_equal(reply.promised, file.len);
    assert_false(reply.complete);
    assert_false(reply.reset);
    sim_reply_expect(&reply, &file, 5000);
    buf_done(&file);
}

static void a_cut_chunked_file_lacks_its_last_chunk(void **state)
{
    struct buf file;
    SIM_REPLY_DONE struct sim_reply reply;

    (void)state;
    sim_fixture_right_file(&file);
    sim_client_export("cut:percent=40,transfer=chunked", &reply);
    assert_true(reply.chunked);
    assert_false(reply.complete);
    sim_reply_expect(&reply, &file, file.len * 40 / 100);
    buf_done(&file);
}

static void a_cut_close_delimited_file_looks_whole(void **state)
{
    struct buf file;
    SIM_REPLY_DONE struct sim_reply reply;

    (void)state;
    sim_fixture_right_file(&file);
    sim_client_export("cut:transfer=close", &reply);
    assert_int_equal(reply.promised, -1);
    assert_false(reply.chunked);
    assert_true(reply.complete);
    sim_reply_expect(&reply, &file, file.len / 2);
    buf_done(&file);
}

static void a_cut_may_come_as_a_reset(void **state)
{
    static const char *const specs[] = {"cut:reset=1", "cut:reset=1,transfer=chunked",
                                        "cut:reset=1,transfer=close"};

    (void)state;
    for (size_t i = 0; i < COUNT(specs); i++) {
        SIM_REPLY_DONE struct sim_reply reply;
        sim_client_export(specs[i], &reply);
        assert_true(reply.reset);
        assert_false(reply.complete);
    }
}

/* Asserts that nothing comes within `ms` and the connection stays open. */
static void expect_silence(int fd, int ms)
{
    struct pollfd end = {.fd = fd, .events = POLLIN | POLLRDHUP};
    assert_int_equal(poll(&end, 1, ms), 0);
}

static void a_stalled_file_keeps_the_connection_open(void **state)
{
    struct sim_client client = {0};
    BUF_DONE struct buf raw = BUF_INIT(FILE_MAX);
    const char *body = NULL;
    char bytes[4096];

    (void)state;
    sim_client_log_in(&client);
    sim_fixture_fault("stall:bytes=3000");
    int fd = sim_client_order(&client, REPORT_GENERAL, SIM_FIRST_DAY, SIM_LAST_DAY);
    while (!body || raw.len - (size_t)(body + 4 - raw.data) < 3000) {
        ssize_t got = recv(fd, bytes, sizeof bytes, 0);
        assert_true(got > 0);
        buf_add(&raw, bytes, (size_t)got);
        body = strstr(raw.data, "\r\n\r\n");
    }
    assert_int_equal(raw.len - (size_t)(body + 4 - raw.data), 3000);
    expect_silence(fd, 100);
    sim_fixture_stop();
    assert_int_equal(recv(fd, bytes, sizeof bytes, 0), 0);
    close(fd);
}

static void a_portal_that_hangs_says_nothing_and_still_stops_at_once(void **state)
{
    struct sim_client client = {0};
    int fds[3];
    char byte;

    (void)state;
    sim_client_log_in(&client);
    sim_fixture_fault("hang");
    for (size_t i = 0; i < COUNT(fds); i++)
        fds[i] = sim_client_order(&client, REPORT_GENERAL, SIM_FIRST_DAY, SIM_LAST_DAY);
    expect_silence(fds[2], 100);
    int64_t began = clock_ms();
    sim_fixture_stop();
    assert_true(clock_ms() - began < 2000);
    for (size_t i = 0; i < COUNT(fds); i++) {
        assert_true(recv(fds[i], &byte, 1, 0) <= 0);
        close(fds[i]);
    }
}

static void a_client_that_hangs_up_frees_the_thread_that_hangs(void **state)
{
    struct sim_client client = {0};
    const struct sim_portal *portal = sim_fixture_portal();

    (void)state;
    sim_client_log_in(&client);
    sim_fixture_set("lock-session", "on");
    sim_fixture_fault("hang@1");
    close(sim_client_order(&client, REPORT_GENERAL, SIM_FIRST_DAY, SIM_LAST_DAY));
    /* The session is locked until the hanging request ends. */
    assert_int_equal(sim_client_status(&client, "/sigos/relatorios.php", NULL), 200);
    assert_int_equal(portal->journal.running, 0);
}

static void a_slow_file_takes_its_time_and_is_whole(void **state)
{
    struct buf file;
    SIM_REPLY_DONE struct sim_reply reply;

    (void)state;
    sim_fixture_right_file(&file);
    int64_t began = clock_ms();
    sim_client_export("slow:rate=200000,ms=100", &reply);
    assert_true(clock_ms() - began >= 100 + (int64_t)file.len / 200);
    assert_true(reply.complete);
    sim_reply_expect(&reply, &file, file.len);
    buf_done(&file);
}

/* --------------------------------------------------------------------------- pages and logins */

static void the_button_may_lose_its_place_and_id_but_not_its_label(void **state)
{
    struct sim_client client = {0};
    SIM_REPLY_DONE struct sim_reply reply;

    (void)state;
    sim_client_log_in(&client);
    sim_fixture_fault("layout");
    sim_client_ask(&client, "/sigos/relatorios.php", NULL, &reply);
    assert_null(strstr(buf_text(&reply.body), "btn-salvar-form"));
    assert_non_null(strstr(buf_text(&reply.body), ">Exportar</button>"));
}

static void a_login_may_meet_an_error_or_a_blocked_account(void **state)
{
    struct sim_client client = {0};
    SIM_REPLY_DONE struct sim_reply error, locked, wrong;
    const struct sim_portal *portal = sim_fixture_portal();

    (void)state;
    sim_fixture_fault("login500@1");
    sim_fixture_fault("locked@2");
    sim_client_try(&client, SIM_PASSWORD, &error);
    assert_int_equal(error.status, 500);
    sim_client_try(&client, SIM_PASSWORD, &locked);
    assert_int_equal(locked.status, 200);
    assert_non_null(strstr(buf_text(&locked.body), "Conta bloqueada"));
    sim_client_try(&client, "outra", &wrong);
    assert_non_null(strstr(buf_text(&wrong.body), "Usuário ou senha inválidos."));
    sim_client_log_in(&client);
    assert_int_equal(portal->counts.attempts, 4);
    assert_int_equal(portal->counts.failed_logins, 2);
    assert_int_equal(portal->counts.logins, 1);
}

/* -------------------------------------------------------------------------- when and how often */

/* Asserts which exports met the fault: "x" for those that did, "." for the others. */
static void expect_pattern(const char *spec, const char *pattern)
{
    struct fault_table table = {.seed = 1};
    struct error err = {0};
    struct fault fault;
    char seen[64] = "";

    if (!fault_add(&table, spec, &err))
        fail_msg("%s", err.message);
    for (size_t i = 0; pattern[i]; i++) {
        struct fault_ask ask = {FAULT_OF_EXPORT, i % 2 ? REPORT_RETURN : REPORT_GENERAL,
                                (int32_t)i / 2 + 19000};
        seen[i] = fault_pick(&table, &ask, &fault) ? 'x' : '.';
    }
    assert_string_equal(seen, pattern);
}

static void a_fault_says_when_it_happens(void **state)
{
    (void)state;
    expect_pattern("cut", "xxxxxxxx");
    expect_pattern("cut@every", "xxxxxxxx");
    expect_pattern("cut@3", "..x.....");
    expect_pattern("cut@first=2", "xx......");
    expect_pattern("cut@report=return", ".x.x.x.x");
    expect_pattern("cut@report=return,2", "...x....");
    expect_pattern("cut@window=2022-01-09", "..xx...."); /* day 19001 */
    expect_pattern("cut@window=2022-01-09,report=return,first=1", "...x....");
    expect_pattern("cut@rate=1", "xxxxxxxx");
    expect_pattern("locked", "........");
}

static void chance_is_drawn_from_the_seed(void **state)
{
    struct fault_ask ask = {.subject = FAULT_OF_EXPORT};
    struct fault fault;
    size_t hits[2] = {0};

    (void)state;
    for (size_t run = 0; run < COUNT(hits); run++) {
        struct fault_table table = {.seed = 5};
        struct error err = {0};
        assert_true(fault_add(&table, "http500@rate=0.25", &err));
        for (size_t i = 0; i < 1000; i++)
            hits[run] += fault_pick(&table, &ask, &fault);
    }
    assert_in_range(hits[0], 200, 300);
    assert_int_equal(hits[0], hits[1]);
}

static void what_is_not_understood_is_refused(void **state)
{
    static const char *const specs[] = {
        "",
        "nonsense",
        "cut:",
        "cut:retry=1",
        "cut:percent=101",
        "cut@",
        "cut@0",
        "cut@rate=1.1",
        "cut@rate=0",
        "cut@rate=x",
        "cut@first",
        "cut@window=no",
        "cut@report=x",
        "locked@window=2022-01-01",
        "hang:a=1",
        "cut\"",
        "cut:percent",
        "short:transfer=close",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(specs); i++) {
        struct fault fault;
        struct error err = {0};
        if (fault_parse(specs[i], &fault, &err))
            fail_msg("'%s' is understood", specs[i]);
        assert_int_equal(err.kind, ERROR_CONFIG);
    }
}

static void faults_are_set_and_cleared_while_the_portal_runs(void **state)
{
    struct sim_client client = {0};
    SIM_REPLY_DONE struct sim_reply state_reply;

    (void)state;
    sim_client_control("/_sim/fault?spec=http500@window=2022-04-01,first=1");
    sim_client_control("/_sim/fault?spec=cut:bytes=10@2");
    assert_int_equal(sim_client_status(&client, "/_sim/fault?spec=nonsense", ""), 400);
    for (size_t i = 0; i < 3; i++) {
        SIM_REPLY_DONE struct sim_reply reply;
        sim_client_export(NULL, &reply);
    }
    sim_client_ask(&client, "/_sim/state", NULL, &state_reply);
    static const char *const expected[] = {
        "{\"spec\": \"http500@window=2022-04-01,first=1\", \"seen\": 3, \"applied\": 1}",
        "{\"spec\": \"cut:bytes=10@2\", \"seen\": 3, \"applied\": 1}",
        "{\"n\": 1, \"report\": \"general\", \"from\": \"2022-04-01\", \"to\": \"2022-05-01\", ",
        "\"status\": 500, \"fault\": \"http500@window=2022-04-01,first=1\", ",
        "\"status\": 200, \"fault\": \"cut:bytes=10@2\", ",
        "\"status\": 200, \"fault\": \"\", ",
    };
    for (size_t i = 0; i < COUNT(expected); i++)
        assert_non_null(strstr(buf_text(&state_reply.body), expected[i]));
    sim_client_control("/_sim/fault/clear");
    assert_int_equal(sim_fixture_portal()->faults.count, 0);
}

#define WIRE(name) cmocka_unit_test_setup_teardown(name, sim_fixture_open, sim_fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WIRE(errors_carry_their_status_and_a_page),
        WIRE(an_expired_session_leads_to_the_login_and_stays_out),
        WIRE(a_cut_file_is_shorter_than_promised),
        WIRE(a_cut_chunked_file_lacks_its_last_chunk),
        WIRE(a_cut_close_delimited_file_looks_whole),
        WIRE(a_cut_may_come_as_a_reset),
        WIRE(a_stalled_file_keeps_the_connection_open),
        WIRE(a_portal_that_hangs_says_nothing_and_still_stops_at_once),
        WIRE(a_client_that_hangs_up_frees_the_thread_that_hangs),
        WIRE(a_slow_file_takes_its_time_and_is_whole),
        WIRE(the_button_may_lose_its_place_and_id_but_not_its_label),
        WIRE(a_login_may_meet_an_error_or_a_blocked_account),
        cmocka_unit_test(a_fault_says_when_it_happens),
        cmocka_unit_test(chance_is_drawn_from_the_seed),
        cmocka_unit_test(what_is_not_understood_is_refused),
        WIRE(faults_are_set_and_cleared_while_the_portal_runs),
    };

    return cmocka_run_group_tests_name("sim_faults", tests, NULL, NULL);
}
