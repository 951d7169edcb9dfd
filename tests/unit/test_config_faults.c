/* SPDX-License-Identifier: MIT */
/* Settings checked together: one error names all wrong ones, and one of several proxy variables
 * counts. */
#include "config/settings.h"

#include "tests/unit/test_config_files.h"

#include <string.h>
#include <unistd.h>

static const struct portal portal = {.name = "p", .url = "https://profile.example/"};

static char home[4096];

static int set_up(void **state)
{
    static const char *const names[] = {"SIGOS_URL", "SIGOS_USUARIO", "SIGOS_SENHA",
                                        "HEADLESS",  "DATABASE_URL",  "SIGOS_JOBS",
                                        "LOG_LEVEL", "LOG_FORMAT"};

    for (size_t i = 0; i < COUNT(names); i++)
        unsetenv(names[i]);
    if (!getcwd(home, sizeof(home)) || folder_make(state) != 0)
        return -1;
    return chdir(*state);
}

static int tear_down(void **state)
{
    return chdir(home) == 0 ? folder_remove(state) : -1;
}

static void write_env(const char *text)
{
    free(folder_write(".", ".env", text));
}

static struct settings load(void)
{
    struct settings settings = {0};
    struct error err = {0};
    char *warning = NULL;

    if (!settings_load(".env", &portal, false, &settings, &warning, &err))
        fail_msg("%s", err.message);
    free(warning);
    return settings;
}

static void every_setting_that_is_wrong_is_told_at_once(void **state)
{
    (void)state;

    struct settings settings = {0};
    struct error err = {0};
    char *warning = NULL;
    write_env("HEADLESS=maybe\nSIGOS_JOBS=9\nLOG_LEVEL=loud\nLOG_FORMAT=xml\n"
              "DATABASE_URL=mysql://me:hunter2@host/db\nSIGOS_URL=ftp://x\n");
    assert_false(settings_load(".env", &portal, false, &settings, &warning, &err));
    assert_string_equal(err.message,
                        "LOG_LEVEL=loud: use debug, info, warn or error; SIGOS_URL must begin with "
                        "https:// or http://; HEADLESS must be true or false; SIGOS_JOBS must be a "
                        "number from 1 to 4; unknown kind of database \"mysql\" (known: sqlite, "
                        "postgres, postgresql, clickhouse, clickhouses)");
}

static void
credentials_are_missed_where_the_portal_is_asked_with_all_else_that_is_wrong(void **state)
{
    static const struct {
        const char *env, *message;
    } cases[] = {
        {"", "no credentials for the portal: set SIGOS_USUARIO and SIGOS_SENHA"},
        {"SIGOS_USUARIO=me", "no credentials for the portal: set SIGOS_SENHA"},
        {"SIGOS_SENHA=x\nHEADLESS=maybe",
         "no credentials for the portal: set SIGOS_USUARIO; HEADLESS must be true or false"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct settings settings = {0};
        struct error err = {0};
        char *warning = NULL;
        write_env(cases[i].env);
        assert_false(settings_load(".env", &portal, true, &settings, &warning, &err));
        assert_string_equal(err.message, cases[i].message);
        assert_int_equal(err.kind, ERROR_CONFIG);
    }
}

static void the_proxy_is_the_one_for_the_portals_scheme(void **state)
{
    (void)state;

    write_env("");
    setenv("HTTPS_PROXY", "http://secure:1", 1);
    setenv("HTTP_PROXY", "http://plain:1", 1);
    setenv("ALL_PROXY", "http://all:1", 1);
    setenv("NO_PROXY", "a.b", 1);
    struct settings settings = load();
    assert_string_equal(settings.proxy, "http://secure:1");
    assert_string_equal(settings.no_proxy, "a.b");
    settings_done(&settings);
    setenv("SIGOS_URL", "http://portal/", 1);
    settings = load();
    assert_string_equal(settings.proxy, "http://plain:1");
    settings_done(&settings);
    unsetenv("HTTP_PROXY");
    settings = load();
    assert_string_equal(settings.proxy, "http://all:1");
    settings_done(&settings);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(every_setting_that_is_wrong_is_told_at_once),
        IN_FOLDER(credentials_are_missed_where_the_portal_is_asked_with_all_else_that_is_wrong),
        IN_FOLDER(the_proxy_is_the_one_for_the_portals_scheme),
    };

    return cmocka_run_group_tests_name("config_faults", tests, NULL, NULL);
}
