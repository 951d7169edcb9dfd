/* SPDX-License-Identifier: MIT */
/* Keeps the values of a query. */
#include "pages/sql_values.h"

#include "base/date.h"

#include <assert.h>
#include <string.h>

unsigned sql_bind(struct sql_values *values, const char *text)
{
    assert(values->count < SQL_VALUES_MAX);
    values->texts[values->count++] = arena_copy(values->arena, text, strlen(text));
    return (unsigned)values->count;
}

unsigned sql_bind_day(struct sql_values *values, int32_t day)
{
    char text[DATE_ISO_SIZE];

    return sql_bind(values, date_format_iso(day, text));
}
