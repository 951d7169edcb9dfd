/* SPDX-License-Identifier: MIT */
/* The parameters of a PostgreSQL statement: writes numbers, days and instants as texts. */
#include "load/postgres/parameters.h"

#include "base/clock.h"
#include "base/date.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

static const char *keep(struct parameters *p, const char *text)
{
    assert(p->count < (int)(sizeof(p->values) / sizeof(*p->values)));
    return p->values[p->count++] = text;
}

void parameter_text(struct parameters *p, const char *text)
{
    keep(p, text);
}

void parameter_int(struct parameters *p, int64_t number)
{
    char *text = p->texts[p->count];

    snprintf(text, sizeof(*p->texts), "%" PRId64, number);
    keep(p, text);
}

void parameter_count(struct parameters *p, uint64_t number)
{
    parameter_int(p, (int64_t)number);
}

void parameter_real(struct parameters *p, double number)
{
    char *text = p->texts[p->count];

    snprintf(text, sizeof(*p->texts), "%.17g", number);
    keep(p, text);
}

void parameter_day(struct parameters *p, int32_t day)
{
    keep(p, date_format_iso(day, p->texts[p->count]));
}

void parameter_instant(struct parameters *p, time_t when)
{
    keep(p, clock_format_zoned(when, p->texts[p->count]));
}
