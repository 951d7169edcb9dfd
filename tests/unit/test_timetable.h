/* What the tests of the timetable share: the timetable of SIGOS, and times by Sao Paulo's clock. */
#ifndef TESTS_UNIT_TEST_TIMETABLE_H
#define TESTS_UNIT_TEST_TIMETABLE_H

#include "base/clock.h"
#include "base/error.h"
#include "model/timetable.h"
#include "tests/support/unit.h"

#include <time.h>

enum { MONDAY_TO_SATURDAY = 0x7E, SUNDAY = 0x01 };

static const struct timetable sigos = {
    .incremental = {.days = MONDAY_TO_SATURDAY,
                    .first = 9 * 60 + 30,
                    .last = 18 * 60 + 30,
                    .every = 60,
                    .late = 60},
    .full = {.days = SUNDAY, .first = 10 * 60, .last = 10 * 60, .every = 24 * 60, .late = 12 * 60},
};

static inline time_t at(const char *local)
{
    struct tm civil = {.tm_isdst = -1};

    assert_non_null(strptime(local, "%Y-%m-%d %H:%M:%S", &civil));
    return mktime(&civil);
}

/* Sets up a group of tests. */
static inline int sao_paulo(void **state)
{
    struct error err;

    (void)state;
    return clock_set_zone("America/Sao_Paulo", &err) ? 0 : -1;
}

#endif
