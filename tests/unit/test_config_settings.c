/* SPDX-License-Identifier: MIT */
/* Settings: who wins, where secrets come from, and that they do not stay behind. */
#include "config/settings.h"

#include "tests/unit/test_config_files.h"

#include <string.h>
#include <unistd.h>

static const struct portal portal = {.name = "p", .url = "https://profile.example/"};

static char home[4096];

/* Every test runs in a folder of its own, without any of the variables. */
static int set_up(void **state)
{
    static const char *const names[] = {
        "SIGOS_URL",    "SIGOS_USUARIO", "SIGOS_SENHA",       "SIGOS_SENHA_FILE", "HEADLESS",
        "CHROME_BIN",   "DATABASE_URL",  "DATABASE_URL_FILE", "SIGOS_MODE",       "SIGOS_JOBS",
        "DB_HOST",      "DB_PORT",       "DB_NAME",           "DB_USER",          "DB_PASS",
        "DB_PASS_FILE", "DB_SSLMODE",    "DB_SSLROOTCERT",    "TMPDIR",           "EVIDENCE_DIR",
        "LOG_LEVEL",    "LOG_FORMAT",    "BROWSER_SANDBOX",
    };

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

static struct settings load(const char *env_file)
{
    struct settings settings = {0};
    struct error err = {0};
    char *warning = NULL;

    if (!settings_load(env_file, &portal, false, &settings, &warning, &err))
        fail_msg("%s", err.message);
    assert_null(warning);
    return settings;
}

static void expect_refused(const char *env_file, const char *message)
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

static void write_env(const char *text)
{
    free(folder_write(".", ".env", text));
}

static void without_any_variable_there_are_defaults(void **state)
{
    struct settings settings = load(NULL);
    (void)state;

    assert_string_equal(settings.portal_url, "https://profile.example/");
    assert_string_equal(settings.database, "sqlite:sigos.db");
    assert_null(settings.user);
    assert_null(settings.password);
    assert_null(settings.browser);
    assert_true(settings.headless);
    settings_done(&settings);
    assert_null(settings.database);
}

static void evidence_of_failures_has_a_folder_and_may_be_switched_off(void **state)
{
    static const struct {
        const char *variable, *expected;
    } cases[] = {{"/var/lib/evidence", "/var/lib/evidence"}, {"off", NULL}};
    struct settings settings = load(NULL);

    (void)state;
    assert_non_null(strstr(settings.evidence, "/tmp/etl-sigos-evidence-"));
    settings_done(&settings);
    for (size_t i = 0; i < COUNT(cases); i++) {
        setenv("EVIDENCE_DIR", cases[i].variable, 1);
        settings = load(NULL);
        if (cases[i].expected)
            assert_string_equal(settings.evidence, cases[i].expected);
        else
            assert_null(settings.evidence);
        settings_done(&settings);
    }
}

static void the_environment_wins_over_the_env_file(void **state)
{
    (void)state;

    write_env("SIGOS_URL=http://file.example\nSIGOS_USUARIO=file\nSIGOS_SENHA=file\n"
              "CHROME_BIN=/file\nHEADLESS=no\n");
    setenv("SIGOS_USUARIO", "environment", 1);
    setenv("SIGOS_SENHA", "environment", 1);
    setenv("HEADLESS", "1", 1);
    struct settings settings = load(NULL);
    assert_string_equal(settings.portal_url, "http://file.example");
    assert_string_equal(settings.user, "environment");
    assert_string_equal(settings.password, "environment");
    assert_string_equal(settings.browser, "/file");
    assert_true(settings.headless);
    settings_done(&settings);
}

static void an_empty_variable_counts_as_not_set(void **state)
{
    (void)state;

    write_env("SIGOS_USUARIO=file\nDATABASE_URL=\n");
    setenv("SIGOS_USUARIO", "", 1);
    setenv("HEADLESS", "", 1);
    setenv("DB_HOST", "", 1);
    struct settings settings = load(NULL);
    assert_string_equal(settings.user, "file");
    assert_string_equal(settings.database, "sqlite:sigos.db");
    settings_done(&settings);
}

static void another_env_file_may_be_named_but_must_be_there(void **state)
{
    (void)state;

    write_env("SIGOS_USUARIO=default\n");
    free(folder_write(".", "other.env", "SIGOS_USUARIO=other\n"));
    struct settings settings = load("other.env");
    assert_string_equal(settings.user, "other");
    settings_done(&settings);
    expect_refused("absent.env", "cannot open absent.env: No such file or directory");
}

static void a_bad_line_of_the_env_file_is_refused(void **state)
{
    (void)state;

    write_env("SIGOS_USUARIO=me\nhunter2\n");
    expect_refused(NULL, ".env:2: no \"=\" follows the name");
}

static void an_env_file_that_everyone_can_read_is_warned_of(void **state)
{
    struct settings settings;
    struct error err;
    char *warning = NULL;
    (void)state;

    write_env("SIGOS_SENHA=x\n");
    assert_int_equal(chmod(".env", 0644), 0);
    assert_true(settings_load(NULL, &portal, false, &settings, &warning, &err));
    assert_string_equal(
        warning, ".env holds secrets and every user of this machine can read it: chmod 600 .env");
    free(warning);
    settings_done(&settings);
}

/* What a shell makes of <(…): a pipe that is there once, of which nobody knows the size. */
static char *make_pipe(const char *text)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
    close(ends[1]);
    return mem_format("/dev/fd/%d", ends[0]);
}

static void the_env_file_and_files_of_secrets_may_be_pipes(void **state)
{
    MEM_FREE_TEXT char *secret = make_pipe("from a pipe\n");
    MEM_FREE_TEXT char *lines = mem_format("SIGOS_USUARIO=maria\nSIGOS_SENHA_FILE=%s\n", secret);
    MEM_FREE_TEXT char *env = make_pipe(lines);

    (void)state;
    struct settings settings = load(env);
    assert_string_equal(settings.user, "maria");
    assert_string_equal(settings.password, "from a pipe");
    settings_done(&settings);
}

static void an_env_file_that_does_not_end_is_too_large(void **state)
{
    (void)state;
    expect_refused("/dev/zero", "/dev/zero is larger than 262144 bytes");
    setenv("SIGOS_SENHA_FILE", "/dev/zero", 1);
    expect_refused(NULL, "SIGOS_SENHA_FILE: /dev/zero is larger than 65536 bytes");
}

static void what_is_typed_must_be_utf_8_and_is_not_shown(void **state)
{
    (void)state;
    write_env("SIGOS_USUARIO=maria\nSIGOS_SENHA=segredo-\xE7\n");
    expect_refused(NULL, "SIGOS_SENHA is not UTF-8 and cannot be typed: save the file in which it "
                         "stands as UTF-8");
    write_env("SIGOS_USUARIO=jo\xE3o\nSIGOS_SENHA=x\n");
    expect_refused(NULL, "SIGOS_USUARIO is not UTF-8 and cannot be typed: save the file in which "
                         "it stands as UTF-8");
    write_env("SIGOS_USUARIO=jo\xC3\xA3o\nSIGOS_SENHA=segredo-\xC3\xA7\n");
    struct settings settings = load(NULL);
    assert_string_equal(settings.password, "segredo-\xC3\xA7");
    settings_done(&settings);
}

static void how_to_log_may_stand_in_the_env_file(void **state)
{
    (void)state;
    write_env("LOG_LEVEL=debug\nLOG_FORMAT=text\n");
    setenv("LOG_FORMAT", "json", 1);
    struct settings settings = load(NULL);
    assert_string_equal(settings.log_level, "debug");
    assert_string_equal(settings.log_format, "json");
    settings_done(&settings);
}

static void headless_is_true_or_false_in_many_words(void **state)
{
    static const struct {
        const char *text;
        bool value;
    } cases[] = {{"true", true}, {"false", false}, {"True", true}, {"FALSE", false},
                 {"1", true},    {"0", false},     {"yes", true},  {"No", false}};
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        setenv("HEADLESS", cases[i].text, 1);
        struct settings settings = load(NULL);
        assert_int_equal(settings.headless, cases[i].value);
        settings_done(&settings);
    }
    setenv("HEADLESS", "maybe", 1);
    expect_refused(NULL, "HEADLESS must be true or false");
}

static void the_mode_is_the_profiles_unless_a_variable_says_otherwise(void **state)
{
    static const struct {
        enum export_mode profile;
        const char *variable; /* "" counts as not set */
        enum export_mode mode;
    } cases[] = {
        {EXPORT_MODE_AUTO, "", EXPORT_MODE_AUTO},
        {EXPORT_MODE_CLICK, "", EXPORT_MODE_CLICK},
        {EXPORT_MODE_AUTO, "click", EXPORT_MODE_CLICK},
        {EXPORT_MODE_CLICK, "auto", EXPORT_MODE_AUTO},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct portal of_profile = {.url = "http://host/", .mode = cases[i].profile};
        struct settings settings;
        struct error err;
        char *warning = NULL;
        setenv("SIGOS_MODE", cases[i].variable, 1);
        assert_true(settings_load(NULL, &of_profile, false, &settings, &warning, &err));
        assert_int_equal(settings.mode, cases[i].mode);
        settings_done(&settings);
    }
    setenv("SIGOS_MODE", "fast", 1);
    expect_refused(NULL, "SIGOS_MODE must be auto or click");
}

static void a_sandbox_is_given_up_only_where_auto_says_so(void **state)
{
    static const struct {
        const char *text;
        bool optional;
    } cases[] = {{"", false}, {"on", false}, {"auto", true}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        setenv("BROWSER_SANDBOX", cases[i].text, 1);
        struct settings settings = load(NULL);
        assert_int_equal(settings.sandbox_optional, cases[i].optional);
        settings_done(&settings);
    }
    setenv("BROWSER_SANDBOX", "off", 1);
    expect_refused(NULL, "BROWSER_SANDBOX must be on or auto");
}

static void the_jobs_are_the_profiles_unless_a_variable_says_otherwise(void **state)
{
    static const char *const refused[] = {"0", "5", "-1", "2x", "two", " 2"};
    const struct portal of_profile = {.url = "http://host/", .jobs = 3};
    struct settings settings;
    struct error err;
    char *warning = NULL;

    (void)state;
    assert_true(settings_load(NULL, &of_profile, false, &settings, &warning, &err));
    assert_int_equal(settings.jobs, 3);
    settings_done(&settings);
    setenv("SIGOS_JOBS", "4", 1);
    assert_true(settings_load(NULL, &of_profile, false, &settings, &warning, &err));
    assert_int_equal(settings.jobs, 4);
    settings_done(&settings);
    for (size_t i = 0; i < COUNT(refused); i++) {
        setenv("SIGOS_JOBS", refused[i], 1);
        expect_refused(NULL, "SIGOS_JOBS must be a number from 1 to 4");
    }
}

static void the_portals_address_is_checked_and_not_shown(void **state)
{
    (void)state;

    setenv("SIGOS_URL", "sigos", 1);
    expect_refused(NULL, "SIGOS_URL must begin with https:// or http://");
    setenv("SIGOS_URL", "http://me:hunter2@host/", 1);
    expect_refused(NULL, "SIGOS_URL must hold no credentials: they go to SIGOS_USUARIO and "
                         "SIGOS_SENHA");
    setenv("SIGOS_URL", "http://host/a b", 1);
    expect_refused(NULL, "SIGOS_URL holds a blank");
}

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

static void the_database_can_be_given_in_parts(void **state)
{
    static const struct {
        const char *env, *url;
    } cases[] = {
        {"DB_HOST=db.example", "postgres://db.example"},
        {"DB_HOST=h\nDB_PORT=6543\nDB_NAME=postgres\nDB_USER=u\nDB_PASS=p",
         "postgres://u:p@h:6543/postgres"},
        {"DB_HOST=h\nDB_USER=postgres.abc\nDB_PASS='a@b:c/d?e#f%g h$\"ç'\nDB_NAME=my db",
         "postgres://postgres.abc:a%40b%3Ac%2Fd%3Fe%23f%25g%20h%24%22%C3%A7@h/my%20db"},
        {"DB_HOST=/var/run/postgresql\nDB_NAME=d", "postgres://%2Fvar%2Frun%2Fpostgresql/d"},
        {"DB_HOST=h\nDB_NAME=d\nDB_SSLMODE=verify-full\nDB_SSLROOTCERT=/etc/ca.pem",
         "postgres://h/d?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem"},
        {"DB_HOST=h\nDB_SSLROOTCERT=ca.pem", "postgres://h?sslrootcert=ca.pem"},
        {"DB_HOST=h\nDATABASE_URL=sqlite:other.db", "sqlite:other.db"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        write_env(cases[i].env);
        struct settings settings = load(NULL);
        assert_string_equal(settings.database, cases[i].url);
        settings_done(&settings);
    }
}

static void parts_of_a_database_without_its_host_are_refused(void **state)
{
    (void)state;

    write_env("DB_NAME=d\n");
    expect_refused(NULL, "DB_NAME is set, but neither DB_HOST nor DATABASE_URL");
    write_env("DB_PASS=hunter2\n");
    expect_refused(NULL, "DB_PASS is set, but neither DB_HOST nor DATABASE_URL");
    write_env("DB_HOST=h\nDB_PORT=hunter2\nDB_PASS=x\n");
    expect_refused(NULL, "DB_PORT must be a number from 1 to 65535");
}

static void secrets_leave_the_environment(void **state)
{
    static const char *const secrets[] = {"SIGOS_SENHA", "DB_PASS", "DATABASE_URL"};
    const char *values[COUNT(secrets)];
    (void)state;

    for (size_t i = 0; i < COUNT(secrets); i++) {
        setenv(secrets[i], i == COUNT(secrets) - 1 ? "sqlite:hunter2" : "hunter2", 1);
        values[i] = getenv(secrets[i]);
    }
    struct settings settings = load(NULL);
    for (size_t i = 0; i < COUNT(secrets); i++) {
        assert_null(getenv(secrets[i]));
        assert_string_equal(values[i], ""); /* not even where /proc looks */
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

static void a_flag_replaces_what_was_loaded(void **state)
{
    struct settings settings = load(NULL);
    (void)state;

    settings_set(&settings.database, "sqlite:flag.db");
    assert_string_equal(settings.database, "sqlite:flag.db");
    settings_set(&settings.database, settings.database + strlen("sqlite:"));
    assert_string_equal(settings.database, "flag.db");
    settings_done(&settings);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(without_any_variable_there_are_defaults),
        IN_FOLDER(evidence_of_failures_has_a_folder_and_may_be_switched_off),
        IN_FOLDER(the_environment_wins_over_the_env_file),
        IN_FOLDER(an_empty_variable_counts_as_not_set),
        IN_FOLDER(another_env_file_may_be_named_but_must_be_there),
        IN_FOLDER(a_bad_line_of_the_env_file_is_refused),
        IN_FOLDER(an_env_file_that_everyone_can_read_is_warned_of),
        IN_FOLDER(the_env_file_and_files_of_secrets_may_be_pipes),
        IN_FOLDER(an_env_file_that_does_not_end_is_too_large),
        IN_FOLDER(what_is_typed_must_be_utf_8_and_is_not_shown),
        IN_FOLDER(how_to_log_may_stand_in_the_env_file),
        IN_FOLDER(headless_is_true_or_false_in_many_words),
        IN_FOLDER(the_mode_is_the_profiles_unless_a_variable_says_otherwise),
        IN_FOLDER(a_sandbox_is_given_up_only_where_auto_says_so),
        IN_FOLDER(the_jobs_are_the_profiles_unless_a_variable_says_otherwise),
        IN_FOLDER(the_portals_address_is_checked_and_not_shown),
        IN_FOLDER(a_secret_can_come_from_a_file),
        IN_FOLDER(the_env_file_may_name_the_file_of_a_secret),
        IN_FOLDER(the_environments_file_wins_over_the_env_files_secret),
        IN_FOLDER(a_file_of_a_secret_that_cannot_be_used_is_named),
        IN_FOLDER(a_secret_that_is_set_twice_is_refused),
        IN_FOLDER(the_database_can_be_given_in_parts),
        IN_FOLDER(parts_of_a_database_without_its_host_are_refused),
        IN_FOLDER(secrets_leave_the_environment),
        IN_FOLDER(secrets_leave_the_environment_even_if_loading_fails),
        IN_FOLDER(secrets_of_the_environment_can_be_loaded_again),
        IN_FOLDER(a_flag_replaces_what_was_loaded),
    };

    return cmocka_run_group_tests_name("config_settings", tests, NULL, NULL);
}
