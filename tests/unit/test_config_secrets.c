/* SPDX-License-Identifier: MIT */
/* Secrets: their sources, and that none stays in the environment. */
#include "tests/unit/test_config_environment.h"

static void a_secret_can_come_from_a_file(void **state)
{
    static const struct {
        const char *content, *secret;
    } cases[] = {{"hunter2\n", "hunter2"},
                 {"hunter2\r\n", "hunter2"},
                 {"hunter2", "hunter2"},
                 {" hunter 2 \n\n", " hunter 2 \n"}};
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        MEM_FREE_TEXT char *path = folder_write(".", "secret", cases[i].content);
        setenv("SIGOS_SENHA_FILE", path, 1);
        struct settings settings = load(NULL);
        assert_string_equal(settings.password, cases[i].secret);
        settings_done(&settings);
    }
}

static void the_env_file_may_name_the_file_of_a_secret(void **state)
{
    (void)state;

    write_env("DATABASE_URL_FILE=url\nDB_HOST=elsewhere\n");
    free(folder_write(".", "url", "postgres://there/db\n"));
    struct settings settings = load(NULL);
    assert_string_equal(settings.database, "postgres://there/db");
    settings_done(&settings);
}

static void the_environments_file_wins_over_the_env_files_secret(void **state)
{
    (void)state;

    write_env("SIGOS_SENHA=file\n");
    free(folder_write(".", "secret", "environment"));
    setenv("SIGOS_SENHA_FILE", "secret", 1);
    struct settings settings = load(NULL);
    assert_string_equal(settings.password, "environment");
    settings_done(&settings);
}

static void a_file_of_a_secret_that_cannot_be_used_is_named(void **state)
{
    (void)state;

    setenv("SIGOS_SENHA_FILE", "/nowhere/secret", 1);
    expect_refused(NULL,
                   "SIGOS_SENHA_FILE: cannot open /nowhere/secret: No such file or directory");
    free(folder_write(".", "secret", "\n"));
    setenv("SIGOS_SENHA_FILE", "secret", 1);
    expect_refused(NULL, "SIGOS_SENHA_FILE: secret is empty");
    setenv("SIGOS_SENHA_FILE", "/", 1);
    expect_refused(NULL, "SIGOS_SENHA_FILE: / is not a regular file");
}

static void a_secret_that_is_set_twice_is_refused(void **state)
{
    (void)state;

    setenv("SIGOS_SENHA", "hunter2", 1);
    setenv("SIGOS_SENHA_FILE", "secret", 1);
    expect_refused(NULL, "SIGOS_SENHA and SIGOS_SENHA_FILE are both set: one of them is too many");
}

static void secrets_leave_the_environment(void **state)
{
    static const char *const secrets[] = {"SIGOS_SENHA",
                                          "DB_PASS",
                                          "AWS_SECRET_ACCESS_KEY",
                                          "AWS_SESSION_TOKEN",
                                          "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                                          "DATABASE_URL"};
    const char *values[COUNT(secrets)];
    (void)state;

    for (size_t i = 0; i < COUNT(secrets); i++) {
        setenv(secrets[i], i == COUNT(secrets) - 1 ? "sqlite:hunter2" : "hunter2", 1);
        values[i] = getenv(secrets[i]);
    }
    struct settings settings = load(NULL);
    for (size_t i = 0; i < COUNT(secrets); i++) {
        assert_null(getenv(secrets[i]));
        assert_string_equal(values[i], ""); /* the bytes that /proc shows are wiped too */
    }
    assert_string_equal(settings.password, "hunter2");
    settings_done(&settings);
}

static void secrets_leave_the_environment_even_if_loading_fails(void **state)
{
    (void)state;

    setenv("SIGOS_SENHA", "hunter2", 1);
    setenv("HEADLESS", "maybe", 1);
    expect_refused(NULL, "HEADLESS must be true or false");
    assert_null(getenv("SIGOS_SENHA"));
}

static void secrets_of_the_environment_can_be_loaded_again(void **state)
{
    (void)state;

    setenv("SIGOS_SENHA", "hunter2", 1);
    setenv("DATABASE_URL", "sqlite:hunter3", 1);
    struct settings first = load(NULL);
    settings_restore_environment(&first);
    struct settings second = load(NULL);
    settings_done(&first);
    assert_string_equal(second.password, "hunter2");
    assert_string_equal(second.database, "sqlite:hunter3");
    assert_null(getenv("SIGOS_SENHA"));
    assert_null(getenv("DATABASE_URL"));
    settings_done(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_secret_can_come_from_a_file),
        IN_FOLDER(the_env_file_may_name_the_file_of_a_secret),
        IN_FOLDER(the_environments_file_wins_over_the_env_files_secret),
        IN_FOLDER(a_file_of_a_secret_that_cannot_be_used_is_named),
        IN_FOLDER(a_secret_that_is_set_twice_is_refused),
        IN_FOLDER(secrets_leave_the_environment),
        IN_FOLDER(secrets_leave_the_environment_even_if_loading_fails),
        IN_FOLDER(secrets_of_the_environment_can_be_loaded_again),
    };

    return cmocka_run_group_tests_name("config_secrets", tests, NULL, NULL);
}
