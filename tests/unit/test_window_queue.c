/* SPDX-License-Identifier: MIT */
/* The queue of a run's windows: the next one to begin, to compare and to load, in any order of
 * ends.
 */
#include "run/window_queue.h"
#include "tests/support/unit.h"

#include <stdlib.h>

enum { WINDOWS = 6, PLACES = 4, MONTH = 30 };

static struct window_queue queue;

/* Begins a queue. Each window of the first report ends on the day on which the next one begins. The
 * last window is the only one of its report. */
static void begin_with(size_t places, bool compares)
{
    struct report_window list[WINDOWS];

    for (size_t i = 0; i < WINDOWS; i++) {
        const int32_t first = (int32_t)i * MONTH;
        list[i] = (struct report_window){.report = i == WINDOWS - 1,
                                         .window = {.first = first, .last = first + MONTH}};
    }
    window_queue_init(&queue, list, WINDOWS, places, compares, false);
}

static int setup(void **state)
{
    (void)state;
    begin_with(PLACES, true);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    window_queue_done(&queue);
    return 0;
}

static size_t number_of(const struct queue_entry *entry)
{
    assert_non_null(entry);
    return (size_t)(entry - queue.items);
}

static void end(size_t at, enum error_kind kind)
{
    queue.items[at].prepared->error.kind = kind;
    window_queue_ready(&queue, &queue.items[at]);
}

static void expect_taken(size_t expected)
{
    struct report_window what;
    struct prepared prepared;

    assert_true(window_queue_take(&queue, &what, &prepared));
    assert_int_equal(what.window.first, expected * MONTH);
    prepared_done(&prepared, false);
}

static void expect_none_to_take(void)
{
    struct report_window what;
    struct prepared prepared;

    assert_false(window_queue_take(&queue, &what, &prepared));
}

static void expect_pair(size_t expected)
{
    struct queue_entry *earlier = window_queue_begin_pair(&queue);

    assert_int_equal(number_of(earlier), expected);
    window_queue_end_pair(&queue, earlier);
}

static void windows_are_begun_in_order_as_long_as_there_are_places(void **state)
{
    (void)state;
    for (size_t i = 0; i < PLACES; i++)
        assert_int_equal(number_of(window_queue_begin(&queue)), i);
    assert_null(window_queue_begin(&queue));
}

static void a_window_waits_until_both_neighbours_were_compared_with_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++)
        window_queue_begin(&queue);
    end(1, ERROR_NONE);
    assert_null(window_queue_begin_pair(&queue));
    end(2, ERROR_NONE);
    expect_pair(1);
    expect_none_to_take(); /* the window before it is not exported yet */
    end(0, ERROR_NONE);
    expect_none_to_take();
    expect_pair(0);
    assert_null(window_queue_begin_pair(&queue)); /* a pair is compared once */
    expect_taken(0);
    expect_taken(1);
    expect_none_to_take(); /* 2 waits for 3 */
}

static void a_pair_that_is_being_compared_is_nobody_elses(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        window_queue_begin(&queue);
        end(i, ERROR_NONE);
    }
    struct queue_entry *first = window_queue_begin_pair(&queue);
    assert_int_equal(number_of(first), 0);
    assert_null(window_queue_begin_pair(&queue)); /* 1 is being compared with 0 */
    expect_none_to_take();
    window_queue_end_pair(&queue, first);
    expect_pair(1);
    expect_taken(0);
}

static void one_that_failed_is_compared_with_nobody_and_keeps_nobody_waiting(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++)
        window_queue_begin(&queue);
    end(0, ERROR_NONE);
    end(1, ERROR_PORTAL);
    expect_taken(0);
    expect_taken(1);
    end(2, ERROR_NONE);
    assert_null(window_queue_begin_pair(&queue));
    expect_none_to_take(); /* 2 waits for 3 */
}

static void one_that_a_comparison_has_held_frees_its_other_neighbour(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        window_queue_begin(&queue);
        end(i, ERROR_NONE);
    }
    struct queue_entry *first = window_queue_begin_pair(&queue);
    first[1].prepared->error.kind = ERROR_HELD;
    window_queue_end_pair(&queue, first);
    assert_null(window_queue_begin_pair(&queue));
    expect_taken(0);
    expect_taken(1);
}

static void what_is_given_back_is_begun_before_all_others(void **state)
{
    (void)state;
    for (size_t i = 0; i < PLACES; i++)
        window_queue_begin(&queue);
    window_queue_return(&queue, &queue.items[2]);
    assert_int_equal(number_of(window_queue_begin(&queue)), 2);
    assert_null(window_queue_begin(&queue)); /* the returned window took its old place */
}

static bool remembers(const struct prepared *prepared, uint64_t number)
{
    return key_set_has(&prepared->shown, (struct hash128){.low = number});
}

/* Gives a pair back, as after a session that was lost in a comparison. */
static void fail_and_return(struct queue_entry *entry)
{
    error_set(&entry->prepared->error, ERROR_HELD, "the portal lets us in no more");
    window_queue_return(&queue, entry);
}

static void a_pair_that_is_given_back_keeps_what_its_windows_have(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        window_queue_begin(&queue);
        key_set_add(&queue.items[i].prepared->shown, (struct hash128){.low = i + 1});
        end(i, ERROR_NONE);
    }
    struct queue_entry *pair = window_queue_begin_pair(&queue);
    fail_and_return(pair);
    fail_and_return(pair + 1);
    expect_none_to_take(); /* the windows are not compared yet */
    /* 2 is next, the first ones are not begun again. */
    assert_int_equal(number_of(window_queue_begin(&queue)), 2);
    assert_ptr_equal(window_queue_begin_pair(&queue), pair);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(pair[i].prepared->error.kind, ERROR_NONE);
        assert_true(remembers(pair[i].prepared, i + 1));
    }
    window_queue_end_pair(&queue, pair);
    expect_taken(0);
}

static void a_doubted_window_that_is_given_back_keeps_what_exports_have_shown(void **state)
{
    struct report_window what;
    struct prepared prepared;

    (void)state;
    window_queue_done(&queue);
    begin_with(PLACES, false);
    window_queue_begin(&queue);
    key_set_add(&queue.items[0].prepared->shown, (struct hash128){.low = 7});
    end(0, ERROR_NONE);
    assert_true(window_queue_take(&queue, &what, &prepared));
    assert_true(window_queue_doubt(&queue, &what, &prepared));
    struct queue_entry *entry = window_queue_begin_doubted(&queue);
    entry->prepared->confirmed = true;
    fail_and_return(entry);
    expect_none_to_take();
    assert_ptr_equal(window_queue_begin_doubted(&queue), entry);
    assert_false(entry->prepared->confirmed);
    assert_int_equal(entry->prepared->error.kind, ERROR_NONE);
    assert_true(remembers(entry->prepared, 7));
    end(0, ERROR_NONE);
    expect_taken(0);
}

static void a_report_that_is_skipped_is_neither_begun_nor_taken_nor_waited_for(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++)
        window_queue_begin(&queue);
    end(0, ERROR_NONE);
    window_queue_skip(&queue, 0);
    expect_none_to_take();
    assert_int_equal(number_of(window_queue_begin(&queue)), WINDOWS - 1);
    end(WINDOWS - 1, ERROR_NONE);
    expect_taken(WINDOWS - 1);
    assert_int_equal(queue.left, 2); /* in work */
    end(1, ERROR_NONE);
    window_queue_return(&queue, &queue.items[2]);
    assert_int_equal(queue.left, 0);
}

static void the_last_comparison_is_still_something_to_do(void **state)
{
    (void)state;
    begin_with(WINDOWS, true);
    for (size_t i = 0; i < WINDOWS; i++) {
        window_queue_begin(&queue);
        end(i, ERROR_NONE);
    }
    for (size_t i = 0; i + 2 < WINDOWS; i++) {
        expect_pair(i);
    }
    for (size_t i = 0; i < WINDOWS; i++)
        expect_taken(i);
    assert_int_equal(queue.left, 0);
}

static void where_nothing_is_compared_each_window_is_taken_as_it_comes(void **state)
{
    (void)state;
    window_queue_done(&queue);
    begin_with(PLACES, false);
    for (size_t i = 0; i < 3; i++)
        window_queue_begin(&queue);
    end(2, ERROR_NONE);
    expect_taken(2);
    end(0, ERROR_NONE);
    end(1, ERROR_DATA);
    expect_taken(0);
    expect_taken(1);
}

/* A worker and its work. */
struct busy {
    struct queue_entry *entry;
    bool is_pair;
};

static bool find_assignment(struct busy *out)
{
    *out = (struct busy){.entry = window_queue_begin_pair(&queue), .is_pair = true};
    if (!out->entry)
        *out = (struct busy){.entry = window_queue_begin(&queue)};
    return out->entry;
}

static void end_or_return(struct busy busy)
{
    if (rand() % 10 == 0) { /* its session is lost */
        window_queue_return(&queue, busy.entry);
        if (busy.is_pair)
            window_queue_return(&queue, busy.entry + 1);
    } else if (busy.is_pair) {
        window_queue_end_pair(&queue, busy.entry);
    } else {
        busy.entry->prepared->error.kind = rand() % 8 ? ERROR_NONE : ERROR_PORTAL;
        window_queue_ready(&queue, busy.entry);
    }
}

static size_t take_all(void)
{
    struct report_window what;
    struct prepared prepared;
    size_t count = 0;

    for (; window_queue_take(&queue, &what, &prepared); count++)
        prepared_done(&prepared, false);
    return count;
}

/* Random orders of ends and windows given back: no worker waits for ever. */
static void every_order_of_ends_comes_to_the_end(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 500; seed++) {
        const size_t workers = 1 + seed % 4;
        struct busy busy[4];
        size_t count = 0, taken = 0;
        srand(seed);
        window_queue_done(&queue);
        begin_with(2 * workers, true);
        while (queue.left) {
            while (count < workers && find_assignment(&busy[count]))
                count++;
            assert_true(count > 0); /* otherwise all workers wait for each other */
            const size_t first = (size_t)rand() % count;
            end_or_return(busy[first]);
            busy[first] = busy[--count];
            taken += take_all();
        }
        assert_int_equal(taken, WINDOWS);
    }
}

static void a_window_that_is_doubted_comes_back_and_is_taken_again(void **state)
{
    struct report_window what = {0};
    struct prepared prepared = {0};

    (void)state;
    begin_with(WINDOWS, false);
    for (size_t i = 0; i < WINDOWS; i++) {
        window_queue_begin(&queue);
        end(i, ERROR_NONE);
    }
    assert_true(window_queue_take(&queue, &what, &prepared));
    assert_int_equal(queue.left, WINDOWS - 1);
    assert_null(window_queue_begin_doubted(&queue));
    prepared.confirmed = false;
    assert_true(window_queue_doubt(&queue, &what, &prepared));
    assert_int_equal(queue.left, WINDOWS);
    struct queue_entry *entry = window_queue_begin_doubted(&queue);
    assert_non_null(entry);
    assert_int_equal(entry->what.window.first, what.window.first);
    assert_null(window_queue_begin_doubted(&queue));
    entry->prepared->confirmed = true;
    window_queue_ready(&queue, entry);
    assert_true(window_queue_take(&queue, &what, &prepared));
    assert_true(prepared.confirmed);
    prepared_done(&prepared, true);

    /* No window of a report that was given up is returned. */
    assert_true(window_queue_take(&queue, &what, &prepared));
    window_queue_skip(&queue, what.report);
    queue.items[1].dropped = true;
    assert_false(window_queue_doubt(&queue, &what, &prepared));
    prepared_done(&prepared, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_window_that_is_doubted_comes_back_and_is_taken_again,
                                        NULL, teardown),
        cmocka_unit_test_setup_teardown(windows_are_begun_in_order_as_long_as_there_are_places,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_window_waits_until_both_neighbours_were_compared_with_it,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_pair_that_is_being_compared_is_nobody_elses, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            one_that_failed_is_compared_with_nobody_and_keeps_nobody_waiting, setup, teardown),
        cmocka_unit_test_setup_teardown(one_that_a_comparison_has_held_frees_its_other_neighbour,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_given_back_is_begun_before_all_others, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_pair_that_is_given_back_keeps_what_its_windows_have,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_doubted_window_that_is_given_back_keeps_what_exports_have_shown, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_report_that_is_skipped_is_neither_begun_nor_taken_nor_waited_for, setup, teardown),
        cmocka_unit_test_teardown(the_last_comparison_is_still_something_to_do, teardown),
        cmocka_unit_test_setup_teardown(where_nothing_is_compared_each_window_is_taken_as_it_comes,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(every_order_of_ends_comes_to_the_end, setup, teardown),
    };

    return cmocka_run_group_tests_name("window_queue", tests, NULL, NULL);
}
