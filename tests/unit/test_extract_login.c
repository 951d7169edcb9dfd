/* SPDX-License-Identifier: MIT */
/* Logins that the portal refuses although the password is right: the error quotes the portal, and
 * the login is tried once. */
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "tests/support/fault_portal.h"
#include "tests/support/sim_remote.h"
#include "tests/unit/test_extract_fixture.h"

/* The model of test_extract_fixture.h with the words of profiles/sigos/portal.yaml. */
static struct portal portal_with_refusals(void)
{
    static const char *const words[] = {"bloquead", "expirou", "inativ"};
    struct portal portal = sigos;

    portal.login_refusals = (struct names){words, COUNT(words)};
    portal.deadlines.element = 2;
    return portal;
}

static void set_up_with(const char *const *flags)
{
    struct error err;

    start_simulator_with(flags);
    assert_true(file_make_temp_dir("test-login", &folder, &err));
}

static void expect_words(const struct error *err, enum error_kind kind, const char *const *words)
{
    if (err->kind != kind || err->transient)
        fail_msg("%s, transient %d: %s", error_kind_name(err->kind), err->transient, err->message);
    for (; *words; words++)
        if (!strstr(err->message, *words))
            fail_msg("no '%s' in: %s", *words, err->message);
    assert_null(strstr(err->message, PASSWORD));
}

static void expect_turned_away(const char *const *flags, enum error_kind kind,
                               const char *const *words)
{
    struct portal portal = portal_with_refusals();
    struct extractor *extractor = NULL;
    struct error err = {0};

    set_up_with(flags);
    struct settings settings = demo_settings();
    assert_false(extractor_open_portal(&portal, &settings, folder, &extractor, &err));
    expect_words(&err, kind, words);
    assert_int_equal(sim_remote_count(sim.url, "login_attempts"), 1);
    tear_down(NULL);
}

/* -------------------------------------------------------------------------------------- tests */

static void an_expired_password_is_told_as_what_it_is(void **state)
{
    (void)state;
    expect_turned_away((const char *const[]){"--fault", "expired-password", NULL}, ERROR_LOGIN,
                       (const char *const[]){"Alterar senha", "Sua senha expirou",
                                             "asks for a new password", NULL});
}

static void a_locked_account_is_told_in_the_portals_words_wherever_they_stand(void **state)
{
    (void)state;
    expect_turned_away((const char *const[]){"--fault", "locked", NULL}, ERROR_LOGIN,
                       (const char *const[]){"the portal refuses: Conta bloqueada", NULL});
    expect_turned_away(
        (const char *const[]){"--fault", "blocked", NULL}, ERROR_LOGIN,
        (const char *const[]){"Acesso negado", "Conta bloqueada", "Procure o administrador", NULL});
}

static void a_captcha_is_told(void **state)
{
    (void)state;
    expect_turned_away((const char *const[]){"--fault", "captcha", NULL}, ERROR_LOGIN,
                       (const char *const[]){"login page again", "asks for a captcha", NULL});
}

static void a_notice_that_no_step_passes_is_told_with_title_and_words(void **state)
{
    (void)state;
    expect_turned_away((const char *const[]){"--notice", "on", NULL}, ERROR_PORTAL,
                       (const char *const[]){"SIGOS | Aviso", "Aviso: manutenção no domingo",
                                             "neither " MENU, NULL});
}

static const struct step polite_steps[] = {
    {.action = STEP_FILL, .at = AT(FORM "/div[1]/input"), .value = STEP_USER},
    {.action = STEP_FILL, .at = AT(FORM "/div[2]/input"), .value = STEP_PASSWORD},
    CLICK(FORM "/div[3]/div[2]/button"),
    {.action = STEP_CLICK, .at = AT("#another-one"), .optional = true},
    {.action = STEP_CLICK, .at = AT("#btn-ciente"), .optional = true},
};

static void a_notice_is_clicked_away_by_an_optional_step_and_its_absence_costs_nothing(void **state)
{
    static const char *const notices[] = {"on", "off"};
    struct portal portal = portal_with_refusals();
    struct export export;

    (void)state;
    portal.deadlines.element = FAR;
    portal.login = (struct steps){polite_steps, COUNT(polite_steps)};
    for (size_t i = 0; i < COUNT(notices); i++) {
        set_up_with((const char *const[]){"--notice", notices[i], NULL});
        struct settings settings = demo_settings();
        int64_t began = clock_ms();
        struct extractor *extractor = open_like(&portal, &settings);
        fetch(extractor, &general, "2026-08-01", "2026-08-31", &export);
        assert_true(clock_ms() - began < FAR_MS);
        expect_same_as_portal(export.paths[0], "general", "2026-08-01", "2026-08-31");
        export_done(&export);
        sim_remote_tell(sim.url,
                        "/_sim/sessions/expire"); /* a new session shows the notice again */
        fetch(extractor, &general, "2026-08-01", "2026-08-31", &export);
        export_done(&export);
        extractor_close(extractor);
        tear_down(NULL);
    }
}

static void whoever_was_told_so_once_does_not_try_again_in_a_later_window(void **state)
{
    static const char *const faults[] = {"blocked", "expired-password", "captcha"};
    struct portal portal = portal_with_refusals();

    (void)state;
    for (size_t i = 0; i < COUNT(faults); i++) {
        MEM_FREE_TEXT char *path = mem_format("/_sim/fault?spec=%s", faults[i]);
        set_up_with((const char *const[]){NULL});
        struct settings settings = demo_settings();
        struct extractor *extractor = open_like(&portal, &settings);
        sim_remote_tell(sim.url, path);
        sim_remote_tell(sim.url, "/_sim/sessions/expire");
        for (int window = 0; window < 3; window++) {
            struct export export = {0};
            struct error err = {0};
            assert_false(extractor_fetch(extractor, &general, days("2026-08-01", "2026-08-31"),
                                         &export, &err));
            assert_int_equal(err.kind, ERROR_LOGIN);
        }
        assert_int_equal(sim_remote_count(sim.url, "login_attempts"), 2);
        extractor_close(extractor);
        tear_down(NULL);
    }
}

static const struct step other_steps[] = {
    {.action = STEP_FILL, .at = AT("#user"), .value = STEP_USER},
    {.action = STEP_FILL, .at = AT("#password"), .value = STEP_PASSWORD},
    CLICK("#enter"),
};

static void expect_other_portal(const char *path, enum error_kind kind, const char *const *words)
{
    MEM_FREE_TEXT char *url = fault_portal_url(path);
    struct portal portal = portal_with_refusals();
    struct extractor *extractor = NULL;
    struct error err = {0};
    struct settings settings = {.portal_url = url,
                                .user = "ana",
                                .password = "s@nha",
                                .browser = getenv("CHROME_BIN"),
                                .headless = true};

    portal.login = (struct steps){other_steps, COUNT(other_steps)};
    portal.logged_in = (struct locator)AT("#menu button");
    portal.login_error = (struct locator)AT(".alert");
    if (extractor_open_portal(&portal, &settings, folder, &extractor, &err))
        fail_msg("%s: logged in", path);
    expect_words(&err, kind, words);
    if (strstr(err.message, "s@nha"))
        fail_msg("%s: the password is told: %s", path, err.message);
}

static void words_are_found_on_portals_built_in_other_ways(void **state)
{
    static const struct {
        const char *path, *words[3];
    } cases[] = {
        {"/locked", {"'Acesso' says: Conta bloqueada Procure o administrador."}},
        {"/forbidden", {"Usuário bloqueado"}},
        {"/expired", {"Sua senha expirou.", "asks for a new password"}},
        {"/captcha", {"asks for a captcha"}},
        {"/says", {"login page again", "Horário não permitido: volte às 8h."}},
        {"/scripted", {"Usuário inativo"}},
        {"/echoes", {"its words hold what was typed and are left out"}},
        {"/echoform", {"its words hold what was typed and are left out"}},
    };
    struct error err;

    (void)state;
    assert_true(file_make_temp_dir("test-login", &folder, &err));
    assert_true(fault_portal_open());
    for (size_t i = 0; i < COUNT(cases); i++)
        expect_other_portal(cases[i].path, ERROR_LOGIN, cases[i].words);
    fault_portal_close();
    file_remove_tree(folder);
    free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_expired_password_is_told_as_what_it_is),
        cmocka_unit_test(a_locked_account_is_told_in_the_portals_words_wherever_they_stand),
        cmocka_unit_test(a_captcha_is_told),
        cmocka_unit_test(a_notice_that_no_step_passes_is_told_with_title_and_words),
        cmocka_unit_test(
            a_notice_is_clicked_away_by_an_optional_step_and_its_absence_costs_nothing),
        cmocka_unit_test(whoever_was_told_so_once_does_not_try_again_in_a_later_window),
        cmocka_unit_test(words_are_found_on_portals_built_in_other_ways),
    };

    signal(SIGPIPE, SIG_IGN);
    log_setup(LOG_WARN, LOG_TEXT);
    return cmocka_run_group_tests_name("extract_login", tests, NULL, NULL);
}
