/* SPDX-License-Identifier: MIT */
/* Reads the filters of a request. */
#include "pages/filters.h"

#include "base/date.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How much of a wrong value a message repeats. */
enum { ECHO_MAX = 60 };

struct reading {
    uint32_t accepted;
    uint32_t seen;
    int32_t latest;
    struct arena *arena;
    struct filters filters;
    struct filters_problem *problem;
};

/* The bytes of a text that a message repeats: all, or as many whole characters as fit. */
static int echo_len(const char *text)
{
    size_t len = strlen(text);

    if (len > ECHO_MAX)
        for (len = ECHO_MAX; len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80;)
            len--;
    return (int)len;
}

static bool refuse(struct filters_problem *problem, const char *field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool refuse(struct filters_problem *problem, const char *field, const char *format, ...)
{
    va_list args;

    snprintf(problem->field, sizeof(problem->field), "%.*s", echo_len(field), field);
    const int len = snprintf(problem->message, sizeof(problem->message), "%s: ", problem->field);
    va_start(args, format);
    vsnprintf(problem->message + len, sizeof(problem->message) - (size_t)len, format, args);
    va_end(args);
    return false;
}

static bool refuse_value(struct reading *reading, enum filter filter, const char *value)
{
    const struct filter_word *word = filter_rules[filter].words;
    struct filters_problem *problem = reading->problem;

    refuse(problem, filter_name(filter), "%.*s%s %s", echo_len(value), value,
           strlen(value) > ECHO_MAX ? "…" : "", filter_complaint(filter));
    for (const char *before = "; use "; word && word->value; word++, before = ", ") {
        const size_t len = strlen(problem->message);
        snprintf(problem->message + len, sizeof(problem->message) - len, "%s%s", before,
                 word->value);
    }
    return false;
}

/* Returns FILTER_COUNT for a name that is none. */
static enum filter find_filter(const char *name)
{
    enum filter filter = 0;

    while (filter < FILTER_COUNT && strcmp(filter_rules[filter].name, name) != 0)
        filter++;
    return filter;
}

static const char *trimmed(const char *value, struct arena *arena)
{
    value += strspn(value, " ");
    size_t len = strlen(value);
    while (len > 0 && value[len - 1] == ' ')
        len--;
    return arena_copy(arena, value, len);
}

static bool take_team(struct reading *reading, const char *team)
{
    struct filters *filters = &reading->filters;
    const char *with_one_more[FILTERS_TEAMS_MAX + 1];
    size_t count = filters->team_count;

    memcpy(with_one_more, filters->teams, sizeof(filters->teams));
    filter_team_insert(with_one_more, &count, team);
    if (count > FILTERS_TEAMS_MAX)
        return refuse(reading->problem, filter_name(FILTER_EQUIPE), "no máximo %d equipes",
                      FILTERS_TEAMS_MAX);
    memcpy(filters->teams, with_one_more, sizeof(filters->teams));
    filters->team_count = count;
    return true;
}

static bool take_value(struct reading *reading, const struct request_value *given)
{
    const enum filter filter = find_filter(given->name);

    if (filter == FILTER_COUNT || !(reading->accepted & FILTER_BIT(filter)))
        return refuse(reading->problem, given->name, "esta página não tem este filtro");
    if (filter != FILTER_EQUIPE && (reading->seen & FILTER_BIT(filter)))
        return refuse(reading->problem, given->name, "está duas vezes no endereço");
    reading->seen |= FILTER_BIT(filter);
    const char *value = trimmed(given->value, reading->arena);
    if (!*value)
        return true;
    const char *canonical = filter_canonical(filter, value, reading->arena);
    if (!canonical)
        return refuse_value(reading, filter, value);
    if (filter == FILTER_EQUIPE)
        return take_team(reading, canonical);
    reading->filters.values[filter] = canonical;
    return true;
}

static int32_t day_of(const char *iso)
{
    int32_t day = 0;

    date_parse_iso(iso, strlen(iso), &day);
    return day;
}

static void set_days(struct filters *filters, int32_t first, int32_t last)
{
    filters->has_first = filters->has_last = true;
    filters->first = first > DATE_MIN ? first : DATE_MIN;
    filters->last = last;
}

/* 30d and 90d count the latest day; 12m are the latest day's month and the twelve before it. */
static int32_t period_start(const char *period, int32_t latest)
{
    if (strcmp(period, "30d") == 0)
        return latest - 29;
    if (strcmp(period, "90d") == 0)
        return latest - 89;
    if (strcmp(period, "12m") == 0)
        return latest < DATE_MIN + 366 ? DATE_MIN : filter_month_add(latest, -12);
    return filter_month_of(latest);
}

static bool contradicts(const struct reading *reading, enum filter filter, uint32_t others)
{
    return filters_has(&reading->filters, filter) && filters_any(&reading->filters, others);
}

/* Makes the days of de, ate, periodo and dia. */
static bool resolve_days(struct reading *reading)
{
    struct filters *filters = &reading->filters;
    const char *const *values = filters->values;
    const uint32_t ends = FILTER_BIT(FILTER_DE) | FILTER_BIT(FILTER_ATE);

    if (contradicts(reading, FILTER_DIA, ends | FILTER_BIT(FILTER_PERIODO)))
        return refuse(reading->problem, "dia", "não vale junto com de, ate ou periodo");
    if (contradicts(reading, FILTER_PERIODO, ends))
        return refuse(reading->problem, "periodo", "não vale junto com de ou ate");
    if (values[FILTER_DIA])
        set_days(filters, day_of(values[FILTER_DIA]), day_of(values[FILTER_DIA]));
    if (values[FILTER_PERIODO])
        set_days(filters, period_start(values[FILTER_PERIODO], reading->latest), reading->latest);
    if (values[FILTER_DE]) {
        filters->has_first = true;
        filters->first = day_of(values[FILTER_DE]);
    }
    if (values[FILTER_ATE]) {
        filters->has_last = true;
        filters->last = day_of(values[FILTER_ATE]);
    }
    return true;
}

static bool check_days(struct reading *reading)
{
    const struct filters *filters = &reading->filters;
    const int32_t last = filters->has_last ? filters->last : reading->latest;
    char first_text[DATE_ISO_SIZE], last_text[DATE_ISO_SIZE];

    if (!filters->has_first)
        return true;
    if (filters->has_last && filters->first > last)
        return refuse(reading->problem, "de", "%s vem depois de ate, %s",
                      date_format_br(filters->first, first_text), date_format_br(last, last_text));
    /* The same day of the month that many months later is one day too much. */
    const int32_t end =
        filter_month_add(filters->first, FILTERS_MONTHS_MAX) + date_day(filters->first) - 1;
    if (last >= end && !filters->values[FILTER_TUDO])
        return refuse(reading->problem, "de",
                      "o período passa de %d meses; para vê-lo inteiro, acrescente tudo=1",
                      FILTERS_MONTHS_MAX);
    return true;
}

bool filters_read(const struct request *request, uint32_t accepted, int32_t latest,
                  struct arena *arena, struct filters *out, struct filters_problem *problem)
{
    struct reading reading = {
        .accepted = accepted, .latest = latest, .arena = arena, .problem = problem};

    for (size_t i = 0; i < request->value_count; i++)
        if (!take_value(&reading, &request->values[i]))
            return false;
    if (!resolve_days(&reading) || !check_days(&reading))
        return false;
    if (reading.filters.values[FILTER_LIMITE])
        reading.filters.limit = strtoul(reading.filters.values[FILTER_LIMITE], NULL, 10);
    *out = reading.filters;
    return true;
}

bool filters_has(const struct filters *filters, enum filter filter)
{
    return filter == FILTER_EQUIPE ? filters->team_count > 0 : filters->values[filter] != NULL;
}

bool filters_any(const struct filters *filters, uint32_t set)
{
    for (enum filter filter = 0; filter < FILTER_COUNT; filter++)
        if ((set & FILTER_BIT(filter)) && filters_has(filters, filter))
            return true;
    return false;
}

void filters_default_days(struct filters *filters, int32_t first, int32_t last)
{
    if (!filters->has_first && !filters->has_last) {
        set_days(filters, first, last);
    } else if (!filters->has_last) {
        set_days(filters, filters->first, last > filters->first ? last : filters->first);
    } else if (!filters->has_first) {
        set_days(filters, filters->last - (last - first), filters->last);
    }
}

bool filters_band(const struct filters *filters, int32_t *from, int32_t *to)
{
    const char *band = filters->values[FILTER_FAIXA];

    if (!band)
        return false;
    if (*band == '>') {
        *from = (int32_t)strtol(band + 2, NULL, 10) + 1;
        *to = INT32_MAX;
        return true;
    }
    *from = (int32_t)strtol(band, NULL, 10);
    *to = (int32_t)strtol(strchr(band, '-') + 1, NULL, 10);
    return true;
}
