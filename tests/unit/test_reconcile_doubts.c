/* SPDX-License-Identifier: MIT */
/* Reconcile: rows that stay because a line of the file could not be read and may be theirs. */
#include "tests/support/reconcile_fixture.h"

#include <stdio.h>
#include <string.h>

/* Adds a line that could not be read, by the number of its id, with a possible key (0: none). */
static void add_unread(struct batch *batch, uint64_t line, uint64_t key)
{
    batch_unread(batch, UNREAD_BLANK)->id = reconcile_number(line);
    if (key)
        batch_unread_key(batch, reconcile_number(key));
}

static struct doubt doubt(uint64_t id, const char *run, int32_t first, int32_t last)
{
    struct doubt doubt = {.id = reconcile_number(id), .first = first, .last = last};

    snprintf(doubt.run, sizeof(doubt.run), "%s", run);
    return doubt;
}

static void expect_kept(const struct plan *plan, uint64_t kept, uint64_t deleted)
{
    assert_int_equal(plan->counts.kept, kept);
    assert_int_equal(plan->counts.deleted, deleted);
}

static void a_row_whose_line_cannot_be_read_stays_and_others_go(void **state)
{
    struct reconcile_fixture *s = *state;

    reconcile_hold(&s->held, 1, 11, false);
    reconcile_hold(&s->held, 2, 12, false);
    reconcile_hold(&s->held, 3, 13, false);
    reconcile_add_row(&s->batch, 1, 11, 100);
    add_unread(&s->batch, 900, 2);
    reconcile_compare(s, reconcile_march, NULL, NULL, "run");
    expect_kept(&s->plan, 1, 1);
    assert_true(hash128_equal(s->plan.removed[0].key, reconcile_number(3)));
    assert_int_equal(s->plan.missing, 1);
    assert_int_equal(s->plan.doubts.lines.count + s->plan.doubts.rows.count, 0);
}

static void a_new_line_that_may_be_any_row_keeps_all_that_are_missing(void **state)
{
    struct reconcile_fixture *s = *state;

    reconcile_hold(&s->held, 1, 11, false);
    reconcile_hold(&s->held, 2, 12, false);
    reconcile_hold(&s->held, 3, 13, false);
    reconcile_add_row(&s->batch, 1, 11, 100);
    add_unread(&s->batch, 900, 0);
    reconcile_compare(s, reconcile_march, NULL, NULL, "run");
    expect_kept(&s->plan, 2, 0);
    /* One line can be only one row, so the guard counts the other. */
    assert_int_equal(s->plan.missing, 1);
    assert_int_equal(s->plan.doubts.lines.count, 1);
    assert_string_equal(s->plan.doubts.lines.items[0].run, "run");
    assert_int_equal(s->plan.doubts.rows.count, 2);
}

static void a_line_that_was_there_before_keeps_only_what_it_kept_then(void **state)
{
    struct reconcile_fixture *s = *state;
    struct doubt lines[] = {doubt(900, "monday", 100, 109)};
    struct doubt rows[] = {doubt(2, "monday", 100, 100), doubt(3, "sunday", 100, 100)};
    const struct doubts before = {.lines = {.items = lines, .count = 1},
                                  .rows = {.items = rows, .count = 2}};

    reconcile_hold(&s->held, 2, 12, false);
    reconcile_hold(&s->held, 3, 13, false);
    reconcile_hold(&s->held, 4, 14, false);
    reconcile_add_row(&s->batch, 1, 11, 100);
    add_unread(&s->batch, 900, 0);
    reconcile_compare(s, reconcile_march, NULL, &before, "tuesday");
    expect_kept(&s->plan, 1, 2); /* sunday's line is gone, and row 4 was read until now */
    assert_string_equal(s->plan.doubts.lines.items[0].run, "monday");
    assert_string_equal(s->plan.doubts.rows.items[0].run, "monday");
    assert_true(hash128_equal(s->plan.doubts.rows.items[0].id, reconcile_number(2)));
}

static void the_same_words_on_other_days_are_another_line(void **state)
{
    struct reconcile_fixture *s = *state;
    struct doubt lines[] = {doubt(900, "monday", 50, 99), doubt(900, "monday", 109, 140)};
    const struct doubts before = {.lines = {.items = lines, .count = 2}};

    reconcile_hold(&s->held, 2, 12, false);
    reconcile_add_row(&s->batch, 1, 11, 100);
    add_unread(&s->batch, 900, 0);
    reconcile_compare(s, reconcile_march, NULL, &before, "tuesday");
    expect_kept(&s->plan, 1, 0);
}

static void an_undated_row_stays_for_a_line_that_the_cycle_could_not_read(void **state)
{
    struct reconcile_fixture *s = *state;
    struct snapshot shown = {0};
    const struct unread line = {.id = reconcile_number(900)};
    struct open_line item = {.line = &line, .since = "sunday"};
    const struct open_lines lines = {.items = &item, .count = 1};
    struct doubt rows[] = {doubt(1, "sunday", 0, 0)};
    const struct doubts before = {.rows = {.items = rows, .count = 1}};

    reconcile_hold(&s->held, 1, 11, true);
    reconcile_hold(&s->held, 2, 12, true);
    reconcile_undated(&s->held, &shown, &lines, &before, NULL, "sunday", &s->plan);
    expect_kept(&s->plan, 2, 0);
    plan_done(&s->plan);
    reconcile_undated(&s->held, &shown, &lines, &before, NULL, "next sunday", &s->plan);
    expect_kept(&s->plan, 1, 1);
    assert_true(hash128_equal(s->plan.removed[0].key, reconcile_number(2)));
}

/* A key of four values in fields 0, 2, 4 and 6 of seven. */
static const size_t key_fields[] = {0, 2, 4, 6};

static struct cell text(const char *text)
{
    return (struct cell){.text = text, .len = strlen(text)};
}

static void a_new_line_keeps_only_rows_that_it_may_be(void **state)
{
    struct reconcile_fixture *s = *state;
    struct cell fields[] = {text("1"),  text("x"), text("99/99/9999"), text("a"),
                            text("C1"), text("b"), text("T")};
    struct row_keys keys = {.columns = 4};
    const struct cell one[] = {text("1"), text("2025-03-05"), text("C1"), text("T")};
    const struct cell two[] = {text("2"), text("2025-03-05"), text("C1"), text("T")};

    reconcile_hold(&s->held, 1, 11, false);
    reconcile_hold(&s->held, 2, 12, false);
    row_keys_add(&keys, reconcile_number(2), two);
    row_keys_add(&keys, reconcile_number(1), one);
    row_keys_sort(&keys);
    s->keys = &keys;
    add_unread(&s->batch, 900, 0);
    struct unread *line = &s->batch.unread[0];
    line->fields = fields;
    line->field_count = line->expected_fields = COUNT(fields);
    line->key_fields = key_fields;
    line->key_field_count = 4;
    reconcile_compare(s, reconcile_march, NULL, NULL, "run");
    expect_kept(&s->plan, 1, 1);
    assert_true(hash128_equal(s->plan.removed[0].key, reconcile_number(2)));
    row_keys_done(&keys);
}

static void a_line_whose_guess_the_table_has_not_may_be_any_row(void **state)
{
    struct reconcile_fixture *s = *state;

    reconcile_hold(&s->held, 1, 11, false);
    reconcile_hold(&s->held, 2, 12, false);
    reconcile_add_row(&s->batch, 1, 11, 100);
    add_unread(&s->batch, 900, 77);
    batch_unread_key(&s->batch, reconcile_number(78));
    reconcile_compare(s, reconcile_march, NULL, NULL, "run");
    expect_kept(&s->plan, 1, 0);
    assert_int_equal(s->plan.doubts.lines.count, 1);
}

/* The line of row 1, "1;…;T", lost its line end, and "2;…;U" follows it. Row 1 is known, so only
 * the rest of the line is compared with the rows. */
static void a_row_that_is_glued_to_a_known_one_stays_too(void **state)
{
    struct reconcile_fixture *s = *state;
    struct cell fields[] = {text("1"),          text("x"), text("2025-03-05"), text("a"),
                            text("C1"),         text("b"), text("T2"),         text("x"),
                            text("2025-03-06"), text("a"), text("C2"),         text("b"),
                            text("U")};
    const struct cell keys_of[][4] = {{text("1"), text("2025-03-05"), text("C1"), text("T")},
                                      {text("2"), text("2025-03-06"), text("C2"), text("U")},
                                      {text("3"), text("2025-03-05"), text("C1"), text("T2")}};
    struct row_keys keys = {.columns = 4};

    for (uint64_t i = 0; i < 4; i++)
        reconcile_hold(&s->held, 1 + i, 11, false);
    /* The values of the fourth row's key are unknown. */
    for (uint64_t i = 0; i < 3; i++)
        row_keys_add(&keys, reconcile_number(1 + i), keys_of[i]);
    row_keys_sort(&keys);
    s->keys = &keys;
    add_unread(&s->batch, 900, 1);
    struct unread *line = &s->batch.unread[0];
    line->fields = fields;
    line->field_count = COUNT(fields);
    line->expected_fields = 7;
    line->key_fields = key_fields;
    line->key_field_count = 4;
    reconcile_compare(s, reconcile_march, NULL, NULL, "run");
    expect_kept(&s->plan, 3, 1);
    /* Its key resembles the known row 1 only. */
    assert_true(hash128_equal(s->plan.removed[0].key, reconcile_number(3)));
    row_keys_done(&keys);
}

/* A new row with an odd byte in its key may be the missing row with a broken byte. */
static void a_row_with_an_odd_key_is_doubted_only_if_the_table_has_it_not(void **state)
{
    struct reconcile_fixture *s = *state;

    reconcile_hold(&s->held, 1, 11, false);
    reconcile_hold(&s->held, 2, 12, false);
    reconcile_add_row(&s->batch, 1, 11, 100);
    reconcile_add_row(&s->batch, 5, 11, 100);
    batch_unread(&s->batch, UNREAD_ROW)->row = 1;
    s->batch.unread[0].id = reconcile_number(5);
    reconcile_compare(s, reconcile_march, NULL, NULL, "run");
    reconcile_expect_counts(&s->plan, 1, 0, 0, 1);
    expect_kept(&s->plan, 1, 0);

    plan_done(&s->plan);
    s->batch.unread[0].row = 0;
    s->batch.unread[0].id = reconcile_number(1);
    reconcile_compare(s, reconcile_march, NULL, NULL, "run");
    expect_kept(&s->plan, 0, 1);
    assert_true(hash128_equal(s->plan.removed[0].key, reconcile_number(2)));
}

static void a_row_that_was_doubted_before_keeps_what_it_kept_then(void **state)
{
    struct reconcile_fixture *s = *state;
    struct doubt lines[] = {doubt(5, "monday", 100, 109)};
    struct doubt rows[] = {doubt(2, "monday", 100, 100)};
    const struct doubts before = {.lines = {.items = lines, .count = 1},
                                  .rows = {.items = rows, .count = 1}};

    reconcile_hold(&s->held, 2, 12, false);
    reconcile_hold(&s->held, 5, 11, false); /* written by monday's run */
    for (size_t i = 0; i < 2; i++) {
        reconcile_add_row(&s->batch, 5, 11, 100);
        batch_unread(&s->batch, UNREAD_ROW)->row = i;
        s->batch.unread[i].id = reconcile_number(5);
    }
    s->batch.rows[0].superseded = true; /* the row is in the file twice, but the doubt is one */
    reconcile_compare(s, reconcile_march, NULL, &before, "tuesday");
    expect_kept(&s->plan, 1, 0);
    assert_int_equal(s->plan.doubts.lines.count, 1);
    assert_string_equal(s->plan.doubts.lines.items[0].run, "monday");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RECONCILE_TEST(a_row_whose_line_cannot_be_read_stays_and_others_go),
        RECONCILE_TEST(a_new_line_that_may_be_any_row_keeps_all_that_are_missing),
        RECONCILE_TEST(a_line_that_was_there_before_keeps_only_what_it_kept_then),
        RECONCILE_TEST(the_same_words_on_other_days_are_another_line),
        RECONCILE_TEST(an_undated_row_stays_for_a_line_that_the_cycle_could_not_read),
        RECONCILE_TEST(a_new_line_keeps_only_rows_that_it_may_be),
        RECONCILE_TEST(a_line_whose_guess_the_table_has_not_may_be_any_row),
        RECONCILE_TEST(a_row_that_is_glued_to_a_known_one_stays_too),
        RECONCILE_TEST(a_row_with_an_odd_key_is_doubted_only_if_the_table_has_it_not),
        RECONCILE_TEST(a_row_that_was_doubted_before_keeps_what_it_kept_then),
    };

    return cmocka_run_group_tests_name("reconcile_doubts", tests, NULL, NULL);
}
