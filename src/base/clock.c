/* SPDX-License-Identifier: MIT */
/* Reads the clock and formats times in the process's time zone. */
#include "base/clock.h"

#include "base/date.h"
#include "base/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

bool clock_set_zone(const char *zone, struct error *err)
{
    char path[256];
    const char *dir = getenv("TZDIR");

    snprintf(path, sizeof(path), "%s/%s", dir ? dir : "/usr/share/zoneinfo", zone);
    if (access(path, R_OK) != 0)
        return error_set(
            err, ERROR_CONFIG,
            "time zone %s: no data at %s (install tzdata or correct the profile's zone)", zone,
            path);
    setenv("TZ", zone, 1);
    tzset();
    return true;
}

time_t clock_now(void)
{
    return time(NULL);
}

int32_t clock_day_of(time_t when)
{
    struct tm civil;

    localtime_r(&when, &civil);
    return date_from_civil(civil.tm_year + 1900, civil.tm_mon + 1, civil.tm_mday);
}

int32_t clock_today(void)
{
    return clock_day_of(clock_now());
}

char *clock_format_local(time_t when, char text[CLOCK_STAMP_SIZE])
{
    struct tm civil;

    localtime_r(&when, &civil);
    strftime(text, CLOCK_STAMP_SIZE, "%Y-%m-%d %H:%M:%S", &civil);
    return text;
}

char *clock_format_zoned(time_t when, char text[CLOCK_STAMP_SIZE])
{
    struct tm civil;

    localtime_r(&when, &civil);
    size_t len = strftime(text, CLOCK_STAMP_SIZE, "%Y-%m-%dT%H:%M:%S", &civil);
    long offset = civil.tm_gmtoff / 60;
    unsigned minutes = (unsigned)labs(offset);
    snprintf(text + len, CLOCK_STAMP_SIZE - len, "%c%02u:%02u", offset < 0 ? '-' : '+',
             minutes / 60 % 100, minutes % 60);
    return text;
}

int64_t clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
