/* SPDX-License-Identifier: MIT */
/* The command line: old flags, options, and the exit codes of runs. */
#include "base/date.h"
#include "base/mem.h"
#include "cli/command.h"
#include "cli/legacy.h"
#include "cli/options.h"
#include "run/summary.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORDS_MAX = 8 };

static int count_words(char **words)
{
    int count = 0;

    while (words[count])
        count++;
    return count;
}

static void the_flags_of_the_python_program_are_todays_commands(void **state)
{
    static const struct {
        const char *old[WORDS_MAX], *now[WORDS_MAX];
    } cases[] = {
        {{"x", "--cycle-incremental"}, {"incremental"}},
        {{"x", "--cycle-full"}, {"full"}},
        {{"x", "--scheduler"}, {"schedule"}},
        {{"x", "--report", "general", "--mode", "full"}, {"full", "general"}},
        {{"x", "--mode=incremental", "--report=return"}, {"incremental", "return"}},
        {{"x", "--report", "return", "--mode", "full", "--keep-files"},
         {"full", "--keep-files", "return"}},
        {{"x", "--cycle-full", "--json"}, {"full", "--json"}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct legacy_command line;
        struct error err;
        char **old = (char **)(uintptr_t)cases[i].old;
        assert_true(legacy_translate(count_words(old), old, &line, &err));
        assert_int_equal(line.argc, count_words((char **)(uintptr_t)cases[i].now));
        for (int w = 0; w < line.argc; w++)
            assert_string_equal(line.argv[w], cases[i].now[w]);
        legacy_done(&line);
    }
}

static void old_flags_that_ask_for_nothing_or_two_things_are_refused(void **state)
{
    static const char *const cases[][WORDS_MAX] = {
        {"x", "--report", "general"},
        {"x", "--mode", "full"},
        {"x", "--cycle-full", "--cycle-incremental"},
        {"x", "--cycle-full", "--report", "general"},
        {"x", "--nonsense"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct legacy_command line;
        struct error err = {0};
        char **old = (char **)(uintptr_t)cases[i];
        assert_false(legacy_translate(count_words(old), old, &line, &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
    }
}

static void options_may_stand_before_and_after_the_reports(void **state)
{
    char *words[] = {"full", "--from", "2025-01-02", "general", "--json", "--to=2025-02-01", NULL};
    struct options options;
    struct error err;

    (void)state;
    assert_true(options_parse(6, words, &options, &err));
    assert_true(options.json);
    assert_true(options.range.has_first && options.range.has_last);
    assert_int_equal(options.range.last - options.range.first, 30);
    assert_int_equal(options.argument_count, 1);
    assert_string_equal(options.arguments[0], "general");
}

static void a_date_may_be_written_as_people_do_with_the_day_first(void **state)
{
    static const char *const dates[] = {"2026-02-01", "01/02/2026", "01.02.2026", "01-02-2026"};

    (void)state;
    for (size_t i = 0; i < COUNT(dates); i++) {
        char command[] = "full", option[] = "--from", *date = mem_copy(dates[i]);
        char *words[] = {command, option, date, NULL};
        struct options options;
        struct error err;
        assert_true(options_parse(3, words, &options, &err));
        assert_int_equal(options.range.first, date_from_civil(2026, 2, 1));
        free(date);
    }
}

/* Returns what the program writes to standard error. */
static char *complaint(char *word)
{
    char program[] = "etl-sigos", *line[] = {program, word, NULL};
    FILE *file = tmpfile();
    char text[1024] = "";

    assert_non_null(file);
    fflush(stderr);
    const int kept = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    const int code = cli_run(2, line);
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
    assert_int_equal(code, 2);
    rewind(file);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    return mem_copy(text);
}

static void a_command_that_is_nearly_one_is_answered_with_it(void **state)
{
    static const struct {
        const char *word, *words;
    } cases[] = {
        {"increment", "there is no command 'increment'; did you mean incremental?"},
        {"Full", "did you mean full?"},
        {"laod", "did you mean load?"},
        {"xyzzy", "`etl-sigos --help` lists them"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        MEM_FREE_TEXT char *word = mem_copy(cases[i].word);
        MEM_FREE_TEXT char *said = complaint(word);
        if (!strstr(said, cases[i].words))
            fail_msg("\"%s\" does not say \"%s\"", said, cases[i].words);
    }
}

static void a_wrong_option_is_named(void **state)
{
    static const struct {
        const char *words[WORDS_MAX], *named;
    } cases[] = {
        {{"full", "--from", "02/13/2025"}, "'02/13/2025' is no date"},
        {{"full", "--from", "01/02/25"}, "'01/02/25' is no date"},
        {{"full", "--from", "1/2/2025"}, "'1/2/2025' is no date"},
        {{"full", "--from", "01/02-2025"}, "'01/02-2025' is no date"},
        {{"full", "--today"}, "--today needs a value"},
        {{"full", "--frm", "2025-01-01"}, "--frm"},
        {{"full", "--from", "2025-02-01", "--to", "2025-01-01"}, "--from is after --to"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct options options;
        struct error err = {0};
        char **words = (char **)(uintptr_t)cases[i].words;
        assert_false(options_parse(count_words(words), words, &options, &err));
        if (!strstr(err.message, cases[i].named))
            fail_msg("\"%s\" does not say \"%s\"", err.message, cases[i].named);
    }
}

static void only_who_verifies_takes_the_option(void **state)
{
    static const char *const takers[] = {"check", "full", "incremental"};
    static const char *const others[] = {"load", "schedule", "status", "changes", "rejects"};
    struct options options;
    struct error err;

    (void)state;
    for (size_t i = 0; i < COUNT(takers); i++) {
        char *words[] = {(char *)(uintptr_t)takers[i], "--verify", NULL};
        assert_true(options_parse(2, words, &options, &err));
        assert_true(options.verify);
    }
    for (size_t i = 0; i < COUNT(others); i++) {
        char *words[] = {(char *)(uintptr_t)others[i], "--verify", NULL};
        assert_false(options_parse(2, words, &options, &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_non_null(strstr(err.message, others[i]));
        assert_true(options_parse(1, words, &options, &err));
        assert_false(options.verify);
    }
}

static void the_exit_code_is_that_of_the_worst_outcome(void **state)
{
    static const struct {
        size_t loaded, held, refused, failed;
        enum error_kind failure;
        int code;
    } cases[] = {
        {5, 0, 0, 0, ERROR_NONE, 0}, {4, 1, 0, 0, ERROR_NONE, 4},   {4, 0, 1, 0, ERROR_DATA, 3},
        {4, 1, 1, 0, ERROR_DATA, 3}, {0, 0, 0, 2, ERROR_PORTAL, 6}, {0, 0, 0, 2, ERROR_DATABASE, 7},
        {0, 0, 1, 0, ERROR_DATA, 1}, {0, 2, 0, 0, ERROR_NONE, 4},   {3, 0, 0, 2, ERROR_DATABASE, 3},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct report_summary report = {.loaded = cases[i].loaded,
                                        .held = cases[i].held,
                                        .refused = cases[i].refused,
                                        .failed = cases[i].failed,
                                        .failure = {.kind = cases[i].failure}};
        struct summary summary = {.reports = &report, .report_count = 1};
        assert_int_equal(summary_exit_code(&summary), cases[i].code);
    }
}

static void an_error_that_ends_the_run_decides_alone(void **state)
{
    struct report_summary report = {.loaded = 5};
    struct summary summary = {
        .reports = &report, .report_count = 1, .error = {.kind = ERROR_LOGIN}};

    (void)state;
    assert_int_equal(summary_exit_code(&summary), 6);
    summary.error.kind = ERROR_CONFIG;
    assert_int_equal(summary_exit_code(&summary), 2);
    summary.error.kind = ERROR_LOCKED;
    assert_int_equal(summary_exit_code(&summary), 5);
}

/* Reads the help from a pipe, as the program prints it. */
static char *help_text(char *command)
{
    char program[] = "etl-sigos", *line[] = {program, command, NULL};
    FILE *file = tmpfile();
    char text[8192] = "";

    assert_non_null(file);
    fflush(stdout);
    const int kept = dup(STDOUT_FILENO);
    dup2(fileno(file), STDOUT_FILENO);
    cli_run(2, line);
    fflush(stdout);
    dup2(kept, STDOUT_FILENO);
    close(kept);
    rewind(file);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    return mem_copy(text);
}

static void the_help_names_every_variable(void **state)
{
    static const char *const names[] = {
        "SIGOS_URL", "SIGOS_USUARIO",  "SIGOS_SENHA",  "SIGOS_MODE",   "SIGOS_JOBS",
        "HEADLESS",  "CHROME_BIN",     "EVIDENCE_DIR", "DATABASE_URL", "DB_HOST",
        "DB_PORT",   "DB_NAME",        "DB_USER",      "DB_PASS",      "DB_SSLMODE",
        "NAME_FILE", "DB_SSLROOTCERT", "LOG_LEVEL",    "LOG_FORMAT",
    };
    char word[] = "--help";
    MEM_FREE_TEXT char *help = help_text(word);

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        if (!strstr(help, names[i]))
            fail_msg("%s is not in the help", names[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_flags_of_the_python_program_are_todays_commands),
        cmocka_unit_test(old_flags_that_ask_for_nothing_or_two_things_are_refused),
        cmocka_unit_test(options_may_stand_before_and_after_the_reports),
        cmocka_unit_test(a_date_may_be_written_as_people_do_with_the_day_first),
        cmocka_unit_test(a_command_that_is_nearly_one_is_answered_with_it),
        cmocka_unit_test(a_wrong_option_is_named),
        cmocka_unit_test(only_who_verifies_takes_the_option),
        cmocka_unit_test(the_exit_code_is_that_of_the_worst_outcome),
        cmocka_unit_test(an_error_that_ends_the_run_decides_alone),
        cmocka_unit_test(the_help_names_every_variable),
    };

    return cmocka_run_group_tests_name("cli", tests, NULL, NULL);
}
