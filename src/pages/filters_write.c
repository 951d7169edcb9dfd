/* SPDX-License-Identifier: MIT */
/* Writes the filters as links, sentences, JSON and SQL. */
#include "pages/filters.h"

#include "base/date.h"
#include "base/url.h"
#include "pages/format.h"
#include "pages/html.h"

#include <assert.h>
#include <string.h>

#define PERIOD_BITS                                                                                \
    (FILTER_BIT(FILTER_DE) | FILTER_BIT(FILTER_ATE) | FILTER_BIT(FILTER_PERIODO) |                 \
     FILTER_BIT(FILTER_DIA))

static void remove_set(struct filters *filters, uint32_t set)
{
    for (enum filter filter = 0; filter < FILTER_COUNT; filter++)
        if (set & FILTER_BIT(filter))
            filters->values[filter] = NULL;
    if (set & FILTER_BIT(FILTER_EQUIPE))
        filters->team_count = 0;
}

/* The filters that cannot be given beside this one. */
static uint32_t rivals_of(enum filter filter)
{
    switch (filter) {
    case FILTER_DE:
    case FILTER_ATE:
        return FILTER_BIT(FILTER_PERIODO) | FILTER_BIT(FILTER_DIA);
    case FILTER_PERIODO:
    case FILTER_DIA:
        return PERIOD_BITS & ~FILTER_BIT(filter);
    default:
        return 0;
    }
}

static void change(struct filters *filters, const struct filter_change *to)
{
    if (to->filter == FILTER_EQUIPE) {
        assert(filters->team_count < FILTERS_TEAMS_MAX);
        if (to->value)
            filter_team_insert(filters->teams, &filters->team_count, to->value);
        return;
    }
    if (to->value)
        remove_set(filters, rivals_of(to->filter));
    filters->values[to->filter] = to->value;
}

/* What a change replaces altogether: the row to go on from, and the teams. */
static uint32_t replaced_by(const struct filter_change *changes, size_t count)
{
    uint32_t set = count ? FILTER_BIT(FILTER_APOS) : 0;

    for (size_t i = 0; i < count; i++)
        set |= FILTER_BIT(changes[i].filter);
    return set;
}

static void add_pair(struct buf *out, bool *first, enum filter filter, const char *value)
{
    buf_add_char(out, *first ? '?' : '&');
    *first = false;
    buf_add_text(out, filter_name(filter));
    buf_add_char(out, '=');
    url_add_encoded(out, value);
}

void filters_link(struct buf *out, const char *path, uint32_t carried,
                  const struct filters *filters, const struct filter_change *changes,
                  size_t change_count)
{
    struct filters linked = *filters;
    bool first = true;

    remove_set(&linked, ~carried | replaced_by(changes, change_count));
    for (size_t i = 0; i < change_count; i++)
        change(&linked, &changes[i]);
    buf_add_text(out, path);
    for (enum filter filter = 0; filter < FILTER_COUNT; filter++) {
        if (filter == FILTER_EQUIPE)
            for (size_t i = 0; i < linked.team_count; i++)
                add_pair(out, &first, filter, linked.teams[i]);
        else if (linked.values[filter])
            add_pair(out, &first, filter, linked.values[filter]);
    }
}

/* Adds what stands between two parts of a sentence. */
static void next_part(struct buf *out, size_t start)
{
    if (out->len > start)
        buf_add_text(out, " · ");
}

static void add_period(struct buf *out, const struct filters *filters)
{
    if (filters->has_first && filters->has_last) {
        format_date(out, filters->first);
        if (filters->first != filters->last) {
            buf_add_text(out, " a ");
            format_date(out, filters->last);
        }
    } else if (filters->has_first) {
        buf_add_text(out, "desde ");
        format_date(out, filters->first);
    } else if (filters->has_last) {
        buf_add_text(out, "até ");
        format_date(out, filters->last);
    }
}

static void add_teams(struct buf *out, const struct filters *filters)
{
    buf_add_text(out, format_plural((int64_t)filters->team_count, "equipe ", "equipes "));
    for (size_t i = 0; i < filters->team_count; i++) {
        if (i > 0)
            buf_add_text(out, ", ");
        buf_add_text(out, filters->teams[i]);
    }
}

static void add_month(struct buf *out, const char *iso)
{
    int32_t day;

    if (date_parse_iso(iso, strlen(iso), &day))
        format_month_long(out, day);
}

/* Returns how a sentence calls a value of a filter that has words; NULL: it does not tell it. */
static const char *phrase_of(enum filter filter, const char *value)
{
    for (const struct filter_word *word = filter_rules[filter].words; word && word->value; word++)
        if (strcmp(word->value, value) == 0)
            return word->phrase;
    return NULL;
}

static void add_told(struct buf *out, enum filter filter, const char *value, size_t start)
{
    const char *phrase = phrase_of(filter, value);

    if (filter == FILTER_MES) {
        next_part(out, start);
        add_month(out, value);
    } else if (phrase) {
        next_part(out, start);
        buf_add_text(out, phrase);
    } else if (filter_rules[filter].phrase) {
        next_part(out, start);
        buf_addf(out, "%s ", filter_rules[filter].phrase);
        buf_add_text(out, value);
    }
}

void filters_sentence(struct buf *out, const struct filters *filters)
{
    const size_t start = out->len;

    add_period(out, filters);
    for (enum filter filter = 0; filter < FILTER_COUNT; filter++) {
        if (!filters_has(filters, filter))
            continue;
        if (filter == FILTER_EQUIPE) {
            next_part(out, start);
            add_teams(out, filters);
        } else {
            add_told(out, filter, filters->values[filter], start);
        }
    }
}

static void add_member(struct buf *out, bool *first, enum filter filter)
{
    if (!*first)
        buf_add_char(out, ',');
    *first = false;
    html_json_text(out, filter_name(filter));
    buf_add_char(out, ':');
}

static void add_json_teams(struct buf *out, const struct filters *filters)
{
    buf_add_char(out, '[');
    for (size_t i = 0; i < filters->team_count; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        html_json_text(out, filters->teams[i]);
    }
    buf_add_char(out, ']');
}

/* The text of a filter in JSON: as given, or of de and ate the day that a period comes to; NULL:
 * none. `day` is where it may be written. */
static const char *json_value(const struct filters *filters, enum filter filter,
                              char day[DATE_ISO_SIZE])
{
    if (!filters->values[FILTER_DIA] && filter == FILTER_DE && filters->has_first)
        return date_format_iso(filters->first, day);
    if (!filters->values[FILTER_DIA] && filter == FILTER_ATE && filters->has_last)
        return date_format_iso(filters->last, day);
    return filters->values[filter];
}

void filters_json(struct buf *out, const struct filters *filters)
{
    bool first = true;

    buf_add_char(out, '{');
    for (enum filter filter = 0; filter < FILTER_COUNT; filter++) {
        char day[DATE_ISO_SIZE];
        const char *value = json_value(filters, filter, day);
        if (filter == FILTER_EQUIPE && filters->team_count > 0) {
            add_member(out, &first, filter);
            add_json_teams(out, filters);
        } else if (value) {
            add_member(out, &first, filter);
            html_json_text(out, value);
        }
    }
    buf_add_char(out, '}');
}

/* The condition that is being written. */
struct where {
    struct buf *sql;
    struct sql_values *values;
    const struct filters *filters;
    uint32_t without_column;
};

static int32_t grain_start(enum filter_grain grain, int32_t day)
{
    switch (grain) {
    case GRAIN_WEEK:
        day -= (date_weekday(day) + 6) % 7; /* its Monday */
        return day > DATE_MIN ? day : DATE_MIN;
    case GRAIN_MONTH:
        return filter_month_of(day);
    default:
        return day;
    }
}

static void add_days(struct where *where, const struct filter_columns *columns, int32_t first,
                     int32_t last, bool has_first, bool has_last)
{
    if (has_first)
        buf_addf(where->sql, " AND %s >= $%u", columns->date,
                 sql_bind_day(where->values, grain_start(columns->grain, first)));
    if (has_last)
        buf_addf(where->sql, " AND %s <= $%u", columns->date, sql_bind_day(where->values, last));
}

static void add_period_and_month(struct where *where, const struct filter_columns *columns)
{
    const struct filters *filters = where->filters;
    const char *month = filters->values[FILTER_MES];
    int32_t first;

    if (!columns->date) {
        for (enum filter filter = 0; filter < FILTER_COUNT; filter++)
            if ((PERIOD_BITS | FILTER_BIT(FILTER_MES)) & FILTER_BIT(filter) &&
                filters_has(filters, filter))
                where->without_column |= FILTER_BIT(filter);
        return;
    }
    add_days(where, columns, filters->first, filters->last, filters->has_first, filters->has_last);
    if (month && date_parse_iso(month, strlen(month), &first))
        add_days(where, columns, first, filter_month_add(first, 1) - 1, true, true);
}

static void add_equal(struct where *where, enum filter filter, const char *column)
{
    const char *value = where->filters->values[filter];

    if (value && !column)
        where->without_column |= FILTER_BIT(filter);
    else if (value)
        buf_addf(where->sql, " AND %s = $%u", column, sql_bind(where->values, value));
}

static void add_any_team(struct where *where, const char *column)
{
    const struct filters *filters = where->filters;

    if (filters->team_count == 0)
        return;
    if (!column) {
        where->without_column |= FILTER_BIT(FILTER_EQUIPE);
        return;
    }
    buf_addf(where->sql, " AND %s IN (", column);
    for (size_t i = 0; i < filters->team_count; i++)
        buf_addf(where->sql, "%s$%u", i ? ", " : "", sql_bind(where->values, filters->teams[i]));
    buf_add_char(where->sql, ')');
}

uint32_t filters_where(struct buf *sql, struct sql_values *values, const struct filters *filters,
                       const struct filter_columns *columns)
{
    struct where where = {.sql = sql, .values = values, .filters = filters};

    add_period_and_month(&where, columns);
    add_equal(&where, FILTER_REGIONAL, columns->regional);
    add_equal(&where, FILTER_GRUPO, columns->grupo);
    add_any_team(&where, columns->equipe);
    add_equal(&where, FILTER_MUNICIPIO, columns->municipio);
    add_equal(&where, FILTER_TIPO, columns->tipo);
    add_equal(&where, FILTER_MOTIVO, columns->motivo);
    return where.without_column;
}
