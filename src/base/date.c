/* SPDX-License-Identifier: MIT */
/* Converts day numbers and civil dates by counting 400-year cycles. */
#include "base/date.h"

#include <stdio.h>
#include <string.h>

enum { DAYS_PER_ERA = 146097, DAYS_TO_1970 = 719468 };

bool date_valid(int year, int month, int day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= lengths[month - 1] + (month == 2 && leap);
}

/* Years are counted from March so that the leap day is the last of the year. */
int32_t date_from_civil(int year, int month, int day)
{
    int y = month > 2 ? year : year - 1;
    int era = y / 400;
    int year_of_era = y - era * 400;
    int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970;
}

void date_to_civil(int32_t date, int *year, int *month, int *day)
{
    int z = date + DAYS_TO_1970;
    int era = (z >= 0 ? z : z - DAYS_PER_ERA + 1) / DAYS_PER_ERA;
    int day_of_era = z - era * DAYS_PER_ERA;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int m = (5 * day_of_year + 2) / 153;

    *day = day_of_year - (153 * m + 2) / 5 + 1;
    *month = m < 10 ? m + 3 : m - 9;
    *year = year_of_era + era * 400 + (*month <= 2);
}

static int digits(const char *text, size_t count)
{
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

bool date_parse_iso(const char *text, size_t len, int32_t *out)
{
    if (len != 10 || text[4] != '-' || text[7] != '-')
        return false;
    int year = digits(text, 4), month = digits(text + 5, 2), day = digits(text + 8, 2);
    if (!date_valid(year, month, day))
        return false;
    *out = date_from_civil(year, month, day);
    return true;
}

bool date_parse_br(const char *text, size_t len, int32_t *out)
{
    if (len != 10 || !strchr("/.-", text[2]) || text[5] != text[2])
        return false;
    int day = digits(text, 2), month = digits(text + 3, 2), year = digits(text + 6, 4);
    if (!date_valid(year, month, day))
        return false;
    *out = date_from_civil(year, month, day);
    return true;
}

/* Writes `number` with `count` digits. It avoids snprintf because every date cell of every row
 * needs it. */
static char *put_digits(char *to, int number, int count)
{
    for (int i = count; i-- > 0; number /= 10)
        to[i] = (char)('0' + number % 10);
    return to + count;
}

char *date_format_iso(int32_t date, char text[DATE_ISO_SIZE])
{
    int year, month, day;
    char *to = text;

    date_to_civil(date, &year, &month, &day);
    to = put_digits(to, year, 4);
    *to++ = '-';
    to = put_digits(to, month, 2);
    *to++ = '-';
    to = put_digits(to, day, 2);
    *to = '\0';
    return text;
}

char *date_format_br(int32_t date, char text[DATE_ISO_SIZE])
{
    int year, month, day;

    date_to_civil(date, &year, &month, &day);
    snprintf(text, DATE_ISO_SIZE, "%02u/%02u/%04u", (unsigned)day % 100U, (unsigned)month % 100U,
             (unsigned)year % 10000U);
    return text;
}

int date_day(int32_t date)
{
    int year, month, day;

    date_to_civil(date, &year, &month, &day);
    return day;
}

int date_weekday(int32_t date)
{
    return (int)(((date % 7) + 11) % 7); /* 1970-01-01 was a Thursday */
}
