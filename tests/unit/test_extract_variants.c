/* SPDX-License-Identifier: MIT */
/* Each variant of the simulated portal, driven by the same clicks in a real browser. */
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "tests/support/sim_remote.h"
#include "tests/unit/test_extract_fixture.h"

static const char *const windows[][2] = {{"2026-08-01", "2026-08-31"},
                                         {"2026-08-31", "2026-09-30"}};

static void set_up_with(const char *const *flags)
{
    struct error err;

    start_simulator_with(flags);
    assert_true(file_make_temp_dir("test-variants", &folder, &err));
}

/* Exports two windows, because the page after the first export may not work for a second. */
static void export_windows(const struct report *report)
{
    struct settings settings = demo_settings();

    settings.mode = EXPORT_MODE_CLICK;
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

static struct extractor *open_with_far_deadlines(const struct settings *settings)
{
    static struct portal portal;

    portal = sigos;
    portal.deadlines.element = FAR;
    portal.deadlines.page = FAR;
    return open_like(&portal, settings);
}

/* Asserts that no window waits for an element or a page, and that each has one export. */
static void expect_prompt_exports(const char *const *flags, enum export_mode mode)
{
    static const char *const months[][2] = {
        {"2026-07-01", "2026-08-01"}, {"2026-08-01", "2026-08-31"}, {"2026-08-31", "2026-09-30"}};
    struct export export;

    set_up_with(flags);
    struct settings settings = demo_settings();
    settings.mode = mode;
    struct extractor *extractor = open_with_far_deadlines(&settings);
    int64_t began = clock_ms();
    for (size_t i = 0; i < COUNT(months); i++) {
        fetch(extractor, &general, months[i][0], months[i][1], &export);
        expect_same_as_portal(export.paths[0], "general", months[i][0], months[i][1]);
        export_done(&export);
    }
    if (clock_ms() - began >= FAR_MS)
        fail_msg("%s %s: %d ms", flags[0], flags[1], (int)(clock_ms() - began));
    assert_in_range(sim_remote_count(sim.url, "exports"), COUNT(months), COUNT(months) + 1);
    assert_int_equal(sim_remote_count(sim.url, "logins"), 1);
    extractor_close(extractor);
    tear_down(NULL);
}

static void in_both_modes(const char *const *flags)
{
    expect_prompt_exports(flags, EXPORT_MODE_CLICK);
    expect_prompt_exports(flags, EXPORT_MODE_AUTO);
}

static void a_form_that_an_export_leaves_unusable_is_opened_again_at_once(void **state)
{
    static const char *const kinds[] = {"button", "fields", "form"};

    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        in_both_modes((const char *const[]){"--spent", kinds[i], NULL});
        in_both_modes((const char *const[]){"--spent", kinds[i], "--export", "job", NULL});
    }
}

static void a_page_that_takes_the_forms_place_is_left_for_the_form_again(void **state)
{
    (void)state;
    in_both_modes((const char *const[]){"--export", "refresh", NULL});
    in_both_modes((const char *const[]){"--export", "frame", "--delay-ms", "300", NULL});
}

/* The page does not show the failure, so only the first window waits until its deadline. */
static void a_form_that_serves_once_without_a_word_is_learned(void **state)
{
    struct portal impatient = sigos;
    struct export export = {0};
    struct error err = {0};

    (void)state;
    impatient.deadlines.answer = 2;
    set_up_with((const char *const[]){"--spent", "silent", NULL});
    struct settings settings = demo_settings();
    settings.mode = EXPORT_MODE_CLICK;
    struct extractor *extractor = open_like(&impatient, &settings);
    fetch(extractor, &general, "2026-07-01", "2026-08-01", &export);
    export_done(&export);
    assert_false(
        extractor_fetch(extractor, &general, days("2026-08-01", "2026-08-31"), &export, &err));
    assert_true(err.transient);
    for (int i = 0; i < 3; i++) {
        fetch(extractor, &general, "2026-08-01", "2026-08-31", &export);
        export_done(&export);
    }
    extractor_close(extractor);
    tear_down(NULL);
}

static void a_box_that_only_informs_is_no_refusal(void **state)
{
    static const char *const kinds[] = {"alert", "confirm", "leave"};
    static const char *const ways[] = {"form", "fetch", "job", "refresh"};

    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++)
        in_both_modes((const char *const[]){"--dialog", kinds[i], "--delay-ms", "800", NULL});
    for (size_t i = 0; i < COUNT(ways); i++)
        in_both_modes((const char *const[]){"--dialog", "alert", "--export", ways[i], NULL});
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
        cmocka_unit_test(a_form_that_an_export_leaves_unusable_is_opened_again_at_once),
        cmocka_unit_test(a_page_that_takes_the_forms_place_is_left_for_the_form_again),
        cmocka_unit_test(a_form_that_serves_once_without_a_word_is_learned),
        cmocka_unit_test(a_box_that_only_informs_is_no_refusal),
    };

    signal(SIGPIPE, SIG_IGN);
    log_setup(LOG_WARN, LOG_TEXT);
    return cmocka_run_group_tests_name("extract_variants", tests, NULL, NULL);
}
