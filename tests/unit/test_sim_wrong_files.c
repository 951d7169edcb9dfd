/* SPDX-License-Identifier: MIT */
/* Faults of the simulated portal that send a wrong file: another body, period, report, column, name
 * or packing. */
#include "simulator/csv.h"
#include "tests/support/sim_client.h"
#include "tests/support/unit.h"

#include <string.h>

enum { FILE_MAX = 16 << 20 };

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
    sim_fixture_right_file(&file);
    sim_client_export("fatal:bytes=7000", &reply);
    assert_true(reply.complete);
    assert_memory_equal(reply.body.data, file.data, 7000);
    assert_memory_equal(reply.body.data + 7000, "<br />\n<b>Fatal error</b>", 24);
    assert_true(sim_reply_has(&reply, "text/csv"));
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
        sim_client_export(cases[i].spec, &reply);
        assert_int_equal(reply.status, 200);
        assert_true(sim_reply_has(&reply, "Content-Type: text/csv"));
        assert_true(sim_reply_has(&reply, "filename=\"relatorio_prot_geral_"));
        assert_non_null(strstr(buf_text(&reply.body), cases[i].words));
    }
}

static void a_file_may_hold_the_header_alone(void **state)
{
    SIM_REPLY_DONE struct sim_reply reply;

    (void)state;
    sim_client_export("header", &reply);
    assert_non_null(strstr(buf_text(&reply.body), "UC / MD"));
    assert_true(records(reply.body.data, reply.body.len) <= 2); /* perhaps "Total de registros" */
}

static void a_short_file_ends_with_a_whole_row(void **state)
{
    struct buf file;
    SIM_REPLY_DONE struct sim_reply reply;

    (void)state;
    sim_fixture_right_file(&file);
    sim_client_export("short:percent=30", &reply);
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
    sim_client_export("empty", &reply);
    assert_int_equal(reply.promised, 0);
    assert_int_equal(reply.body.len, 0);
    assert_true(sim_reply_has(&reply, "text/csv"));
    assert_true(sim_reply_has(&reply, "filename="));
}

static void the_period_may_be_another(void **state)
{
    BUF_DONE struct buf other = BUF_INIT(FILE_MAX);
    SIM_REPLY_DONE struct sim_reply reply;

    (void)state;
    sim_fixture_file(REPORT_GENERAL, "2022-03-22", "2022-04-21", &other);
    sim_client_export("period:days=10", &reply);
    sim_reply_expect(&reply, &other, other.len);
}

static void the_report_may_be_the_other(void **state)
{
    BUF_DONE struct buf other = BUF_INIT(FILE_MAX);
    SIM_REPLY_DONE struct sim_reply reply, disguised;

    (void)state;
    sim_fixture_file(REPORT_RETURN, SIM_FIRST_DAY, SIM_LAST_DAY, &other);
    sim_client_export("report", &reply);
    sim_reply_expect(&reply, &other, other.len);
    assert_true(sim_reply_has(&reply, "filename=\"retorno_"));
    sim_client_export("report:name=relatorio_prot_geral.csv", &disguised);
    sim_reply_expect(&disguised, &other, other.len);
    assert_true(sim_reply_has(&disguised, "filename=\"relatorio_prot_geral.csv\""));
}

static void a_stale_answer_is_the_file_of_the_window_before(void **state)
{
    struct sim_client client = {0};
    SIM_REPLY_DONE struct sim_reply before, reply;

    (void)state;
    sim_client_log_in(&client);
    sim_client_receive(
        &client, sim_client_order(&client, REPORT_GENERAL, "2022-06-01", "2022-06-20"), &before);
    sim_client_export("stale", &reply);
    sim_reply_expect(&reply, &before.body, before.body.len);
}

static void columns_come_and_change_their_names(void **state)
{
    struct buf file;
    SIM_REPLY_DONE struct sim_reply wide, renamed;

    (void)state;
    sim_fixture_right_file(&file);
    size_t rows = records(file.data, file.len);
    sim_client_export("column:name=Nova", &wide);
    assert_non_null(strstr(buf_text(&wide.body), ";Nova\r\n"));
    assert_int_equal(records(wide.body.data, wide.body.len), rows);
    assert_in_range(wide.body.len - file.len, 5 * (rows - 1), 5 * rows);
    sim_client_export("renamed:name=Equipe,to=Time", &renamed);
    assert_int_equal(renamed.body.len, file.len - strlen("Equipe") + strlen("Time"));
    const char *name = strstr(file.data, "Equipe");
    assert_memory_equal(renamed.body.data + (name - file.data), "Time", 4);
    buf_done(&file);
}

static void a_file_may_have_another_name_or_none(void **state)
{
    SIM_REPLY_DONE struct sim_reply unnamed, misnamed;

    (void)state;
    sim_client_export("unnamed", &unnamed);
    assert_true(sim_reply_has(&unnamed, "Content-Disposition: attachment\r\n"));
    sim_client_export("misnamed:name=dados.txt", &misnamed);
    assert_true(
        sim_reply_has(&misnamed, "Content-Disposition: attachment; filename=\"dados.txt\""));
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
        sim_client_export(cases[i].fault, &reply);
        assert_true(sim_reply_has(&reply, cases[i].ending));
        assert_true(sim_reply_has(&reply, cases[i].type));
        assert_memory_equal(reply.body.data, cases[i].magic, 2);
    }
}

#define WIRE(name) cmocka_unit_test_setup_teardown(name, sim_fixture_open, sim_fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
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
    };

    return cmocka_run_group_tests_name("sim_wrong_files", tests, NULL, NULL);
}
