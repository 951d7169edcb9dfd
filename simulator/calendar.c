/* SPDX-License-Identifier: MIT */
/* Computes holidays and the work of a day. */
#include "simulator/calendar.h"

#include "base/date.h"

#include <stddef.h>

/* National holidays, and 20 September, a holiday of Rio Grande do Sul. */
static const struct {
    int month, day;
} fixed[] = {{1, 1}, {4, 21}, {5, 1}, {9, 7}, {9, 20}, {10, 12}, {11, 2}, {11, 15}, {12, 25}};

/* Days from Easter Sunday: Carnival Monday and Tuesday, Good Friday, Corpus Christi. */
static const int movable[] = {-48, -47, -2, 60};

/* Returns Easter Sunday by Gauss's rule with its two exceptions, which holds from 1900 to 2099. */
static int32_t easter(int year)
{
    int d = (19 * (year % 19) + 24) % 30;
    int e = (2 * (year % 4) + 4 * (year % 7) + 6 * d + 5) % 7;
    int offset = d + e;

    if (d == 29 && e == 6)
        offset -= 7;
    if (d == 28 && e == 6 && year % 19 > 10)
        offset -= 7;
    return date_from_civil(year, 3, 22) + offset;
}

bool calendar_holiday(int32_t day)
{
    int year, month, dom;

    date_to_civil(day, &year, &month, &dom);
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        if (fixed[i].month == month && fixed[i].day == dom)
            return true;
    for (size_t i = 0; i < sizeof movable / sizeof movable[0]; i++)
        if (easter(year) + movable[i] == day)
            return true;
    return false;
}

uint32_t calendar_load(int32_t day)
{
    /* The sum is a little more than 7,000, so that the average of a year with its holidays is
     * 1,000. */
    static const uint32_t week[] = {150, 1290, 1380, 1400, 1340, 1190, 460};

    return calendar_holiday(day) ? 120 : week[date_weekday(day)];
}
