/* SPDX-License-Identifier: MIT */
/* The portal built in other ways, driven by the same clicks: each variant of the simulator in a real
 * browser. */
#include "base/log.h"
#include "base/mem.h"
#include "tests/unit/test_extract_scene.h"

static const char *const windows[][2] = {{"2026-08-01", "2026-08-31"},
                                         {"2026-08-31", "2026-09-30"}};

static void set_up_with(const char *const *flags)
{
    struct error err;

    start_simulator_with(flags);
    assert_true(file_make_temp_dir("test-variants", &folder, &err));
}

/* Two windows, because what works once may not work on the page that it leaves behind. */
static void export_windows(const struct report *report)
{
    struct settings settings = demo_settings();
    struct extractor *extractor = open_demo(&settings);

    for (size_t i = 0; i < COUNT(windows); i++) {
        struct export export;
        fetch(extractor, report, windows[i][0], windows[i][1], &export);
        expect_same_as_portal(export.paths[0], "general", windows[i][0], windows[i][1]);
        export_done(&export);
    }
    extractor_close(extractor);
}

static void expect_exports(const char *const *flags, const struct report *report)
{
    set_up_with(flags);
    export_windows(report);
    tear_down(NULL);
}

static void the_same_clicks_serve_every_way_to_export(void **state)
{
    static const char *const ways[] = {"form", "fetch", "newtab", "job"};

    (void)state;
    for (size_t i = 0; i < COUNT(ways); i++)
        expect_exports((const char *const[]){"--export", ways[i], "--delay-ms", "300", NULL},
                       &general);
}

static void a_link_that_appears_is_one_step_more(void **state)
{
    const struct report with_link = {
        .name = "general_reports",
        .open = STEPS(CLICK(MENU "/a/i"), CLICK(MENU "/ul/li[1]/a/i"),
                      SELECT("#tp_relatorio", "tudo"), SELECT("#periodo_todos", "data_execucao")),
        .window = STEPS({.action = STEP_DATE, .at = AT("#data_inicio"), .value = STEP_FIRST},
                        {.action = STEP_DATE, .at = AT("#data_fim"), .value = STEP_LAST},
                        CLICK("#btn-salvar-form"), CLICK("#link-arquivo")),
        .files = {.items = (const char *const[]){"relatorio_prot_geral*.csv"}, .count = 1},
    };

    (void)state;
    expect_exports((const char *const[]){"--export", "job-link", "--delay-ms", "300", NULL},
                   &with_link);
}

static void every_kind_of_date_field_takes_the_window(void **state)
{
    static const char *const kinds[] = {"date", "text", "masked", "events"};

    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++)
        expect_exports((const char *const[]){"--dates", kinds[i], NULL}, &general);
}

static void a_masked_field_takes_no_other_format(void **state)
{
    const struct report iso = {
        .name = "iso",
        .open = STEPS(CLICK(MENU "/a/i"), CLICK(MENU "/ul/li[1]/a/i")),
        .window = STEPS({.action = STEP_FILL,
                         .at = AT("#data_inicio"),
                         .value = STEP_LITERAL,
                         .text = "2026-08-01"},
                        CLICK("#btn-salvar-form")),
    };
    struct export export = {0};
    struct error err = {0};

    (void)state;
    set_up_with((const char *const[]){"--dates", "masked", NULL});
    struct settings settings = demo_settings();
    struct extractor *extractor = open_demo(&settings);
    assert_false(extractor_fetch(extractor, &iso, days("2026-08-01", "2026-08-31"), &export, &err));
    assert_non_null(strstr(err.message, "the field holds '' instead of '2026-08-01'"));
    extractor_close(extractor);
    tear_down(NULL);
}

static void a_scripted_login_is_a_login(void **state)
{
    (void)state;
    expect_exports((const char *const[]){"--login", "scripted", NULL}, &general);
}

static void a_careful_portal_sees_nothing_but_a_browser(void **state)
{
    (void)state;
    expect_exports((const char *const[]){"--check-origin", "on", "--bind-agent", "on",
                                         "--lock-session", "on", "--single-session", "on", NULL},
                   &general);
}

static void it_does_not_matter_how_the_end_of_a_file_is_told(void **state)
{
    static const char *const transfers[] = {"length", "chunked", "close"};

    (void)state;
    for (size_t i = 0; i < COUNT(transfers); i++)
        expect_exports((const char *const[]){"--transfer", transfers[i], "--rate", "400000", NULL},
                       &general);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_clicks_serve_every_way_to_export),
        cmocka_unit_test(a_link_that_appears_is_one_step_more),
        cmocka_unit_test(every_kind_of_date_field_takes_the_window),
        cmocka_unit_test(a_masked_field_takes_no_other_format),
        cmocka_unit_test(a_scripted_login_is_a_login),
        cmocka_unit_test(a_careful_portal_sees_nothing_but_a_browser),
        cmocka_unit_test(it_does_not_matter_how_the_end_of_a_file_is_told),
    };

    signal(SIGPIPE, SIG_IGN);
    log_setup(LOG_WARN, LOG_TEXT);
    return cmocka_run_group_tests_name("extract_variants", tests, NULL, NULL);
}
