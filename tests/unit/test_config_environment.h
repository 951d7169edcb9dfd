/* What the tests of settings share: a folder of their own, none of the variables set, and what
 * settings_load makes of it. */
#ifndef TESTS_UNIT_TEST_CONFIG_ENVIRONMENT_H
#define TESTS_UNIT_TEST_CONFIG_ENVIRONMENT_H

#include "config/settings.h"
#include "tests/unit/test_config_files.h"

#include <string.h>
#include <unistd.h>

static const struct portal portal = {.name = "p", .url = "https://profile.example/"};

static char home[4096];

/* Prepares a test: a folder of its own, and none of the variables set. */
static inline int set_up(void **state)
{
    static const char *const names[] = {
        "SIGOS_URL",
        "SIGOS_USUARIO",
        "SIGOS_SENHA",
        "SIGOS_SENHA_FILE",
        "HEADLESS",
        "CHROME_BIN",
        "DATABASE_URL",
        "DATABASE_URL_FILE",
        "SIGOS_MODE",
        "SIGOS_JOBS",
        "DB_HOST",
        "DB_PORT",
        "DB_NAME",
        "DB_USER",
        "DB_PASS",
        "DB_PASS_FILE",
        "DB_SSLMODE",
        "DB_SSLROOTCERT",
        "TMPDIR",
        "EVIDENCE_DIR",
        "LOG_LEVEL",
        "LOG_FORMAT",
        "LOG_FILE",
        "BROWSER_SANDBOX",
        "BRONZE_DIR",
        "BRONZE_S3_BUCKET",
        "BRONZE_S3_PREFIX",
        "BRONZE_S3_REGION",
        "BRONZE_S3_ENDPOINT",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_REGION",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    };

    for (size_t i = 0; i < COUNT(names); i++)
        unsetenv(names[i]);
    if (!getcwd(home, sizeof(home)) || folder_make(state) != 0)
        return -1;
    return chdir(*state);
}

static inline int tear_down(void **state)
{
    return chdir(home) == 0 ? folder_remove(state) : -1;
}

static inline struct settings load(const char *env_file)
{
    struct settings settings = {0};
    struct error err = {0};
    char *warning = NULL;

    if (!settings_load(env_file, &portal, false, &settings, &warning, &err))
        fail_msg("%s", err.message);
    assert_null(warning);
    return settings;
}

static inline void expect_refused(const char *env_file, const char *message)
{
    struct settings settings = {0};
    struct error err = {0};
    char *warning = NULL;

    assert_false(settings_load(env_file, &portal, false, &settings, &warning, &err));
    assert_string_equal(err.message, message);
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_null(settings.portal_url);
    assert_null(warning);
}

static inline void write_env(const char *text)
{
    free(folder_write(".", ".env", text));
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

#endif
