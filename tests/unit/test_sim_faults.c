/* SPDX-License-Identifier: MIT */
/* Each fault of the simulated portal as it looks on the wire. */
#include "base/clock.h"
#include "simulator/csv.h"
#include "tests/support/sim_client.h"
#include "tests/support/unit.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FILE_MAX = 16 << 20 };

static const char first_day[] = "2022-04-01", last_day[] = "2022-05-01";

/* An export of the general report by a client that has just logged in. */
static void export_with(const char *spec, struct sim_reply *out)
{
    struct sim_client client = {0};

    sim_client_log_in(&client);
    if (spec)
        sim_fixture_fault(spec);
    sim_client_receive(&client, sim_client_order(&client, REPORT_GENERAL, first_day, last_day),
                       out);
}

static bool has_header(const struct sim_reply *reply, const char *line)
{
    return reply->head && strstr(reply->head, line);
}

static void expect_bytes(const struct sim_reply *reply, const struct buf *file, size_t len)
{
    assert_int_equal(reply->body.len, len);
    assert_memory_equal(buf_text(&reply->body), buf_text(file), len);
}

static void right_file(struct buf *out)
{
    *out = BUF_INIT(FILE_MAX);
    sim_fixture_file(REPORT_GENERAL, first_day, last_day, out);
}

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
        export_with(cases[i].spec, &reply);
        assert_int_equal(reply.status, cases[i].status);
        assert_true(has_header(&reply, cases[i].header));
        assert_false(has_header(&reply, "Content-Disposition"));
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
    sim_client_receive(&client, sim_client_order(&client, REPORT_GENERAL, first_day, last_day),
                       &reply);
    assert_int_equal(reply.status, 302);
    assert_true(has_header(&reply, "Location: /sigos/login.php"));
    assert_int_equal(sim_client_status(&client, "/sigos/relatorios.php", NULL), 302);
}

/* ---------------------------------------------------------------------------------- on its way */

static void a_cut_file_is_shorter_than_promised(void **state)
{
    struct buf file;
    SIM_REPLY_DONE struct sim_reply reply;

    (void)state;
    right_file(&file);
    export_with("cut:bytes=5000", &reply);
    assert_int_equal(reply.promised, file.len);
    assert_false(reply.complete);
    assert_false(reply.reset);
    expect_bytes(&reply, &file, 5000);
    buf_done(&file);
}

static void a_cut_chunked_file_lacks_its_last_chunk(void **state)
{
    struct buf file;
    SIM_REPLY_DONE struct sim_reply reply;

    (void)state;
    right_file(&file);
    export_with("cut:percent=40,transfer=chunked", &reply);
    assert_true(reply.chunked);
    assert_false(reply.complete);
    expect_bytes(&reply, &file, file.len * 40 / 100);
    buf_done(&file);
}

static void a_cut_close_delimited_file_looks_whole(void **state)
{
    struct buf file;
    SIM_REPLY_DONE struct sim_reply reply;

    (void)state;
    right_file(&file);
    export_with("cut:transfer=close", &reply);
    assert_int_equal(reply.promised, -1);
    assert_false(reply.chunked);
    assert_true(reply.complete);
    expect_bytes(&reply, &file, file.len / 2);
    buf_done(&file);
}

static void a_cut_may_come_as_a_reset(void **state)
{
    static const char *const specs[] = {"cut:reset=1", "cut:reset=1,transfer=chunked",
                                        "cut:reset=1,transfer=close"};

    (void)state;
    for (size_t i = 0; i < COUNT(specs); i++) {
        SIM_REPLY_DONE struct sim_reply reply;
        export_with(specs[i], &reply);
        assert_true(reply.reset);
        assert_false(reply.complete);
    }
}

/* Nothing more within `ms`, and the connection is open. */
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
    int fd = sim_client_order(&client, REPORT_GENERAL, first_day, last_day);
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
        fds[i] = sim_client_order(&client, REPORT_GENERAL, first_day, last_day);
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
    close(sim_client_order(&client, REPORT_GENERAL, first_day, last_day));
    /* The session is locked until the hanging request ends. */
    assert_int_equal(sim_client_status(&client, "/sigos/relatorios.php", NULL), 200);
    assert_int_equal(portal->journal.running, 0);
}

static void a_slow_file_takes_its_time_and_is_whole(void **state)
{
    struct buf file;
    SIM_REPLY_DONE struct sim_reply reply;

    (void)state;
    right_file(&file);
    int64_t began = clock_ms();
    export_with("slow:rate=200000,ms=100", &reply);
    assert_true(clock_ms() - began >= 100 + (int64_t)file.len / 200);
    assert_true(reply.complete);
    expect_bytes(&reply, &file, file.len);
    buf_done(&file);
}

/* --------------------------------------------------------------------------------- another file */

static size_t records(const char *bytes, size_t len)
{
    struct buf all = {.data = (char *)(uintptr_t)bytes, .len = len};
    size_t count = 0;

    for (size_t at = csv_header(&all); at < len; at = csv_record_end(&all, at))
        count++;
    return count;
}

static void a_fatal_error_ends_a_short_body_that_is_complete(void **state)
{
    struct buf file;
    SIM_REPLY_DONE struct sim_reply reply;

    (void)state;
    right_file(&file);
    export_with("fatal:bytes=7000", &reply);
    assert_true(reply.complete);
    assert_memory_equal(reply.body.data, file.data, 7000);
    assert_memory_equal(reply.body.data + 7000, "<br />\n<b>Fatal error</b>", 24);
    assert_true(has_header(&reply, "text/csv"));
    buf_done(&file);
}

static void pages_come_under_the_name_of_a_file(void **state)
{
    static const struct {
        const char *spec, *words;
    } cases[] = {{"html@1", "<title>SIGOS | Erro"}, {"login-file@1", "type=\"password\""}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        SIM_REPLY_DONE struct sim_reply reply;
        export_with(cases[i].spec, &reply);
        assert_int_equal(reply.status, 200);
        assert_true(has_header(&reply, "Content-Type: text/csv"));
        assert_true(has_header(&reply, "filename=\"relatorio_prot_geral_"));
        assert_non_null(strstr(buf_text(&reply.body), cases[i].words));
    }
}

static void a_file_may_hold_the_header_alone(void **state)
{
    SIM_REPLY_DONE struct sim_reply reply;

    (void)state;
    export_with("header", &reply);
    assert_non_null(strstr(buf_text(&reply.body), "UC / MD"));
    assert_true(records(reply.body.data, reply.body.len) <= 2); /* perhaps "Total de registros" */
}

static void a_short_file_ends_with_a_whole_row(void **state)
{
    struct buf file;
    SIM_REPLY_DONE struct sim_reply reply;

    (void)state;
    right_file(&file);
    export_with("short:percent=30", &reply);
    assert_true(reply.complete);
    assert_in_range(reply.body.len, file.len / 4, file.len * 30 / 100);
    assert_memory_equal(reply.body.data, file.data, reply.body.len);
    assert_int_equal(reply.body.data[reply.body.len - 1], '\n');
    assert_int_equal(csv_record_end(&file, reply.body.len - 1), reply.body.len);
    buf_done(&file);
}

static void an_empty_file_is_named_all_the_same(void **state)
{
    SIM_REPLY_DONE struct sim_reply reply;

    (void)state;
    export_with("empty", &reply);
    assert_int_equal(reply.promised, 0);
    assert_int_equal(reply.body.len, 0);
    assert_true(has_header(&reply, "text/csv"));
    assert_true(has_header(&reply, "filename="));
}

static void the_period_may_be_another(void **state)
{
    BUF_DONE struct buf other = BUF_INIT(FILE_MAX);
    SIM_REPLY_DONE struct sim_reply reply;

    (void)state;
    sim_fixture_file(REPORT_GENERAL, "2022-03-22", "2022-04-21", &other);
    export_with("period:days=10", &reply);
    expect_bytes(&reply, &other, other.len);
}

static void the_report_may_be_the_other(void **state)
{
    BUF_DONE struct buf other = BUF_INIT(FILE_MAX);
    SIM_REPLY_DONE struct sim_reply reply, disguised;

    (void)state;
    sim_fixture_file(REPORT_RETURN, first_day, last_day, &other);
    export_with("report", &reply);
    expect_bytes(&reply, &other, other.len);
    assert_true(has_header(&reply, "filename=\"retorno_"));
    export_with("report:name=relatorio_prot_geral.csv", &disguised);
    expect_bytes(&disguised, &other, other.len);
    assert_true(has_header(&disguised, "filename=\"relatorio_prot_geral.csv\""));
}

static void a_stale_answer_is_the_file_of_the_window_before(void **state)
{
    struct sim_client client = {0};
    SIM_REPLY_DONE struct sim_reply before, reply;

    (void)state;
    sim_client_log_in(&client);
    sim_client_receive(
        &client, sim_client_order(&client, REPORT_GENERAL, "2022-06-01", "2022-06-20"), &before);
    export_with("stale", &reply);
    expect_bytes(&reply, &before.body, before.body.len);
}

static void columns_come_and_change_their_names(void **state)
{
    struct buf file;
    SIM_REPLY_DONE struct sim_reply wide, renamed;

    (void)state;
    right_file(&file);
    size_t rows = records(file.data, file.len);
    export_with("column:name=Nova", &wide);
    assert_non_null(strstr(buf_text(&wide.body), ";Nova\r\n"));
    assert_int_equal(records(wide.body.data, wide.body.len), rows);
    assert_in_range(wide.body.len - file.len, 5 * (rows - 1), 5 * rows);
    export_with("renamed:name=Equipe,to=Time", &renamed);
    assert_int_equal(renamed.body.len, file.len - strlen("Equipe") + strlen("Time"));
    const char *name = strstr(file.data, "Equipe");
    assert_memory_equal(renamed.body.data + (name - file.data), "Time", 4);
    buf_done(&file);
}

static void a_file_may_have_another_name_or_none(void **state)
{
    SIM_REPLY_DONE struct sim_reply unnamed, misnamed;

    (void)state;
    export_with("unnamed", &unnamed);
    assert_true(has_header(&unnamed, "Content-Disposition: attachment\r\n"));
    export_with("misnamed:name=dados.txt", &misnamed);
    assert_true(has_header(&misnamed, "Content-Disposition: attachment; filename=\"dados.txt\""));
}

static void a_file_may_be_packed_and_named_so_or_not(void **state)
{
    static const struct {
        const char *fault, *ending, *type, *magic;
    } cases[] = {
        {"gzip", ".csv.gz\"", "Content-Type: application/gzip", "\x1F\x8B"},
        {"gzip-as-csv", ".csv\"", "Content-Type: text/csv", "\x1F\x8B"},
        {"zip", ".zip\"", "Content-Type: application/zip", "PK"},
        {"utf-16", ".csv\"", "Content-Type: text/csv", "\xFF\xFE"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        SIM_REPLY_DONE struct sim_reply reply;
        export_with(cases[i].fault, &reply);
        assert_true(has_header(&reply, cases[i].ending));
        assert_true(has_header(&reply, cases[i].type));
        assert_memory_equal(reply.body.data, cases[i].magic, 2);
    }
}

/* ------------------------------------------------------------------------------ pages and logins
 */

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

/* ----------------------------------------------------------------------------- when and how often
 */

/* "x" where the export met the fault, "." where it did not. */
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
        export_with(NULL, &reply);
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
        WIRE(a_fatal_error_ends_a_short_body_that_is_complete),
        WIRE(pages_come_under_the_name_of_a_file),
        WIRE(a_file_may_hold_the_header_alone),
        WIRE(a_short_file_ends_with_a_whole_row),
        WIRE(an_empty_file_is_named_all_the_same),
        WIRE(the_period_may_be_another),
        WIRE(the_report_may_be_the_other),
        WIRE(a_stale_answer_is_the_file_of_the_window_before),
        WIRE(columns_come_and_change_their_names),
        WIRE(a_file_may_have_another_name_or_none),
        WIRE(a_file_may_be_packed_and_named_so_or_not),
        WIRE(the_button_may_lose_its_place_and_id_but_not_its_label),
        WIRE(a_login_may_meet_an_error_or_a_blocked_account),
        cmocka_unit_test(a_fault_says_when_it_happens),
        cmocka_unit_test(chance_is_drawn_from_the_seed),
        cmocka_unit_test(what_is_not_understood_is_refused),
        WIRE(faults_are_set_and_cleared_while_the_portal_runs),
    };

    return cmocka_run_group_tests_name("sim_faults", tests, NULL, NULL);
}
