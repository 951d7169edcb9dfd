/* SPDX-License-Identifier: MIT */
/* What is said of a run: when it is news, and in which words each service gets it. */
#include "notify/message.h"
#include "notify/metrics.h"
#include "run/exit_code.h"
#include "tests/support/unit.h"

#include <string.h>

static struct report_summary reports[2] = {
    {.report = "general_reports",
     .windows = 2,
     .loaded = 1,
     .failed = 1,
     .rows = {.read = 1000, .rejected = 3},
     .changes = {.inserted = 12, .updated = 3, .deleted = 2},
     .failure = {.kind = ERROR_PORTAL, .message = "the portal answered HTTP 503 <b>&"}},
    {.report = "return_reports",
     .windows = 1,
     .held = 1,
     .hold = {.kind = ERROR_HELD, .message = "too many deletes"}},
};

static const struct summary summary = {
    .run_id = "20261123T183001.250-4f2a9c01",
    .reports = reports,
    .report_count = 2,
    .seconds = 12.4,
};

static struct told_run run_of(int exit_code, bool has_previous, int previous)
{
    return (struct told_run){.summary = &summary,
                             .mode = "incremental",
                             .host = "painel",
                             .exit_code = exit_code,
                             .has_previous = has_previous,
                             .previous = previous};
}

static void news_is_a_change_of_state(void **state)
{
    static const struct {
        int code;
        bool known;
        int previous;
        bool news;
    } cases[] = {
        {0, false, 0, false},  {0, true, 0, false},   {0, true, 6, true},   {6, true, 0, true},
        {6, true, 6, false},   {7, true, 6, true},    {3, false, 0, true},  {4, true, 0, true},
        {143, true, 0, false}, {0, true, 143, false}, {6, true, 143, true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct told_run run = run_of(cases[i].code, cases[i].known, cases[i].previous);
        if (message_is_news(&run) != cases[i].news)
            fail_msg("exit code %d after %d", cases[i].code, cases[i].previous);
    }
}

static void the_text_says_what_broke_and_what_was_done(void **state)
{
    BUF_DONE struct buf text = BUF_INIT(1 << 16);
    const struct told_run run = run_of(EXIT_CODE_SOME_FAILED, true, EXIT_CODE_DONE);

    (void)state;
    message_add_text(&text, &run);
    assert_string_equal(buf_text(&text),
                        "etl-sigos on painel: the incremental run failed with exit code 3 (some "
                        "windows failed); the "
                        "one before ended with 0 (done)\n"
                        "general_reports: 1 of 2 windows loaded, +12 ~3 -2, 3 lines rejected\n"
                        "  not loaded: the portal answered HTTP 503 <b>&\n"
                        "return_reports: 0 of 1 windows loaded, +0 ~0 -0\n"
                        "  held: too many deletes\n"
                        "run 20261123T183001.250-4f2a9c01, 12 s");
}

static void expect_body(enum alert_format format, const char *expected)
{
    BUF_DONE struct buf body = BUF_INIT(1 << 16);

    message_add_body(&body, format, "failed", "one <a> & \"b\"\ntwo", NULL);
    assert_string_equal(buf_text(&body), expected);
}

static void each_service_gets_its_own_form(void **state)
{
    (void)state;
    expect_body(ALERT_JSON, "{\"program\":\"etl-sigos\",\"event\":\"failed\",\"text\":"
                            "\"one <a> & \\\"b\\\"\\ntwo\"}");
    expect_body(ALERT_SLACK, "{\"text\":\"one &lt;a&gt; &amp; \\\"b\\\"\\ntwo\"}");
    expect_body(ALERT_TEAMS,
                "{\"type\":\"message\",\"attachments\":[{\"contentType\":"
                "\"application/vnd.microsoft.card.adaptive\",\"content\":{\"$schema\":"
                "\"http://adaptivecards.io/schemas/adaptive-card.json\",\"type\":\"AdaptiveCard\","
                "\"version\":\"1.4\",\"body\":["
                "{\"type\":\"TextBlock\",\"wrap\":true,\"weight\":\"bolder\",\"text\":"
                "\"one <a> & \\\"b\\\"\"},"
                "{\"type\":\"TextBlock\",\"wrap\":true,\"text\":\"two\"}]}}]}");
}

static void expect_url(const char *url, bool is_start, int code, const char *expected)
{
    BUF_DONE struct buf out = BUF_INIT(4096);

    message_add_ping_url(&out, url, is_start, code, "run 1");
    assert_string_equal(buf_text(&out), expected);
}

static void a_ping_has_the_address_that_its_service_expects(void **state)
{
    BUF_DONE struct buf one = BUF_INIT(4096), other = BUF_INIT(4096);

    (void)state;
    expect_url("https://h/push?s={event}&c={code}&m={run}", false, 0,
               "https://h/push?s=success&c=0&m=run%201");
    expect_url("https://h/push?s={event}&c={code}", true, 0, "https://h/push?s=start&c=");
    expect_url("https://h/push/{event}", false, 6, "https://h/push/fail");
    message_add_ping_url(&one, "https://hc-ping.com/UUID/", true, 0, "run 1");
    message_add_ping_url(&other, "https://hc-ping.com/UUID?x=1#f", false, 143, "run 1");
    assert_memory_equal(buf_text(&one), "https://hc-ping.com/UUID/start?rid=", 35);
    assert_memory_equal(buf_text(&other), "https://hc-ping.com/UUID/143?x=1&rid=", 37);
    assert_string_equal(buf_text(&one) + 35, buf_text(&other) + 37); /* the same run */
    assert_int_equal(strlen(buf_text(&one) + 35), 36);
}

static void a_digest_adds_up_a_day(void **state)
{
    static const struct day_report changes[] = {
        {.report = "general_reports", .inserted = 10, .updated = 2, .deleted = 1, .rejected = 4}};
    BUF_DONE struct buf text = BUF_INIT(4096);
    struct day day = {.date = "2026-11-22", .runs = 11, .reports = changes, .report_count = 1};

    (void)state;
    message_add_digest(&text, &day, "painel");
    assert_string_equal(
        buf_text(&text),
        "etl-sigos on painel, 2026-11-22: 11 runs, all of them good\n"
        "general_reports: 10 rows inserted, 2 updated, 1 deleted, 4 lines rejected");
    buf_reset(&text);
    day.failed = 2;
    day.report_count = 0;
    message_add_digest(&text, &day, "painel");
    assert_string_equal(buf_text(&text),
                        "etl-sigos on painel, 2026-11-22: 11 runs, 2 of them failed");
}

static void metrics_have_a_line_for_each_report(void **state)
{
    static const char *const wanted[] = {
        "etl_sigos_run_exit_code{mode=\"incremental\"} 3\n",
        "etl_sigos_run_ended_timestamp_seconds{mode=\"incremental\"} 1795000000\n",
        "etl_sigos_run_duration_seconds{mode=\"incremental\"} 12.400\n",
        "etl_sigos_rows_read{report=\"general_reports\",mode=\"incremental\"} 1000\n",
        "etl_sigos_windows_lost{report=\"general_reports\",mode=\"incremental\"} 1\n",
        "etl_sigos_windows_held{report=\"return_reports\",mode=\"incremental\"} 1\n",
        "# TYPE etl_sigos_rows_deleted gauge\n",
    };
    BUF_DONE struct buf text = BUF_INIT(1 << 16);
    const struct told_run run = run_of(3, false, 0);

    (void)state;
    metrics_add(&text, &run, 1795000000);
    for (size_t i = 0; i < COUNT(wanted); i++)
        if (!strstr(buf_text(&text), wanted[i]))
            fail_msg("no line: %s", wanted[i]);
}

static void every_exit_code_has_a_meaning(void **state)
{
    (void)state;
    for (int code = 0; code <= EXIT_CODE_STALE; code++)
        assert_string_not_equal(exit_code_meaning(code), "unknown");
    assert_string_equal(exit_code_meaning(10), "unknown");
    assert_string_equal(exit_code_meaning(-1), "unknown");
    assert_string_equal(exit_code_meaning(143), "stopped by a signal");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(news_is_a_change_of_state),
        cmocka_unit_test(the_text_says_what_broke_and_what_was_done),
        cmocka_unit_test(each_service_gets_its_own_form),
        cmocka_unit_test(a_ping_has_the_address_that_its_service_expects),
        cmocka_unit_test(a_digest_adds_up_a_day),
        cmocka_unit_test(metrics_have_a_line_for_each_report),
        cmocka_unit_test(every_exit_code_has_a_meaning),
    };

    return cmocka_run_group_tests_name("message", tests, NULL, NULL);
}
