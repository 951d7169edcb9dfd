/* SPDX-License-Identifier: MIT */
/* Incidents: an outage counts once, however many windows fail in it. */
#include "run/report_run.h"
#include "tests/support/unit.h"

static size_t count(const struct incident *failures, size_t length)
{
    struct incidents incidents = {0};

    for (size_t i = 0; i < length; i++)
        incidents_add(&incidents, failures[i]);
    return incidents.count;
}

#define EXPECT(expected, ...)                                                                      \
    do {                                                                                           \
        const struct incident failures[] = {__VA_ARGS__};                                          \
        assert_int_equal(count(failures, COUNT(failures)), expected);                              \
    } while (0)

static void windows_that_fail_at_the_same_time_are_one_incident(void **state)
{
    (void)state;
    EXPECT(1, {0, 100}, {0, 100}, {10, 90}, {50, 200});
    EXPECT(1, {50, 200}, {0, 100});
}

static void windows_that_fail_one_after_the_other_are_as_many_incidents(void **state)
{
    (void)state;
    EXPECT(2, {0, 100}, {100, 200});
    EXPECT(2, {100, 200}, {0, 100}); /* in either order */
    EXPECT(3, {5, 5}, {5, 5}, {5, 5});
}

/* Four workers fail together while the portal is down: each round is one incident. */
static void an_outage_that_goes_on_is_counted_once_for_each_round(void **state)
{
    (void)state;
    EXPECT(2, {0, 100}, {1, 101}, {2, 102}, {3, 103}, {100, 200}, {101, 201}, {102, 202});
}

/* A failure that overlaps only with an uncounted one is a new incident. Otherwise workers that
 * start one after the other would be retried for ever. */
static void what_overlaps_with_nothing_that_was_counted_is_counted(void **state)
{
    (void)state;
    EXPECT(2, {0, 100}, {50, 150}, {120, 220});
}

static void after_a_success_counting_begins_anew(void **state)
{
    struct incidents incidents = {0};

    (void)state;
    incidents_add(&incidents, (struct incident){0, 100});
    incidents_reset(&incidents);
    assert_int_equal(incidents.count, 0);
    incidents_add(&incidents, (struct incident){50, 150});
    assert_int_equal(incidents.count, 1);
}

static void there_is_a_limit_to_what_is_remembered(void **state)
{
    struct incidents incidents = {0};

    (void)state;
    for (int i = 0; i < 2 * INCIDENTS_MAX; i++)
        incidents_add(&incidents, (struct incident){i, i + 1});
    assert_int_equal(incidents.count, INCIDENTS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_that_fail_at_the_same_time_are_one_incident),
        cmocka_unit_test(windows_that_fail_one_after_the_other_are_as_many_incidents),
        cmocka_unit_test(an_outage_that_goes_on_is_counted_once_for_each_round),
        cmocka_unit_test(what_overlaps_with_nothing_that_was_counted_is_counted),
        cmocka_unit_test(after_a_success_counting_begins_anew),
        cmocka_unit_test(there_is_a_limit_to_what_is_remembered),
    };

    return cmocka_run_group_tests_name("incidents", tests, NULL, NULL);
}
