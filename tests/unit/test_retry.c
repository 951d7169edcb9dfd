/* SPDX-License-Identifier: MIT */
/* Retries: the delays, the number of tries, and failures that are not retried. */
#include "run/retry.h"
#include "tests/support/unit.h"

static const struct retry_policy policy = {
    .tries = 4, .first_ms = 1000, .factor = 3, .max_ms = 5000};

static void waits_grow_up_to_the_longest(void **state)
{
    const struct error err = {.transient = true};
    static const int expected[] = {1000, 3000, 5000, 5000};

    (void)state;
    for (int i = 0; i < (int)COUNT(expected); i++)
        assert_int_equal(retry_delay_ms(&policy, i + 1, &err, 0), expected[i]);
}

static void chance_adds_up_to_a_half(void **state)
{
    const struct error err = {.transient = true};

    (void)state;
    assert_int_equal(retry_delay_ms(&policy, 1, &err, 500), 1500);
    assert_int_equal(retry_delay_ms(&policy, 1, &err, 501), 1000);
    for (uint32_t chance = 0; chance < 100000; chance += 7) {
        const int delay = retry_delay_ms(&policy, 2, &err, chance);
        assert_in_range(delay, 3000, 4500);
    }
}

static void who_asks_for_more_gets_more(void **state)
{
    const struct error shorter = {.transient = true, .retry_after_s = 1},
                       longer = {.transient = true, .retry_after_s = 60};

    (void)state;
    assert_int_equal(retry_delay_ms(&policy, 2, &shorter, 0), 3000);
    assert_int_equal(retry_delay_ms(&policy, 2, &longer, 0), 60000);
}

static void nothing_is_waited_for_in_vain(void **state)
{
    struct error lasting = {.transient = false};
    struct error last = {.transient = true};
    struct error far = {.transient = true, .retry_after_s = RETRY_AFTER_MAX_S + 1};

    (void)state;
    assert_false(retry_again(&policy, 1, &lasting));
    assert_false(retry_again(&policy, policy.tries, &last));
    assert_false(retry_again(&policy, 1, &far));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_grow_up_to_the_longest),
        cmocka_unit_test(chance_adds_up_to_a_half),
        cmocka_unit_test(who_asks_for_more_gets_more),
        cmocka_unit_test(nothing_is_waited_for_in_vain),
    };

    return cmocka_run_group_tests_name("retry", tests, NULL, NULL);
}
