/* SPDX-License-Identifier: MIT */
/* Reconcile: every rule, and random histories against a comparison written the slow way. */
#include "load/reconcile.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct window march = {
    .first = 100, .last = 110, .own_first = 100, .own_last = 109, .complete = true};

static struct hash128 number(uint64_t n)
{
    /* Equal low halves for neighbours: probing and both halves of the comparison are in play. */
    return (struct hash128){.high = n, .low = n / 4};
}

static void add_row(struct batch *batch, uint64_t key, uint64_t fingerprint, int32_t date)
{
    struct cell cell = {.text = "x", .len = 1};
    struct row *row = batch_add_cells(batch, &cell);

    row->key = number(key);
    row->fingerprint = number(fingerprint);
    row->date = date;
}

static void hold(struct snapshot *snapshot, uint64_t key, uint64_t fingerprint, bool undated)
{
    snapshot_add(snapshot, (struct stored_row){.key = number(key),
                                               .fingerprint = number(fingerprint),
                                               .date = undated ? 0 : 100,
                                               .undated = undated});
}

struct fixture {
    struct batch batch;
    struct snapshot held;
    struct plan plan;
    const struct row_keys *keys;
};

static int start(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    batch_init(&fixture->batch, 1, 1 << 20);
    *state = fixture;
    return 0;
}

static int end(void **state)
{
    struct fixture *fixture = *state;

    batch_done(&fixture->batch);
    snapshot_done(&fixture->held);
    plan_done(&fixture->plan);
    free(fixture);
    return 0;
}

static const struct open_lines no_lines;

static void compare(struct fixture *fixture, struct window window, const bool *covered,
                    const struct doubts *before, const char *run)
{
    const struct comparison what = {.batch = &fixture->batch,
                                    .snapshot = &fixture->held,
                                    .window = window,
                                    .covered = covered,
                                    .before = before,
                                    .keys = fixture->keys,
                                    .run = run};

    reconcile(&what, &fixture->plan);
}

static void expect_counts(const struct plan *plan, uint64_t inserted, uint64_t updated,
                          uint64_t deleted, uint64_t unchanged)
{
    assert_int_equal(plan->counts.inserted, inserted);
    assert_int_equal(plan->counts.updated, updated);
    assert_int_equal(plan->counts.deleted, deleted);
    assert_int_equal(plan->counts.unchanged, unchanged);
}

static void new_changed_equal_and_absent_rows_are_told_apart(void **state)
{
    struct fixture *s = *state;

    hold(&s->held, 1, 11, false);
    hold(&s->held, 2, 12, false);
    hold(&s->held, 3, 13, false);
    add_row(&s->batch, 1, 11, 100);
    add_row(&s->batch, 2, 99, 100);
    add_row(&s->batch, 4, 14, 102);
    compare(s, march, NULL, NULL, "run");
    expect_counts(&s->plan, 1, 1, 1, 1);
    assert_int_equal(s->plan.actions[0], ROW_SAME);
    assert_int_equal(s->plan.actions[1], ROW_UPDATE);
    assert_int_equal(s->plan.actions[2], ROW_INSERT);
    assert_int_equal(s->plan.removed_count, 1);
    assert_true(hash128_equal(s->plan.removed[0].key, number(3)));
}

/* The day is part of the key, so somebody changed it: an update would look for the row where the
 * key says that it is. */
static void a_row_that_somebody_moved_to_another_day_is_put_back(void **state)
{
    struct fixture *s = *state;
    struct window partial = march;

    partial.complete = false; /* where nothing else is deleted */
    hold(&s->held, 1, 11, false);
    hold(&s->held, 2, 12, true);
    add_row(&s->batch, 1, 11, 101);
    add_row(&s->batch, 2, 12, 102);
    compare(s, partial, NULL, NULL, "run");
    expect_counts(&s->plan, 2, 0, 2, 0);
    assert_int_equal(s->plan.moved, s->plan.removed_count);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(s->plan.actions[i], ROW_INSERT);
        assert_true(s->plan.logged[i]);
        assert_true(hash128_equal(s->plan.removed[i].key, number(i + 1)));
        assert_int_equal(s->plan.removed[i].undated, i == 1);
    }
    assert_int_equal(s->plan.missing, 0); /* the portal shows them: none of the guard's business */
}

static void a_superseded_row_is_not_there(void **state)
{
    struct fixture *s = *state;

    hold(&s->held, 1, 11, false);
    add_row(&s->batch, 1, 99, 100);
    add_row(&s->batch, 1, 11, 100);
    s->batch.rows[0].superseded = true;
    compare(s, march, NULL, NULL, "run");
    expect_counts(&s->plan, 0, 0, 0, 1);
}

static void a_window_that_is_not_complete_deletes_nothing(void **state)
{
    struct fixture *s = *state;
    struct window partial = march;

    partial.complete = false;
    hold(&s->held, 1, 11, false);
    compare(s, partial, NULL, NULL, "run");
    expect_counts(&s->plan, 0, 0, 0, 0);
}

static void an_undated_row_is_compared_but_never_missed(void **state)
{
    struct fixture *s = *state;

    hold(&s->held, 1, 11, true);
    hold(&s->held, 2, 12, true);
    add_row(&s->batch, 1, 99, 0);
    s->batch.rows[0].undated = true;
    compare(s, march, NULL, NULL, "run");
    expect_counts(&s->plan, 0, 1, 0, 0);
}

static void only_a_full_cycle_that_did_not_show_it_removes_an_undated_row(void **state)
{
    struct fixture *s = *state;
    struct snapshot shown = {0};

    hold(&s->held, 1, 11, true);
    hold(&s->held, 2, 12, true);
    hold(&s->held, 3, 13, false);
    hold(&shown, 1, 0, true);
    reconcile_undated(&s->held, &shown, &no_lines, NULL, NULL, "run", &s->plan);
    assert_int_equal(s->plan.removed_count, 1);
    assert_true(hash128_equal(s->plan.removed[0].key, number(2)));
    snapshot_done(&shown);
}

static void an_insert_is_a_change_only_on_a_day_loaded_before(void **state)
{
    struct fixture *s = *state;
    bool covered[10] = {[3] = true};

    add_row(&s->batch, 1, 11, 103);
    add_row(&s->batch, 2, 12, 104);
    add_row(&s->batch, 3, 13, 0);
    s->batch.rows[2].undated = true;
    compare(s, march, covered, NULL, "run");
    assert_true(s->plan.logged[0]);
    assert_false(s->plan.logged[1]);
    assert_true(s->plan.logged[2]);
}

static void an_insert_into_days_that_were_never_loaded_is_no_change(void **state)
{
    struct fixture *s = *state;
    const bool covered[10] = {false};

    add_row(&s->batch, 1, 11, 103);
    add_row(&s->batch, 2, 12, 0);
    s->batch.rows[1].undated = true; /* of no day: a change if any day of the window is known */
    compare(s, march, covered, NULL, "run");
    expect_counts(&s->plan, 2, 0, 0, 0);
    assert_false(s->plan.logged[0]);
    assert_false(s->plan.logged[1]);
}

/* The same decision, made by looking at every pair. */
static void expect_what_pairs_say(const struct fixture *s)
{
    uint64_t inserted = 0, updated = 0, unchanged = 0, deleted = 0;

    for (size_t i = 0; i < s->batch.row_count; i++) {
        enum row_action expected = ROW_INSERT;
        for (size_t h = 0; h < s->held.count; h++)
            if (hash128_equal(s->held.rows[h].key, s->batch.rows[i].key) &&
                !s->held.rows[h].undated) /* else it is moved: no row of the batch is undated */
                expected = hash128_equal(s->held.rows[h].fingerprint, s->batch.rows[i].fingerprint)
                               ? ROW_SAME
                               : ROW_UPDATE;
        assert_int_equal(s->plan.actions[i], expected);
        inserted += expected == ROW_INSERT;
        updated += expected == ROW_UPDATE;
        unchanged += expected == ROW_SAME;
    }
    for (size_t h = 0; h < s->held.count; h++) {
        bool found = false, removed = false;
        for (size_t i = 0; i < s->batch.row_count; i++)
            found |= hash128_equal(s->held.rows[h].key, s->batch.rows[i].key);
        for (size_t i = 0; i < s->plan.removed_count; i++)
            removed |= hash128_equal(s->held.rows[h].key, s->plan.removed[i].key);
        assert_int_equal(removed, found == s->held.rows[h].undated);
        deleted += removed;
    }
    expect_counts(&s->plan, inserted, updated, deleted, unchanged);
}

static void random_windows_agree_with_a_comparison_of_all_pairs(void **state)
{
    (void)state;
    srandom(20261123);
    for (int round = 0; round < 2000; round++) {
        struct fixture *s;
        start((void **)&s);
        long keys = 1 + random() % 60;
        for (long key = 0; key < keys; key++) {
            if (random() % 3)
                hold(&s->held, (uint64_t)key, (uint64_t)(random() % 2), random() % 8 == 0);
            if (random() % 3)
                add_row(&s->batch, (uint64_t)key, (uint64_t)(random() % 2), 100);
        }
        compare(s, march, NULL, NULL, "run");
        expect_what_pairs_say(s);
        end((void **)&s);
    }
}

/* A line that could not be read: its number, and the key that it may have had, 0 if nobody knows.
 */
static void add_unread(struct batch *batch, uint64_t line, uint64_t key)
{
    batch_unread(batch, UNREAD_BLANK)->id = number(line);
    if (key)
        batch_unread_key(batch, number(key));
}

static struct doubt doubt(uint64_t id, const char *run, int32_t first, int32_t last)
{
    struct doubt doubt = {.id = number(id), .first = first, .last = last};

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
    struct fixture *s = *state;

    hold(&s->held, 1, 11, false);
    hold(&s->held, 2, 12, false);
    hold(&s->held, 3, 13, false);
    add_row(&s->batch, 1, 11, 100);
    add_unread(&s->batch, 900, 2);
    compare(s, march, NULL, NULL, "run");
    expect_kept(&s->plan, 1, 1);
    assert_true(hash128_equal(s->plan.removed[0].key, number(3)));
    assert_int_equal(s->plan.missing, 1);
    assert_int_equal(s->plan.doubts.lines.count + s->plan.doubts.rows.count, 0);
}

static void a_new_line_that_may_be_any_row_keeps_all_that_are_missing(void **state)
{
    struct fixture *s = *state;

    hold(&s->held, 1, 11, false);
    hold(&s->held, 2, 12, false);
    hold(&s->held, 3, 13, false);
    add_row(&s->batch, 1, 11, 100);
    add_unread(&s->batch, 900, 0);
    compare(s, march, NULL, NULL, "run");
    expect_kept(&s->plan, 2, 0);
    assert_int_equal(s->plan.missing, 1); /* one line is one row: the guard counts the other */
    assert_int_equal(s->plan.doubts.lines.count, 1);
    assert_string_equal(s->plan.doubts.lines.items[0].run, "run");
    assert_int_equal(s->plan.doubts.rows.count, 2);
}

static void a_line_that_was_there_before_keeps_only_what_it_kept_then(void **state)
{
    struct fixture *s = *state;
    struct doubt lines[] = {doubt(900, "monday", 100, 109)};
    struct doubt rows[] = {doubt(2, "monday", 100, 100), doubt(3, "sunday", 100, 100)};
    const struct doubts before = {.lines = {.items = lines, .count = 1},
                                  .rows = {.items = rows, .count = 2}};

    hold(&s->held, 2, 12, false);
    hold(&s->held, 3, 13, false);
    hold(&s->held, 4, 14, false);
    add_row(&s->batch, 1, 11, 100);
    add_unread(&s->batch, 900, 0);
    compare(s, march, NULL, &before, "tuesday");
    expect_kept(&s->plan, 1, 2); /* the line of sunday is gone, and 4 could be read until now */
    assert_string_equal(s->plan.doubts.lines.items[0].run, "monday");
    assert_string_equal(s->plan.doubts.rows.items[0].run, "monday");
    assert_true(hash128_equal(s->plan.doubts.rows.items[0].id, number(2)));
}

static void the_same_words_on_other_days_are_another_line(void **state)
{
    struct fixture *s = *state;
    struct doubt lines[] = {doubt(900, "monday", 50, 99), doubt(900, "monday", 109, 140)};
    const struct doubts before = {.lines = {.items = lines, .count = 2}};

    hold(&s->held, 2, 12, false);
    add_row(&s->batch, 1, 11, 100);
    add_unread(&s->batch, 900, 0);
    compare(s, march, NULL, &before, "tuesday");
    expect_kept(&s->plan, 1, 0);
}

static void an_undated_row_stays_for_a_line_that_the_cycle_could_not_read(void **state)
{
    struct fixture *s = *state;
    struct snapshot shown = {0};
    const struct unread line = {.id = number(900)};
    struct open_line item = {.line = &line, .since = "sunday"};
    const struct open_lines lines = {.items = &item, .count = 1};
    struct doubt rows[] = {doubt(1, "sunday", 0, 0)};
    const struct doubts before = {.rows = {.items = rows, .count = 1}};

    hold(&s->held, 1, 11, true);
    hold(&s->held, 2, 12, true);
    reconcile_undated(&s->held, &shown, &lines, &before, NULL, "sunday", &s->plan);
    expect_kept(&s->plan, 2, 0);
    plan_done(&s->plan);
    reconcile_undated(&s->held, &shown, &lines, &before, NULL, "next sunday", &s->plan);
    expect_kept(&s->plan, 1, 1);
    assert_true(hash128_equal(s->plan.removed[0].key, number(2)));
}

/* A key of four values in fields 0, 2, 4 and 6 of seven. */
static const size_t key_fields[] = {0, 2, 4, 6};

static struct cell text(const char *text)
{
    return (struct cell){.text = text, .len = strlen(text)};
}

static void a_new_line_keeps_only_rows_that_it_may_be(void **state)
{
    struct fixture *s = *state;
    struct cell fields[] = {text("1"),  text("x"), text("99/99/9999"), text("a"),
                            text("C1"), text("b"), text("T")};
    struct row_keys keys = {.columns = 4};
    const struct cell one[] = {text("1"), text("2025-03-05"), text("C1"), text("T")};
    const struct cell two[] = {text("2"), text("2025-03-05"), text("C1"), text("T")};

    hold(&s->held, 1, 11, false);
    hold(&s->held, 2, 12, false);
    row_keys_add(&keys, number(2), two);
    row_keys_add(&keys, number(1), one);
    row_keys_sort(&keys);
    s->keys = &keys;
    add_unread(&s->batch, 900, 0);
    struct unread *line = &s->batch.unread[0];
    line->fields = fields;
    line->field_count = line->expected_fields = COUNT(fields);
    line->key_fields = key_fields;
    line->key_field_count = 4;
    compare(s, march, NULL, NULL, "run");
    expect_kept(&s->plan, 1, 1);
    assert_true(hash128_equal(s->plan.removed[0].key, number(2)));
    row_keys_done(&keys);
}

static void a_line_whose_guess_the_table_has_not_may_be_any_row(void **state)
{
    struct fixture *s = *state;

    hold(&s->held, 1, 11, false);
    hold(&s->held, 2, 12, false);
    add_row(&s->batch, 1, 11, 100);
    add_unread(&s->batch, 900, 77);
    batch_unread_key(&s->batch, number(78));
    compare(s, march, NULL, NULL, "run");
    expect_kept(&s->plan, 1, 0);
    assert_int_equal(s->plan.doubts.lines.count, 1);
}

/* "1;…;T" has lost its line end, and "2;…;U" stands behind it. That it begins with row 1 is known,
 * so only what is glued to that is asked for. */
static void a_row_that_is_glued_to_a_known_one_stays_too(void **state)
{
    struct fixture *s = *state;
    struct cell fields[] = {text("1"),          text("x"), text("2025-03-05"), text("a"),
                            text("C1"),         text("b"), text("T2"),         text("x"),
                            text("2025-03-06"), text("a"), text("C2"),         text("b"),
                            text("U")};
    const struct cell keys_of[][4] = {{text("1"), text("2025-03-05"), text("C1"), text("T")},
                                      {text("2"), text("2025-03-06"), text("C2"), text("U")},
                                      {text("3"), text("2025-03-05"), text("C1"), text("T2")}};
    struct row_keys keys = {.columns = 4};

    for (uint64_t i = 0; i < 4; i++)
        hold(&s->held, 1 + i, 11, false);
    for (uint64_t i = 0; i < 3; i++)
        row_keys_add(&keys, number(1 + i), keys_of[i]); /* of the fourth nobody knows the values */
    row_keys_sort(&keys);
    s->keys = &keys;
    add_unread(&s->batch, 900, 1);
    struct unread *line = &s->batch.unread[0];
    line->fields = fields;
    line->field_count = COUNT(fields);
    line->expected_fields = 7;
    line->key_fields = key_fields;
    line->key_field_count = 4;
    compare(s, march, NULL, NULL, "run");
    expect_kept(&s->plan, 3, 1);
    assert_true(
        hash128_equal(s->plan.removed[0].key, number(3))); /* like the first, which is known */
    row_keys_done(&keys);
}

/* A new row with an odd byte in its key may be the one that is missing, read wrongly. */
static void a_row_with_an_odd_key_is_doubted_only_if_the_table_has_it_not(void **state)
{
    struct fixture *s = *state;

    hold(&s->held, 1, 11, false);
    hold(&s->held, 2, 12, false);
    add_row(&s->batch, 1, 11, 100);
    add_row(&s->batch, 5, 11, 100);
    batch_unread(&s->batch, UNREAD_ROW)->row = 1;
    s->batch.unread[0].id = number(5);
    compare(s, march, NULL, NULL, "run");
    expect_counts(&s->plan, 1, 0, 0, 1);
    expect_kept(&s->plan, 1, 0);

    plan_done(&s->plan);
    s->batch.unread[0].row = 0;
    s->batch.unread[0].id = number(1);
    compare(s, march, NULL, NULL, "run");
    expect_kept(&s->plan, 0, 1);
    assert_true(hash128_equal(s->plan.removed[0].key, number(2)));
}

static void a_row_that_was_doubted_before_keeps_what_it_kept_then(void **state)
{
    struct fixture *s = *state;
    struct doubt lines[] = {doubt(5, "monday", 100, 109)};
    struct doubt rows[] = {doubt(2, "monday", 100, 100)};
    const struct doubts before = {.lines = {.items = lines, .count = 1},
                                  .rows = {.items = rows, .count = 1}};

    hold(&s->held, 2, 12, false);
    hold(&s->held, 5, 11, false); /* monday's run wrote it */
    for (size_t i = 0; i < 2; i++) {
        add_row(&s->batch, 5, 11, 100);
        batch_unread(&s->batch, UNREAD_ROW)->row = i;
        s->batch.unread[i].id = number(5);
    }
    s->batch.rows[0].superseded = true; /* twice in the file, and one line nevertheless */
    compare(s, march, NULL, &before, "tuesday");
    expect_kept(&s->plan, 1, 0);
    assert_int_equal(s->plan.doubts.lines.count, 1);
    assert_string_equal(s->plan.doubts.lines.items[0].run, "monday");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(new_changed_equal_and_absent_rows_are_told_apart, start,
                                        end),
        cmocka_unit_test_setup_teardown(a_row_that_somebody_moved_to_another_day_is_put_back, start,
                                        end),
        cmocka_unit_test_setup_teardown(a_superseded_row_is_not_there, start, end),
        cmocka_unit_test_setup_teardown(a_window_that_is_not_complete_deletes_nothing, start, end),
        cmocka_unit_test_setup_teardown(an_undated_row_is_compared_but_never_missed, start, end),
        cmocka_unit_test_setup_teardown(
            only_a_full_cycle_that_did_not_show_it_removes_an_undated_row, start, end),
        cmocka_unit_test_setup_teardown(an_insert_is_a_change_only_on_a_day_loaded_before, start,
                                        end),
        cmocka_unit_test_setup_teardown(an_insert_into_days_that_were_never_loaded_is_no_change,
                                        start, end),
        cmocka_unit_test_setup_teardown(a_line_whose_guess_the_table_has_not_may_be_any_row, start,
                                        end),
        cmocka_unit_test_setup_teardown(a_row_that_is_glued_to_a_known_one_stays_too, start, end),
        cmocka_unit_test_setup_teardown(a_row_whose_line_cannot_be_read_stays_and_others_go, start,
                                        end),
        cmocka_unit_test_setup_teardown(a_new_line_that_may_be_any_row_keeps_all_that_are_missing,
                                        start, end),
        cmocka_unit_test_setup_teardown(a_line_that_was_there_before_keeps_only_what_it_kept_then,
                                        start, end),
        cmocka_unit_test_setup_teardown(the_same_words_on_other_days_are_another_line, start, end),
        cmocka_unit_test_setup_teardown(
            an_undated_row_stays_for_a_line_that_the_cycle_could_not_read, start, end),
        cmocka_unit_test_setup_teardown(a_new_line_keeps_only_rows_that_it_may_be, start, end),
        cmocka_unit_test_setup_teardown(
            a_row_with_an_odd_key_is_doubted_only_if_the_table_has_it_not, start, end),
        cmocka_unit_test_setup_teardown(a_row_that_was_doubted_before_keeps_what_it_kept_then,
                                        start, end),
        cmocka_unit_test(random_windows_agree_with_a_comparison_of_all_pairs),
    };

    return cmocka_run_group_tests_name("reconcile", tests, NULL, NULL);
}
