/* SPDX-License-Identifier: MIT */
/* The comparison of a copy: what is written so that the target's rows become the source's. */
#include "run/copy_compare.h"
#include "tests/support/unit.h"

#include <string.h>

static void add(struct copy_rows *rows, uint64_t key, uint64_t contents, bool undated)
{
    copy_rows_add(rows, (struct copy_row){.key = {.low = key},
                                          .contents = {.high = contents},
                                          .date = (int32_t)key,
                                          .undated = undated});
}

static void new_changed_equal_and_absent_rows_are_told_apart(void **state)
{
    struct copy_rows from = {0}, to = {0};
    struct plan plan;

    (void)state;
    add(&from, 1, 11, false);
    add(&from, 2, 12, false);
    add(&from, 4, 14, true);
    add(&to, 3, 13, false);
    add(&to, 2, 99, false);
    add(&to, 1, 11, false);
    add(&to, 5, 15, true);
    assert_true(copy_compare(&from, &to, &plan));
    assert_int_equal(plan.row_count, 3);
    assert_int_equal(plan.actions[0], ROW_SAME);
    assert_int_equal(plan.actions[1], ROW_UPDATE);
    assert_int_equal(plan.actions[2], ROW_INSERT);
    assert_int_equal(plan.removed_count, 2);
    assert_int_equal(plan.removed[0].key.low, 3);
    assert_int_equal(plan.removed[0].date, 3);
    assert_int_equal(plan.removed[1].key.low, 5);
    assert_true(plan.removed[1].undated);
    assert_true(plan.unlogged);
    assert_false(plan.logged[2]);
    assert_int_equal(plan.counts.inserted, 1);
    assert_int_equal(plan.counts.updated, 1);
    assert_int_equal(plan.counts.unchanged, 1);
    assert_int_equal(plan.counts.deleted, 2);
    plan_done(&plan);
    copy_rows_done(&from);
    copy_rows_done(&to);
}

static void nothing_is_written_between_two_empty_tables(void **state)
{
    const struct copy_rows none = {0};
    struct plan plan;

    (void)state;
    assert_true(copy_compare(&none, &none, &plan));
    assert_int_equal(plan.row_count + plan.removed_count, 0);
    plan_done(&plan);
}

static void a_key_that_the_source_has_twice_is_refused(void **state)
{
    struct copy_rows from = {0}, to = {0};
    struct plan plan;

    (void)state;
    add(&from, 1, 11, false);
    add(&from, 2, 12, false);
    add(&from, 1, 11, false);
    assert_false(copy_compare(&from, &to, &plan));
    copy_rows_done(&from);
}

/* The contents of a row whose only cell is `text`, exported at `exported`. */
static struct hash128 contents_of(const char *text, const char *exported, struct hash128 stored)
{
    struct column columns[] = {{.name = "DIA", .type = COLUMN_DATE},
                               {.name = "A"},
                               {.name = "DATA_EXTRACAO", .source = COLUMN_EXTRACTED_AT}};
    const struct report report = {.name = "r", .columns = columns, .column_count = COUNT(columns)};
    const struct cell cells[] = {
        {0}, {text, text ? strlen(text) : 0}, {exported, strlen(exported)}};
    const struct table_row row = {.cells = cells,
                                  .has_key = true,
                                  .has_fingerprint = true,
                                  .fingerprint = stored,
                                  .fingerprint_now = {.low = 7}};
    struct buf scratch = BUF_INIT(4096);
    struct copy_row out;

    assert_true(copy_row_of(&report, &row, &scratch, &out));
    assert_true(out.undated);
    buf_done(&scratch);
    return out.contents;
}

static void everything_that_stands_in_a_row_is_part_of_its_contents(void **state)
{
    const struct hash128 good = {.low = 7}, bad = {.low = 8};
    const struct hash128 base = contents_of("x", "2026-11-23 10:00:00", good);

    (void)state;
    assert_true(hash128_equal(base, contents_of("x", "2026-11-23 10:00:00", good)));
    assert_false(hash128_equal(base, contents_of("y", "2026-11-23 10:00:00", good)));
    assert_false(hash128_equal(base, contents_of("x", "2026-11-23 10:00:01", good)));
    assert_false(hash128_equal(base, contents_of("x", "2026-11-23 10:00:00", bad)));
    assert_false(hash128_equal(contents_of("", "2026-11-23 10:00:00", good),
                               contents_of(NULL, "2026-11-23 10:00:00", good)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_changed_equal_and_absent_rows_are_told_apart),
        cmocka_unit_test(nothing_is_written_between_two_empty_tables),
        cmocka_unit_test(a_key_that_the_source_has_twice_is_refused),
        cmocka_unit_test(everything_that_stands_in_a_row_is_part_of_its_contents),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
