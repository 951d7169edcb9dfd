/* SPDX-License-Identifier: MIT */
/* Exports from the simulated portal, with a real browser. */
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "tests/unit/test_extract_fixture.h"

#include <sys/stat.h>
#include <unistd.h>

static void expect_error(const struct error *err, enum error_kind kind, const char *words)
{
    if (err->kind != kind || !strstr(err->message, words))
        fail_msg("expected %s with '%s', got %s: %s", error_kind_name(kind), words,
                 error_kind_name(err->kind), err->message);
}

/* -------------------------------------------------------------------------------------- tests */

static void a_window_is_exported_to_a_complete_file(void **state)
{
    (void)state;
    struct settings settings = demo_settings();
    struct extractor *extractor = open_demo(&settings);
    struct export export;
    time_t before = clock_now();

    fetch(extractor, &general, "2026-10-24", "2026-11-23", &export);
    assert_int_equal(export.count, 1);
    assert_true(export.extracted_at >= before && export.extracted_at <= clock_now());
    MEM_FREE_TEXT char *path = mem_format("%s/general_reports_2026-10-24_2026-11-23.csv", folder);
    assert_string_equal(export.paths[0], path);
    expect_same_as_portal(path, "general", "2026-10-24", "2026-11-23");
    export_done(&export);
    extractor_close(extractor);
}

/* Runs in two modes, each of which writes files in its own way; two sessions share the folder. */
static void a_window_that_is_asked_again_leaves_its_first_export_alone(void **state)
{
    static const enum export_mode modes[] = {EXPORT_MODE_CLICK, EXPORT_MODE_AUTO};

    (void)state;
    for (size_t i = 0; i < COUNT(modes); i++) {
        struct settings settings = demo_settings();
        struct extractor *second = NULL;
        struct export exports[4];
        struct error err;
        settings.mode = modes[i];
        struct extractor *extractor = open_demo(&settings);
        assert_true(extractor_open_another(extractor, &second, &err));
        for (size_t e = 0; e < COUNT(exports); e++)
            fetch(e == 3 ? second : extractor, &general, "2026-10-24", "2026-11-23", &exports[e]);
        extractor_close(second);
        extractor_close(extractor);
        for (size_t e = 0; e < COUNT(exports); e++) {
            assert_non_null(strstr(exports[e].paths[0], "/general_reports_2026-10-24_2026-11-23"));
            expect_same_as_portal(exports[e].paths[0], "general", "2026-10-24", "2026-11-23");
            /* Each export has a file of its own. */
            assert_int_equal(unlink(exports[e].paths[0]), 0);
            export_done(&exports[e]);
        }
        assert_int_equal(count_files(), 0);
    }
}

static void windows_follow_each_other_on_the_same_page(void **state)
{
    (void)state;
    static const char *const bounds[] = {"2026-08-01", "2026-08-31", "2026-09-30", "2026-10-30"};
    struct settings settings = demo_settings();

    settings.mode = EXPORT_MODE_CLICK;
    struct extractor *extractor = open_demo(&settings);
    for (size_t i = 0; i + 1 < COUNT(bounds); i++) {
        struct export export;
        fetch(extractor, &general, bounds[i], bounds[i + 1], &export);
        expect_same_as_portal(export.paths[0], "general", bounds[i], bounds[i + 1]);
        export_done(&export);
    }
    assert_int_equal(count_files(), 3);
    extractor_close(extractor);
}

static void both_reports_are_exported_in_one_session(void **state)
{
    (void)state;
    struct settings settings = demo_settings();
    struct extractor *extractor = open_demo(&settings);
    struct export export;

    fetch(extractor, &general, "2026-11-01", "2026-11-10", &export);
    export_done(&export);
    fetch(extractor, &returns, "2026-06-01", "2026-11-24", &export);
    expect_same_as_portal(export.paths[0], "return", "2026-06-01", "2026-11-24");
    export_done(&export);
    fetch(extractor, &general, "2026-11-10", "2026-11-20", &export);
    expect_same_as_portal(export.paths[0], "general", "2026-11-10", "2026-11-20");
    export_done(&export);
    extractor_close(extractor);
}

static void a_failed_window_does_not_spoil_the_next(void **state)
{
    (void)state;
    struct settings settings = demo_settings();
    struct extractor *extractor = open_demo(&settings);
    struct report other = general;
    struct export export = {0};
    struct error err = {0};

    other.files = (struct names){.items = (const char *const[]){"outro*.csv"}, .count = 1};
    assert_false(
        extractor_fetch(extractor, &other, days("2026-11-01", "2026-11-02"), &export, &err));
    expect_error(&err, ERROR_DATA,
                 "general_reports 2026-11-01..2026-11-02: step 3 "
                 "(click #btn-salvar-form): the portal sent 'relatorio_prot");
    assert_int_equal(count_files(), 0);
    assert_int_equal(export.count, 0);
    fetch(extractor, &general, "2026-11-01", "2026-11-02", &export);
    export_done(&export);
    extractor_close(extractor);
}

static void a_wrong_password_is_reported_in_the_portals_own_words_and_tried_once(void **state)
{
    (void)state;
    struct settings settings = demo_settings();
    struct extractor *extractor = NULL;
    struct error err = {0};

    settings.password = "outra-s3nha";
    assert_false(extractor_open_portal(&sigos, &settings, folder, &extractor, &err));
    expect_error(&err, ERROR_LOGIN, "login: the portal refuses: ");
    assert_null(strstr(err.message, settings.password));
    assert_null(extractor);
}

static void a_portal_that_is_not_there_fails_before_the_deadline(void **state)
{
    (void)state;
    struct settings settings = demo_settings();
    struct extractor *extractor = NULL;
    struct error err = {0};
    struct portal portal = sigos;
    int64_t began = clock_ms();

    portal.deadlines.browser = portal.deadlines.page = portal.deadlines.element = FAR;
    settings.portal_url = "http://127.0.0.1:9/sigos/";
    assert_false(extractor_open_portal(&portal, &settings, folder, &extractor, &err));
    expect_error(&err, ERROR_PORTAL, "http://127.0.0.1:9/sigos/: the network says net::ERR_");
    assert_true(clock_ms() - began < FAR_MS);
    MEM_FREE_TEXT char *missing = mem_format("%snowhere/at/all", sim.url);
    settings.portal_url = missing;
    assert_false(extractor_open_portal(&sigos, &settings, folder, &extractor, &err));
    expect_error(&err, ERROR_PORTAL, "the server answered HTTP 404");
}

static void missing_credentials_are_named_before_a_browser_starts(void **state)
{
    (void)state;
    struct settings settings = demo_settings();
    struct extractor *extractor = NULL;
    struct error err = {0};

    settings.browser = "/nowhere/chromium";
    settings.password = NULL;
    assert_false(extractor_open_portal(&sigos, &settings, folder, &extractor, &err));
    expect_error(&err, ERROR_CONFIG, "set SIGOS_SENHA");
    settings.user = "";
    assert_false(extractor_open_portal(&sigos, &settings, folder, &extractor, &err));
    expect_error(&err, ERROR_CONFIG, "set SIGOS_USUARIO and SIGOS_SENHA");
}

static void a_browser_that_does_not_start_says_why(void **state)
{
    (void)state;
    struct settings settings = demo_settings();
    struct extractor *extractor = NULL;
    struct error err = {0};

    settings.browser = "/nowhere/chromium";
    assert_false(extractor_open_portal(&sigos, &settings, folder, &extractor, &err));
    expect_error(&err, ERROR_CONFIG, "CHROME_BIN: cannot run /nowhere/chromium: No such file");
    settings.browser = "/bin/false";
    assert_false(extractor_open_portal(&sigos, &settings, folder, &extractor, &err));
    expect_error(&err, ERROR_SYSTEM, "/bin/false ended at once with status 1");
    expect_error(&err, ERROR_SYSTEM, "apt install chromium-headless-shell");
    settings.browser = "/bin/ls";
    assert_false(extractor_open_portal(&sigos, &settings, folder, &extractor, &err));
    expect_error(&err, ERROR_SYSTEM, "saying: ");
}

/* Accepts connections and reads requests, but never answers. */
static void a_browser_that_never_answers_is_this_machines_failure_and_may_pass(void **state)
{
    (void)state;
    struct settings settings = demo_settings();
    struct portal impatient = sigos;
    struct extractor *extractor = NULL;
    struct error err = {0};
    char program[4096];

    snprintf(program, sizeof(program), "%s/browser", folder);
    FILE *file = fopen(program, "w");
    assert_non_null(file);
    fputs("#!/bin/sh\nexec cat <&3 >/dev/null\n", file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(program, 0700), 0);
    settings.browser = program;
    impatient.deadlines.browser = 1;
    assert_false(extractor_open_portal(&impatient, &settings, folder, &extractor, &err));
    expect_error(&err, ERROR_SYSTEM, "browser does not answer: ");
    assert_true(err.transient);
    unlink(program);
}

static void a_select_without_the_option_names_the_options(void **state)
{
    (void)state;
    struct settings settings = demo_settings();
    struct extractor *extractor = open_demo(&settings);
    const struct report wrong = {
        .name = "wrong",
        .open =
            STEPS(CLICK(MENU "/a/i"), CLICK(MENU "/ul/li[1]/a/i"), SELECT("#tp_relatorio", "nada")),
        .window = WINDOW_STEPS,
    };
    struct export export = {0};
    struct error err = {0};

    assert_false(
        extractor_fetch(extractor, &wrong, days("2026-11-01", "2026-11-02"), &export, &err));
    expect_error(&err, ERROR_PORTAL,
                 "opening: step 3 (select #tp_relatorio): there is no option "
                 "'nada'; it offers ");
    expect_error(&err, ERROR_PORTAL, "'retornos' (");
    extractor_close(extractor);
}

static void an_element_that_never_comes_is_named(void **state)
{
    (void)state;
    struct settings settings = demo_settings();
    struct extractor *extractor = open_demo(&settings);
    const struct report wrong = {
        .name = "wrong",
        .open = STEPS(CLICK("#nao-existe")),
        .window = WINDOW_STEPS,
    };
    const struct report malformed = {
        .name = "malformed",
        .open = STEPS(CLICK("//a[")),
        .window = WINDOW_STEPS,
    };
    struct export export = {0};
    struct error err = {0};

    assert_false(
        extractor_fetch(extractor, &wrong, days("2026-11-01", "2026-11-02"), &export, &err));
    expect_error(&err, ERROR_PORTAL, "step 1 (click #nao-existe): there is no such element");
    assert_false(
        extractor_fetch(extractor, &malformed, days("2026-11-01", "2026-11-02"), &export, &err));
    expect_error(&err, ERROR_PORTAL, "step 1 (click //a[): the page's script failed: ");
    extractor_close(extractor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_window_is_exported_to_a_complete_file),
        TEST(a_window_that_is_asked_again_leaves_its_first_export_alone),
        TEST(windows_follow_each_other_on_the_same_page),
        TEST(both_reports_are_exported_in_one_session),
        TEST(a_failed_window_does_not_spoil_the_next),
        TEST(a_wrong_password_is_reported_in_the_portals_own_words_and_tried_once),
        TEST(a_portal_that_is_not_there_fails_before_the_deadline),
        TEST(missing_credentials_are_named_before_a_browser_starts),
        TEST(a_browser_that_does_not_start_says_why),
        TEST(a_browser_that_never_answers_is_this_machines_failure_and_may_pass),
        TEST(a_select_without_the_option_names_the_options),
        TEST(an_element_that_never_comes_is_named),
    };

    signal(SIGPIPE, SIG_IGN);
    log_setup(LOG_WARN, LOG_TEXT);
    return cmocka_run_group_tests_name("extract_portal", tests, NULL, NULL);
}
