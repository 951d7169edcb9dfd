/* SPDX-License-Identifier: MIT */
/* The YAML reader: files that are no YAML or have an unsupported shape, and typed values. */
#include "config/node.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "config/suggest.h"
#include "model/report.h"
#include "tests/support/unit.h"

#include <string.h>

static bool open_text(const char *text, size_t len, struct arena *arena, struct node_file **out,
                      struct error *err)
{
    return node_open("a.yaml", text, len, arena, out, err);
}

static void a_syntax_error_names_file_line_and_column(void **state)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"a: [1\nb: 2\n",
         "a.yaml:2:2: did not find expected ',' or ']', while parsing a flow sequence"},
        {"a: 1\n\tb: 2\n",
         "a.yaml:2:1: found a tab character that violates indentation, while scanning a plain "
         "scalar"},
        {"a: b: c\n", "a.yaml:1:5: mapping values are not allowed in this context"},
        {"a: 1\nb: \"x\n",
         "a.yaml:3:1: found unexpected end of stream, while scanning a quoted scalar"},
        {"a: 1\nb: *x\n", "a.yaml:2:4: found undefined alias"},
        {"a: 1\nb: caf\xE9\n", "a.yaml:2: incomplete UTF-8 octet sequence (is the file UTF-8?)"},
        {"a: \x01\n", "a.yaml:1: control characters are not allowed (is the file UTF-8?)"},
        {"", "a.yaml:1: the file is empty"},
        {"# nothing\n", "a.yaml:1: the file is empty"},
        {"a: 1\n---\nb: 1\n", "a.yaml:2: a second document begins here"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena arena = {0};
        struct node_file *file = NULL;
        struct error err = {0};
        assert_false(open_text(cases[i].text, strlen(cases[i].text), &arena, &file, &err));
        assert_string_equal(err.message, cases[i].message);
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_null(file);
        arena_done(&arena);
    }
}

static void brackets_without_end_are_refused_at_once(void **state)
{
    BUF_DONE struct buf text = BUF_INIT(NODE_FILE_MAX);
    struct arena arena = {0};
    struct node_file *file = NULL;
    struct error err = {0};
    (void)state;

    for (int i = 0; i < NODE_FILE_MAX; i++)
        buf_add_char(&text, '[');
    int64_t start = clock_ms();
    assert_false(open_text(text.data, text.len, &arena, &file, &err));
    assert_string_equal(err.message, "a.yaml:1: more than 16 levels of nesting");
    assert_true(clock_ms() - start < 2000);
    arena_done(&arena);
}

static void a_file_that_is_too_large_is_refused(void **state)
{
    struct arena arena = {0};
    struct node_file *file = NULL;
    struct error err = {0};
    (void)state;

    assert_false(open_text("a: 1", (size_t)NODE_FILE_MAX + 1, &arena, &file, &err));
    assert_string_equal(err.message, "a.yaml is larger than 1048576 bytes");
    arena_done(&arena);
}

static void a_file_that_is_not_there_is_named(void **state)
{
    struct arena arena = {0};
    struct node_file *file = NULL;
    struct error err = {0};
    (void)state;

    assert_false(node_open_file("/nowhere/a.yaml", &arena, &file, &err));
    assert_string_equal(err.message, "cannot open /nowhere/a.yaml: No such file or directory");
    assert_int_equal(err.kind, ERROR_CONFIG);
    arena_done(&arena);
}

static const struct node_keys two_keys = {.required = {"one"}, .optional = {"two"}};

static void a_key_that_comes_twice_or_is_no_name_is_refused(void **state)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"one: 1\ntwo: 2\none: 3\n", "a.yaml:3: key \"one\" comes twice"},
        {"one: 1\n[a, b]: 3\n", "a.yaml:2: a list is no name of a field"},
        {"- one\n", "a.yaml:1: must be a mapping (lines of \"key: value\"), not a list"},
        {"one\n", "a.yaml:1: must be a mapping (lines of \"key: value\"), not a single value"},
        {"two: 2\n", "a.yaml:1: key \"one\" is missing"},
        {"one: 2\n'': 2\n", "a.yaml:2: unknown key \"\"; known here: one, two"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena arena = {0};
        struct node_file *file = NULL;
        struct error err = {0};
        assert_true(open_text(cases[i].text, strlen(cases[i].text), &arena, &file, &err));
        assert_false(node_check_keys(node_root(file), &two_keys, &err));
        assert_string_equal(err.message, cases[i].message);
        node_close(file);
        arena_done(&arena);
    }
}

static void an_alias_is_what_it_stands_for(void **state)
{
    static const char text[] = "one: &there [a, b]\ntwo: *there\n";
    struct arena arena = {0};
    struct node_file *file = NULL;
    struct names names = {0};
    struct error err = {0};
    (void)state;

    assert_true(open_text(text, strlen(text), &arena, &file, &err));
    assert_true(node_names(node_root(file), "two", 1, &names, &err));
    node_close(file);
    assert_int_equal(names.count, 2);
    assert_string_equal(names.items[1], "b"); /* the text lives in the arena, not in the file */
    arena_done(&arena);
}

/* A text of 4,000 bytes that 2,000 aliases of three bytes repeat. */
static void aliases_that_breed_are_refused(void **state)
{
    BUF_DONE struct buf text = BUF_INIT(NODE_FILE_MAX);
    struct arena arena = {0};
    struct node_file *file = NULL;
    struct names names = {0};
    struct error err = {0};
    (void)state;

    buf_addf(&text, "one: [&t %04000d", 0);
    for (int i = 0; i < 2000; i++)
        buf_add_text(&text, ",*t");
    buf_add_text(&text, "]\n");
    assert_true(open_text(text.data, text.len, &arena, &file, &err));
    assert_false(node_names(node_root(file), "one", 1, &names, &err));
    assert_string_equal(err.message,
                        "a.yaml:1: one: aliases make more than 4194304 bytes of the file");
    node_close(file);
    arena_done(&arena);
}

static void an_absent_key_leaves_the_default(void **state)
{
    struct arena arena = {0};
    struct node_file *file = NULL;
    struct error err = {0};
    const char *text = "default";
    int number = 7;
    bool yes = true;
    (void)state;

    assert_true(open_text("a: 1", 4, &arena, &file, &err));
    struct node root = node_root(file);
    assert_true(node_text(root, "b", &text, &err));
    assert_true(node_int(root, "b", 0, 9, &number, &err));
    assert_true(node_bool(root, "b", &yes, &err));
    assert_string_equal(text, "default");
    assert_int_equal(number, 7);
    assert_true(yes);
    node_close(file);
    arena_done(&arena);
}

static void a_ratio_is_a_number_from_zero_to_one(void **state)
{
    static const char *const bad[] = {"",    ".5",   "1.",  "1.0001", "-0.1",  "nan",
                                      "0x1", "1e-2", "0,2", "0.2.1",  " 0.2x", "inf"};
    static const struct {
        const char *text;
        double value;
    } good[] = {{"0", 0}, {"1", 1}, {"1.0", 1}, {"0.25", 0.25}, {"00.5", 0.5}};
    (void)state;

    for (size_t i = 0; i < COUNT(bad) + COUNT(good); i++) {
        bool is_good = i >= COUNT(bad);
        BUF_DONE struct buf text = BUF_INIT(100);
        struct arena arena = {0};
        struct node_file *file = NULL;
        struct error err = {0};
        double value = -1;
        buf_addf(&text, "a: '%s'", is_good ? good[i - COUNT(bad)].text : bad[i]);
        assert_true(open_text(text.data, text.len, &arena, &file, &err));
        assert_int_equal(node_ratio(node_root(file), "a", &value, &err), is_good);
        assert_true(value <= (is_good ? good[i - COUNT(bad)].value : -1));
        assert_true(value >= (is_good ? good[i - COUNT(bad)].value : -1));
        node_close(file);
        arena_done(&arena);
    }
}

/* A double cannot hold 310 digits. The reader once made NaN of them, and no limit held. */
static void a_ratio_of_more_digits_than_a_number_holds_is_refused(void **state)
{
    static const char *const begins[] = {"0.", "", "1.", "0.000001"};

    (void)state;
    for (size_t i = 0; i < 2 * COUNT(begins); i++) {
        BUF_DONE struct buf text = BUF_INIT(1000);
        struct arena arena = {0};
        struct node_file *file = NULL;
        struct error err = {0};
        double value = -1;
        buf_addf(&text, "a: '%s", begins[i / 2]);
        for (int digit = 0; digit < 310; digit++)
            buf_add_char(&text, i % 2 ? '9' : '3');
        buf_add_char(&text, '\'');
        assert_true(open_text(text.data, text.len, &arena, &file, &err));
        assert_false(node_ratio(node_root(file), "a", &value, &err));
        assert_true(value < 0);
        node_close(file);
        arena_done(&arena);
    }
}

static void a_mistyped_word_is_recognised(void **state)
{
    static const char *const known[] = {"url", "zone", "login", "page_error", "deadlines"};
    static const struct {
        const char *word, *meant;
    } cases[] = {
        {"zome", "zone"},
        {"URL", "url"},
        {"lgoin", "login"},
        {"deadline", "deadlines"},
        {"pageerror", "page_error"},
        {"colour", NULL},
        {"x", NULL},
        {"", NULL},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *meant = suggest_nearest(cases[i].word, known, COUNT(known));
        assert_true((meant == NULL) == (cases[i].meant == NULL));
        if (meant)
            assert_string_equal(meant, cases[i].meant);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_syntax_error_names_file_line_and_column),
        cmocka_unit_test(brackets_without_end_are_refused_at_once),
        cmocka_unit_test(a_file_that_is_too_large_is_refused),
        cmocka_unit_test(a_file_that_is_not_there_is_named),
        cmocka_unit_test(a_key_that_comes_twice_or_is_no_name_is_refused),
        cmocka_unit_test(an_alias_is_what_it_stands_for),
        cmocka_unit_test(aliases_that_breed_are_refused),
        cmocka_unit_test(an_absent_key_leaves_the_default),
        cmocka_unit_test(a_ratio_is_a_number_from_zero_to_one),
        cmocka_unit_test(a_ratio_of_more_digits_than_a_number_holds_is_refused),
        cmocka_unit_test(a_mistyped_word_is_recognised),
    };

    return cmocka_run_group_tests_name("config_node", tests, NULL, NULL);
}
