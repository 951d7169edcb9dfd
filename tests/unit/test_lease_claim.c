/* SPDX-License-Identifier: MIT */
#include "load/lease_claim.h"
#include "tests/support/unit.h"

#include "base/date.h"
#include "base/mem.h"

#include <string.h>

static bool says_dead(const char *holder)
{
    return strcmp(holder, "dead") == 0;
}

static enum lease_verdict judge(const char *wanted, const char *held)
{
    const struct lease lease = {.run_id = "run-1", .name = wanted, .is_dead = says_dead};
    const struct lease_row row = {.name = held, .run_id = "run-2", .holder = "alive"};

    return lease_judge(&lease, &row);
}

static void a_name_has_the_report_and_its_days(void **state)
{
    MEM_FREE_TEXT char *name =
        lease_name_of_days("visits", date_from_civil(2024, 2, 29), date_from_civil(2024, 3, 31));

    (void)state;
    assert_string_equal(name, "visits 2024-02-29 2024-03-31");
}

static void leases_stand_in_each_others_way_if_they_have_a_day_in_common(void **state)
{
    static const struct {
        const char *one, *other;
        bool overlap;
    } cases[] = {
        {NULL, LEASE_ALL, true},
        {"visits 2024-01-01 2024-01-31", LEASE_ALL, true},
        {NULL, "visits 2024-01-01 2024-01-31", true},
        {"visits 2024-01-01 2024-01-31", "visits 2024-01-31 2024-02-28", true},
        {"visits 2024-01-01 2024-01-31", "visits 2024-02-01 2024-02-28", false},
        {"visits 2024-02-01 2024-02-28", "visits 2024-01-01 2024-01-31", false},
        {"visits 2024-01-01 2024-12-31", "visits 2024-03-03 2024-03-03", true},
        {"visits 2024-03-03 2024-03-03", "visits 2024-01-01 2024-12-31", true},
        {"visits 2024-01-01 2024-01-31", "visit 2024-01-01 2024-01-31", false},
        {"my visits 2024-01-01 2024-01-31", "visits 2024-01-01 2024-01-31", false},
        {"my visits 2024-01-01 2024-01-31", "my visits 2024-01-01 2024-01-31", true},
        /* what a newer program may write */
        {"visits 2024-01-01 2024-01-31", "visits 2024-01", true},
        {"visits 2024-01-01 2024-01-31", "visits 2024-13-01 2024-13-31", true},
        {"visits 2024-01-01 2024-01-31", " 2024-01-01 2024-01-31", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        if (judge(cases[i].one, cases[i].other) != (cases[i].overlap ? LEASE_HELD : LEASE_APART))
            fail_msg("%s and %s", cases[i].one, cases[i].other);
}

static void what_nobody_who_lives_holds_is_taken(void **state)
{
    const struct lease wanted = {.run_id = "run-1", .is_dead = says_dead};
    struct lease_row row = {.name = LEASE_ALL, .run_id = "run-2", .holder = "alive"};

    (void)state;
    assert_int_equal(lease_judge(&wanted, &row), LEASE_HELD);
    row.expired = true;
    assert_int_equal(lease_judge(&wanted, &row), LEASE_DEAD);
    row = (struct lease_row){.name = LEASE_ALL, .run_id = "run-2", .holder = "dead"};
    assert_int_equal(lease_judge(&wanted, &row), LEASE_DEAD);
    row = (struct lease_row){.name = LEASE_ALL, .run_id = "run-1", .holder = "alive"};
    assert_int_equal(lease_judge(&wanted, &row), LEASE_DEAD);
    row = (struct lease_row){.name = LEASE_ALL, .holder = "alive"};
    assert_int_equal(lease_judge(&wanted, &row), LEASE_APART);
}

static void a_lease_of_days_covers_windows_that_decide_some_of_them(void **state)
{
    const struct lease days = {.run_id = "run-1", .name = "visits 1970-01-11 1970-01-20"};
    const struct lease all = {.run_id = "run-1"};
    const struct window none = {.own_first = 0, .own_last = -1};
    const struct window inside = {.first = 10, .last = 20, .own_first = 10, .own_last = 19};
    const struct window before = {.own_first = 9, .own_last = 12};
    const struct window behind = {.own_first = 12, .own_last = 20};

    (void)state;
    assert_true(lease_covers(&days, "visits", inside));
    assert_false(lease_covers(&days, "visit", inside));
    assert_false(lease_covers(&days, "visits", before));
    assert_false(lease_covers(&days, "visits", behind));
    assert_false(lease_covers(&days, "visits", none)); /* the undated rows of a whole cycle */
    assert_true(lease_covers(&all, "visits", behind));
    assert_true(lease_covers(&all, "visits", none));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_has_the_report_and_its_days),
        cmocka_unit_test(leases_stand_in_each_others_way_if_they_have_a_day_in_common),
        cmocka_unit_test(what_nobody_who_lives_holds_is_taken),
        cmocka_unit_test(a_lease_of_days_covers_windows_that_decide_some_of_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
