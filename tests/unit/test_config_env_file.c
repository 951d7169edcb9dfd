/* SPDX-License-Identifier: MIT */
/* The .env parser: its dialect, and the messages for lines that it refuses. */
#include "config/env_file.h"

#include "base/buf.h"

#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool parse(const char *text, struct env_file *out, struct error *err)
{
    return env_file_parse(".env", text, strlen(text), out, err);
}

static void an_assignment_is_read_as_python_dotenv_reads_it(void **state)
{
    static const struct {
        const char *text, *value; /* the expected value of A; NULL: not set */
    } cases[] = {
        {"A=b", "b"},
        {"A=b\n", "b"},
        {"A=b\r\n", "b"},
        {"B=1\rA=b\r", "b"},
        {"\xEF\xBB\xBF"
         "A=b",
         "b"},
        {"# A=c\n\n  \t\nA=b", "b"},
        {"  A  =  b  ", "b"},
        {"export A=b", "b"},
        {"export\tA=b", "b"},
        {"export=x\nA=b", "b"},
        {"exportA=x", NULL},
        {"A=", ""},
        {"A=\nB=c", ""},
        {"A=   ", ""},
        {"A=\"\"", ""},
        {"A=b # comment", "b"},
        {"A=b\t#comment", "b"},
        {"A=b#c", "b#c"},
        {"A=#b", "#b"},
        {"A= # comment", ""},
        {"A=b c", "b c"},
        {"A=b=c", "b=c"},
        {"A=it's", "it's"},
        {"A='b # c' # comment", "b # c"},
        {"A=\"b # c\"# comment", "b # c"},
        {"A='b\nc'", "b\nc"},
        {"A=\"b\r\nc\"", "b\r\nc"},
        {"A='b\\nc'", "b\\nc"},
        {"A='b\\'c\\\\d\\\"'", "b'c\\d\\\""},
        {"A=\"b\\n\\t\\\\\\\"\\'\\a\\q\"", "b\n\t\\\"'\a\\q"},
        {"A=b\\nc", "b\\nc"},
        {"A=c\nA=b", "b"},
        {"A=ação", "ação"},
        {"a.b-c=1\nA=b", "b"},
    };
    (void)state;

    unsetenv("A");
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct env_file file = {0};
        struct error err = {0};
        if (!parse(cases[i].text, &file, &err))
            fail_msg("%s: %s", cases[i].text, err.message);
        const char *value = env_file_get(&file, "A");
        assert_true((value == NULL) == (cases[i].value == NULL));
        if (value)
            assert_string_equal(value, cases[i].value);
        env_file_done(&file);
    }
}

static void a_variable_is_replaced_by_its_value(void **state)
{
    static const struct {
        const char *text, *value; /* the expected value of A */
    } cases[] = {
        {"B=x\nA=${B}", "x"},
        {"B=x\nA=\"1${B}2${B}3\"", "1x2x3"},
        {"B=x\nA='${B}'", "${B}"},
        {"B=x\nA=$B", "$B"},
        {"B=x\nA=${B", "${B"},
        {"A=${NOWHERE}", ""},
        {"A=${NOWHERE:-y}", "y"},
        {"A=${NOWHERE:-}z", "z"},
        {"B=\nA=${B:-y}", ""}, /* an empty value counts as set */
        {"B=x\nA=${B:-y}", "x"},
        {"A=${FROM_OUTSIDE}", "outside"},
        {"FROM_OUTSIDE=inside\nA=${FROM_OUTSIDE}", "outside"},
        {"A=${B}\nB=x", ""}, /* a reference sees earlier lines only */
        {"A=p${}q", "pq"},
        {"B='${C}'\nC=x\nA=${B}", "${C}"}, /* a value is expanded once, not twice */
    };
    (void)state;

    unsetenv("A");
    unsetenv("B");
    unsetenv("C");
    unsetenv("NOWHERE");
    setenv("FROM_OUTSIDE", "outside", 1);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct env_file file = {0};
        struct error err = {0};
        assert_true(parse(cases[i].text, &file, &err));
        assert_string_equal(env_file_get(&file, "A"), cases[i].value);
        env_file_done(&file);
    }
    unsetenv("FROM_OUTSIDE");
}

static void a_bad_line_is_refused_with_file_and_line_and_never_shown(void **state)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"A=1\nhunter2\n", ".env:2: no \"=\" follows the name"},
        {"A=1\nhunter 2=x\n", ".env:2: no \"=\" follows the name"},
        {"=hunter2", ".env:1: a line must begin with a name"},
        {"A=1\n\n'A'=hunter2", ".env:3: a line must begin with a name"},
        {"A='hunter2", ".env:1: the quote that begins here is not closed"},
        {"A=1\r\nB=\"hunter2\nC=3\n", ".env:2: the quote that begins here is not closed"},
        {"A='hunter'2", ".env:1: something follows the closing quote"},
        {"A='1\n2\r\n3\r4'\nhunter2", ".env:5: no \"=\" follows the name"},
        {"A='1\n2' 3", ".env:2: something follows the closing quote"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct env_file file = {0};
        struct error err = {0};
        assert_false(parse(cases[i].text, &file, &err));
        assert_string_equal(err.message, cases[i].message);
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_null(file.lines);
    }
}

static void a_nul_is_refused(void **state)
{
    static const char text[] = "A=b\0c";
    struct env_file file = {0};
    struct error err = {0};
    (void)state;

    assert_false(env_file_parse(".env", text, sizeof(text) - 1, &file, &err));
    assert_string_equal(err.message, ".env:1: the value holds a NUL");
}

static void a_file_that_is_too_large_is_refused(void **state)
{
    struct env_file file = {0};
    struct error err = {0};
    (void)state;

    assert_false(env_file_parse(".env", "A=b", ENV_FILE_MAX + 1, &file, &err));
    assert_string_equal(err.message, ".env is larger than 262144 bytes");
}

/* Each line doubles the line before it: without a limit they make 2^26 bytes. */
static void values_that_breed_are_refused(void **state)
{
    char text[2048] = "V0=x\n";
    struct env_file file = {0};
    struct error err = {0};
    (void)state;

    for (int i = 1; i <= 26; i++) {
        char line[64];
        snprintf(line, sizeof(line), "V%d=${V%d}${V%d}\n", i, i - 1, i - 1);
        memcpy(text + strlen(text), line, strlen(line) + 1);
    }
    assert_false(parse(text, &file, &err));
    assert_string_equal(err.message, ".env:20: the value is too long");
}

/* Short lines expand to much text: 17 KB become 3 MB. */
static void many_long_values_are_refused(void **state)
{
    BUF_DONE struct buf text = BUF_INIT(ENV_FILE_MAX);
    struct env_file file = {0};
    struct error err = {0};
    (void)state;

    buf_addf(&text, "A=%016384d\n", 0);
    for (int i = 0; i < 200; i++)
        buf_add_text(&text, "B=${A}\n");
    assert_false(parse(buf_text(&text), &file, &err));
    assert_string_equal(err.message, ".env:65: the values are too long");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_assignment_is_read_as_python_dotenv_reads_it),
        cmocka_unit_test(a_variable_is_replaced_by_its_value),
        cmocka_unit_test(a_bad_line_is_refused_with_file_and_line_and_never_shown),
        cmocka_unit_test(a_nul_is_refused),
        cmocka_unit_test(a_file_that_is_too_large_is_refused),
        cmocka_unit_test(values_that_breed_are_refused),
        cmocka_unit_test(many_long_values_are_refused),
    };

    return cmocka_run_group_tests_name("config_env_file", tests, NULL, NULL);
}
