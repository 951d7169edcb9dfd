/* SPDX-License-Identifier: MIT */
/* The comparison of an unreadable line with a row's key: whether the line may be that row. */
#include "load/resemble.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

/* A key of four values in fields 0, 2, 4 and 6 of seven. */
static const size_t key_fields[] = {0, 2, 4, 6};

static struct cell text(const char *text)
{
    return (struct cell){.text = text, .len = strlen(text)};
}

/* Compares the fields of a damaged line with a row's key. */
static bool may_be(const char *line, const char *uc, const char *date, const char *code,
                   const char *team)
{
    const struct cell key[] = {text(uc), text(date), text(code), text(team)};
    char copy[128];
    struct cell fields[32];
    size_t count = 0;

    snprintf(copy, sizeof(copy), "%s", line);
    for (char *at = copy; at; count++) {
        char *next = strchr(at, ';');
        if (next)
            *next++ = '\0';
        fields[count] = text(at);
        at = next;
    }
    const struct unread unread = {.fields = fields,
                                  .field_count = *line ? count : 0,
                                  .expected_fields = 7,
                                  .key_fields = key_fields,
                                  .key_field_count = 4};
    return line_may_be_row(&unread, key);
}

static void a_line_may_be_the_row_that_it_contradicts_in_one_place_at_most(void **state)
{
    (void)state;
    /* A field too many before, within and after the key; an invalid date; a broken text. */
    assert_true(may_be("1;x;y;2025-03-05;a;C1;b;T", "1", "2025-03-05", "C1", "T"));
    assert_true(may_be("1;x;2025-03-05;a;C1;b;b;T", "1", "2025-03-05", "C1", "T"));
    assert_true(may_be("1;x;99/99/9999;a;C1;b;T", "1", "2025-03-05", "C1", "T"));
    assert_true(may_be("?;x;2025-03-05;a;C1;b;T", "1", "2025-03-05", "C1", "T"));
    assert_false(may_be("2;x;y;2025-03-06;a;C1;b;T", "1", "2025-03-05", "C1", "T"));
    assert_false(may_be("2;x;99/99/9999;a;C1;b;T", "1", "2025-03-05", "C1", "T"));
}

static void a_line_that_was_cut_is_told_by_its_beginning(void **state)
{
    char line[] = "12;x;2025-03-05;a;C";

    (void)state;
    assert_true(may_be("", "1", "2025-03-05", "C1", "T"));
    assert_true(may_be("1", "12", "2025-03-05", "C1", "T"));
    assert_true(may_be(line, "12", "2025-03-05", "C1", "T"));
    assert_false(may_be("2;x", "1", "2025-03-05", "C1", "T"));
}

static void a_lost_separator_joins_two_values_and_contradicts_none(void **state)
{
    (void)state;
    /* Joined are a date and the next field; two fields of a line whose end is cut off; a field and
     * a date in another form. */
    assert_true(may_be("1;x;2025-03-05a;C1;b;T", "1", "2025-03-05", "C1", "T"));
    assert_true(may_be("1;x;2025-03-05;aC1;b", "1", "2025-03-05", "C1", "T"));
    assert_true(may_be("1;x05/03/2025;a;C1;b;T", "1", "2025-03-05", "C1", "T"));
    assert_false(may_be("2;x05/03/2025;a;C2;b;T", "1", "2025-03-05", "C1", "T"));
}

static void a_line_that_was_cut_behind_a_stray_separator_is_told_too(void **state)
{
    (void)state;
    assert_true(may_be("1;2;x;2025-03-05;a", "12", "2025-03-05", "C1", "T"));
    assert_false(may_be("1;2;x;2025-03-05;a", "34", "2025-03-05", "C1", "T"));
    assert_false(may_be("1;2;x;2025-03-06;a", "12", "2025-03-05", "C1", "T"));
}

/* Where a line end was lost, the next row begins in the last field of this one. */
static void a_line_may_be_any_of_the_rows_that_are_glued_in_it(void **state)
{
    const char *glued = "1;x;2025-03-05;a;C1;b;T2;x;2025-03-06;a;C2;b;U";

    (void)state;
    assert_true(may_be(glued, "1", "2025-03-05", "C1", "T"));
    assert_true(may_be(glued, "2", "2025-03-06", "C2", "U"));
    assert_false(may_be(glued, "2", "2025-03-07", "C2", "U"));
    /* The second row is cut. A single value at the end of a field does not identify it. */
    assert_true(may_be("1;x;2025-03-05;a;C1;b;T2;x;2025-03-06;a", "2", "2025-03-06", "C2", "U"));
    assert_false(may_be("1;x;2025-03-05;a;C1;b;T2;x", "2", "2025-03-06", "C2", "U"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_may_be_the_row_that_it_contradicts_in_one_place_at_most),
        cmocka_unit_test(a_line_that_was_cut_is_told_by_its_beginning),
        cmocka_unit_test(a_lost_separator_joins_two_values_and_contradicts_none),
        cmocka_unit_test(a_line_that_was_cut_behind_a_stray_separator_is_told_too),
        cmocka_unit_test(a_line_may_be_any_of_the_rows_that_are_glued_in_it),
    };

    return cmocka_run_group_tests_name("resemble", tests, NULL, NULL);
}
