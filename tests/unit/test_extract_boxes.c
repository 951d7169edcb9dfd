/* SPDX-License-Identifier: MIT */
/* Dialogs, messages and pages that come after the click, in a real browser with hand-made pages: a
 * file that follows is exported, and without one the window fails. */
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "tests/support/fault_portal.h"
#include "tests/unit/test_extract_fixture.h"

enum { MOMENT_MS = 1000, ANSWER = 4 }; /* ANSWER: the deadline that is waited for, in seconds */

static const struct step login_steps[] = {
    {.action = STEP_FILL, .at = AT("#user"), .value = STEP_USER},
    {.action = STEP_FILL, .at = AT("#password"), .value = STEP_PASSWORD},
    CLICK("#enter"),
};
static const struct step window_steps[] = {
    {.action = STEP_DATE, .at = AT("#first"), .value = STEP_FIRST},
    {.action = STEP_DATE, .at = AT("#last"), .value = STEP_LAST},
    CLICK("#export"),
};
static const char *const refusals[] = {"periodo superior a * dias"};

static struct portal model = {
    .name = "boxes",
    .login = {login_steps, COUNT(login_steps)},
    .logged_in = AT("#menu button"),
    .login_error = AT(".alert"),
    .page_error = AT(".alert"),
    .refusals = {refusals, COUNT(refusals)},
    .deadlines = {.browser = FAR,
                  .page = FAR,
                  .element = 3,
                  .answer = FAR,
                  .silence = FAR,
                  .window = 2 * FAR},
};

static int64_t fetch_once(const char *name, struct export *export, bool *good, struct error *err)
{
    static const char *const patterns[] = {"relatorio*.csv"};
    MEM_FREE_TEXT char *url = fault_portal_url("/");
    MEM_FREE_TEXT char *button = mem_format("#%s", name);
    const char *const ways[] = {button};
    const struct step open[] = {{.action = STEP_CLICK, .at = {.any = {ways, 1}}}};
    const struct report report = {.name = name,
                                  .open = {open, 1},
                                  .window = {window_steps, COUNT(window_steps)},
                                  .files = {patterns, 1}};
    struct settings settings = {.portal_url = url,
                                .user = "ana",
                                .password = "s@nha",
                                .mode = EXPORT_MODE_CLICK,
                                .browser = getenv("CHROME_BIN"),
                                .headless = true};
    struct extractor *extractor = open_like(&model, &settings);

    *export = (struct export){0};
    *err = (struct error){0};
    int64_t began = clock_ms();
    *good = extractor_fetch(extractor, &report, days("2026-02-03", "2026-03-04"), export, err);
    int64_t took = clock_ms() - began;
    extractor_close(extractor);
    return took;
}

static void expect_file(const char *name)
{
    struct export export;
    struct error err;
    bool good;

    int64_t took = fetch_once(name, &export, &good, &err);
    if (!good)
        fail_msg("%s: after %d ms: %s", name, (int)took, err.message);
    assert_int_equal(export.count, 1);
    unlink(export.paths[0]);
    export_done(&export);
}

/* Asserts that the window fails after `least` ms or more, and waits for no deadline but those that
 * are near. */
static void expect_refusal(const char *name, int64_t least, bool transient,
                           const char *const *words)
{
    struct export export;
    struct error err;
    bool good;

    int64_t took = fetch_once(name, &export, &good, &err);
    if (good)
        fail_msg("%s: exported", name);
    if (took < least || took >= FAR_MS)
        fail_msg("%s: told after %d ms: %s", name, (int)took, err.message);
    for (; *words; words++)
        if (!strstr(err.message, *words))
            fail_msg("%s: no '%s' in: %s", name, *words, err.message);
    assert_int_equal(err.kind, ERROR_PORTAL);
    assert_int_equal(err.transient, transient);
    assert_true(err.divisible);
}

/* -------------------------------------------------------------------------------------- tests */

static void what_comes_before_the_file_is_no_refusal(void **state)
{
    static const char *const names[] = {"informs", "informsafter", "slowpoll", "asksfirst",
                                        "confirm", "redirected",   "announced"};

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        expect_file(names[i]);
}

static void a_box_after_which_nothing_follows_refuses_after_a_moment(void **state)
{
    (void)state;
    expect_refusal("dialog", MOMENT_MS, false,
                   (const char *const[]){"the portal refuses in a dialog: Período inválido", NULL});
}

static void
words_that_the_profile_knows_refuse_at_once_whatever_the_page_goes_on_asking(void **state)
{
    (void)state;
    expect_refusal("restless", 0, false,
                   (const char *const[]){"in a dialog: Período superior a 31 dias", NULL});
}

static void a_message_after_a_box_is_the_refusal_and_the_box_is_told(void **state)
{
    (void)state;
    expect_refusal("saysinvain", MOMENT_MS, false,
                   (const char *const[]){"the portal refuses: Não há dados no período",
                                         "a box said: Aguarde", NULL});
}

static void a_question_that_leads_to_nothing_is_told_at_the_deadline(void **state)
{
    (void)state;
    model.deadlines.answer = ANSWER;
    expect_refusal("asksinvain", (ANSWER - 1) * 1000, true,
                   (const char *const[]){"no file and no message within 4 s",
                                         "was told yes: Deseja exportar?", NULL});
}

static int open_fixture(void **state)
{
    struct error err;

    (void)state;
    return file_make_temp_dir("test-boxes", &folder, &err) && fault_portal_open() ? 0 : -1;
}

static int close_fixture(void **state)
{
    (void)state;
    fault_portal_close();
    file_remove_tree(folder);
    free(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_before_the_file_is_no_refusal),
        cmocka_unit_test(a_box_after_which_nothing_follows_refuses_after_a_moment),
        cmocka_unit_test(
            words_that_the_profile_knows_refuse_at_once_whatever_the_page_goes_on_asking),
        cmocka_unit_test(a_message_after_a_box_is_the_refusal_and_the_box_is_told),
        cmocka_unit_test(a_question_that_leads_to_nothing_is_told_at_the_deadline),
    };

    signal(SIGPIPE, SIG_IGN);
    log_setup(LOG_WARN, LOG_TEXT);
    return cmocka_run_group_tests_name("extract_boxes", tests, open_fixture, close_fixture);
}
