/* SPDX-License-Identifier: MIT */
/* The windows of a run: who is begun, who is compared, who is loaded, whatever order they end in. */
#include "run/window_queue.h"
#include "tests/support/unit.h"

#include <stdlib.h>

enum { WINDOWS = 6, PLACES = 4, MONTH = 30 };

static struct tasks tasks;

/* Neighbours of the first report end on the day on which the next begins; the last one is alone with
 * its report. */
static void begin_with(size_t places, bool compares)
{
    struct ahead_task list[WINDOWS];

    for (size_t i = 0; i < WINDOWS; i++) {
        const int32_t first = (int32_t)i * MONTH;
        list[i] = (struct ahead_task){.report = i == WINDOWS - 1,
                                      .window = {.first = first, .last = first + MONTH}};
    }
    tasks_init(&tasks, list, WINDOWS, places, compares, false);
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
    tasks_done(&tasks);
    return 0;
}

static size_t number_of(const struct task *task)
{
    assert_non_null(task);
    return (size_t)(task - tasks.items);
}

static void end(size_t at, enum error_kind kind)
{
    tasks.items[at].prepared->error.kind = kind;
    tasks_ready(&tasks, &tasks.items[at]);
}

static void expect_taken(size_t expected)
{
    struct ahead_task task;
    struct prepared prepared;

    assert_true(tasks_take(&tasks, &task, &prepared));
    assert_int_equal(task.window.first, expected * MONTH);
    prepared_done(&prepared, false);
}

static void expect_none_to_take(void)
{
    struct ahead_task task;
    struct prepared prepared;

    assert_false(tasks_take(&tasks, &task, &prepared));
}

static void expect_pair(size_t expected)
{
    struct task *earlier = tasks_begin_pair(&tasks);

    assert_int_equal(number_of(earlier), expected);
    tasks_end_pair(&tasks, earlier);
}

static void windows_are_begun_in_order_as_long_as_there_are_places(void **state)
{
    (void)state;
    for (size_t i = 0; i < PLACES; i++)
        assert_int_equal(number_of(tasks_begin(&tasks)), i);
    assert_null(tasks_begin(&tasks));
}

static void a_window_waits_until_both_neighbours_were_compared_with_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++)
        tasks_begin(&tasks);
    end(1, ERROR_NONE);
    assert_null(tasks_begin_pair(&tasks));
    end(2, ERROR_NONE);
    expect_pair(1);
    expect_none_to_take(); /* the one before it is not there yet */
    end(0, ERROR_NONE);
    expect_none_to_take();
    expect_pair(0);
    assert_null(tasks_begin_pair(&tasks)); /* once is enough */
    expect_taken(0);
    expect_taken(1);
    expect_none_to_take(); /* 2 waits for 3 */
}

static void a_pair_that_is_being_compared_is_nobody_elses(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        tasks_begin(&tasks);
        end(i, ERROR_NONE);
    }
    struct task *first = tasks_begin_pair(&tasks);
    assert_int_equal(number_of(first), 0);
    assert_null(tasks_begin_pair(&tasks)); /* 1 is with 0 */
    expect_none_to_take();
    tasks_end_pair(&tasks, first);
    expect_pair(1);
    expect_taken(0);
}

static void one_that_failed_is_compared_with_nobody_and_keeps_nobody_waiting(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++)
        tasks_begin(&tasks);
    end(0, ERROR_NONE);
    end(1, ERROR_PORTAL);
    expect_taken(0);
    expect_taken(1);
    end(2, ERROR_NONE);
    assert_null(tasks_begin_pair(&tasks));
    expect_none_to_take(); /* 2 waits for 3 */
}

static void one_that_a_comparison_has_held_frees_its_other_neighbour(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        tasks_begin(&tasks);
        end(i, ERROR_NONE);
    }
    struct task *first = tasks_begin_pair(&tasks);
    first[1].prepared->error.kind = ERROR_HELD;
    tasks_end_pair(&tasks, first);
    assert_null(tasks_begin_pair(&tasks));
    expect_taken(0);
    expect_taken(1);
}

static void what_is_given_back_is_begun_before_all_others(void **state)
{
    (void)state;
    for (size_t i = 0; i < PLACES; i++)
        tasks_begin(&tasks);
    tasks_return(&tasks, &tasks.items[2]);
    assert_int_equal(number_of(tasks_begin(&tasks)), 2);
    assert_null(tasks_begin(&tasks)); /* the place was its own */
    for (size_t i = 0; i < 2; i++)
        end(i, ERROR_NONE);
    struct task *pair = tasks_begin_pair(&tasks);
    tasks_return(&tasks, pair);
    tasks_return(&tasks, pair + 1);
    assert_int_equal(number_of(tasks_begin(&tasks)), 0);
    assert_int_equal(number_of(tasks_begin(&tasks)), 1);
}

static void a_report_that_is_skipped_is_neither_begun_nor_taken_nor_waited_for(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++)
        tasks_begin(&tasks);
    end(0, ERROR_NONE);
    tasks_skip(&tasks, 0);
    expect_none_to_take();
    assert_int_equal(number_of(tasks_begin(&tasks)), WINDOWS - 1);
    end(WINDOWS - 1, ERROR_NONE);
    expect_taken(WINDOWS - 1);
    assert_int_equal(tasks.left, 2); /* in work */
    end(1, ERROR_NONE);
    tasks_return(&tasks, &tasks.items[2]);
    assert_int_equal(tasks.left, 0);
}

static void the_last_comparison_is_still_something_to_do(void **state)
{
    (void)state;
    begin_with(WINDOWS, true);
    for (size_t i = 0; i < WINDOWS; i++) {
        tasks_begin(&tasks);
        end(i, ERROR_NONE);
    }
    for (size_t i = 0; i + 2 < WINDOWS; i++) {
        expect_pair(i);
    }
    for (size_t i = 0; i < WINDOWS; i++)
        expect_taken(i);
    assert_int_equal(tasks.left, 0);
}

static void where_nothing_is_compared_each_window_is_taken_as_it_comes(void **state)
{
    (void)state;
    tasks_done(&tasks);
    begin_with(PLACES, false);
    for (size_t i = 0; i < 3; i++)
        tasks_begin(&tasks);
    end(2, ERROR_NONE);
    expect_taken(2);
    end(0, ERROR_NONE);
    end(1, ERROR_DATA);
    expect_taken(0);
    expect_taken(1);
}

/* A worker, and what it is doing. */
struct busy {
    struct task *task;
    bool is_pair;
};

static bool find_duty(struct busy *out)
{
    *out = (struct busy){.task = tasks_begin_pair(&tasks), .is_pair = true};
    if (!out->task)
        *out = (struct busy){.task = tasks_begin(&tasks)};
    return out->task;
}

static void end_somehow(struct busy busy)
{
    if (rand() % 10 == 0) { /* its session is gone */
        tasks_return(&tasks, busy.task);
        if (busy.is_pair)
            tasks_return(&tasks, busy.task + 1);
    } else if (busy.is_pair) {
        tasks_end_pair(&tasks, busy.task);
    } else {
        busy.task->prepared->error.kind = rand() % 8 ? ERROR_NONE : ERROR_PORTAL;
        tasks_ready(&tasks, busy.task);
    }
}

static size_t take_all(void)
{
    struct ahead_task task;
    struct prepared prepared;
    size_t count = 0;

    for (; tasks_take(&tasks, &task, &prepared); count++)
        prepared_done(&prepared, false);
    return count;
}

/* Whoever ends first, and whatever is given back: nobody waits for ever. */
static void every_order_of_ends_comes_to_the_end(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 500; seed++) {
        const size_t workers = 1 + seed % 4;
        struct busy busy[4];
        size_t count = 0, taken = 0;
        srand(seed);
        tasks_done(&tasks);
        begin_with(2 * workers, true);
        while (tasks.left) {
            while (count < workers && find_duty(&busy[count]))
                count++;
            assert_true(count > 0); /* else all wait for each other */
            const size_t first = (size_t)rand() % count;
            end_somehow(busy[first]);
            busy[first] = busy[--count];
            taken += take_all();
        }
        assert_int_equal(taken, WINDOWS);
    }
}

static void a_window_that_is_doubted_comes_back_and_is_taken_again(void **state)
{
    struct ahead_task what = {0};
    struct prepared prepared = {0};

    (void)state;
    begin_with(WINDOWS, false);
    for (size_t i = 0; i < WINDOWS; i++) {
        tasks_begin(&tasks);
        end(i, ERROR_NONE);
    }
    assert_true(tasks_take(&tasks, &what, &prepared));
    assert_int_equal(tasks.left, WINDOWS - 1);
    assert_null(tasks_begin_doubted(&tasks));
    prepared.confirmed = false;
    assert_true(tasks_doubt(&tasks, &what, &prepared));
    assert_int_equal(tasks.left, WINDOWS);
    struct task *task = tasks_begin_doubted(&tasks);
    assert_non_null(task);
    assert_int_equal(task->what.window.first, what.window.first);
    assert_null(tasks_begin_doubted(&tasks));
    task->prepared->confirmed = true;
    tasks_ready(&tasks, task);
    assert_true(tasks_take(&tasks, &what, &prepared));
    assert_true(prepared.confirmed);
    prepared_done(&prepared, true);

    /* Of a report that was given up nothing comes back. */
    assert_true(tasks_take(&tasks, &what, &prepared));
    tasks_skip(&tasks, what.report);
    tasks.items[1].dropped = true;
    assert_false(tasks_doubt(&tasks, &what, &prepared));
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
        cmocka_unit_test_setup_teardown(
            a_report_that_is_skipped_is_neither_begun_nor_taken_nor_waited_for, setup, teardown),
        cmocka_unit_test_teardown(the_last_comparison_is_still_something_to_do, teardown),
        cmocka_unit_test_setup_teardown(where_nothing_is_compared_each_window_is_taken_as_it_comes,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(every_order_of_ends_comes_to_the_end, setup, teardown),
    };

    return cmocka_run_group_tests_name("tasks", tests, NULL, NULL);
}
