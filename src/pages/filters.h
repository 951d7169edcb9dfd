/*
 * The filters of a page: read from the address, written into links, sentences and SQL.
 *
 * The address is the only state. Whatever is in it counts or is refused; nothing is dropped in
 * silence. Equal filters give equal addresses: values are kept in one canonical form (dates as ISO,
 * teams sorted and each once) and written in one order.
 */
#ifndef PAGES_FILTERS_H
#define PAGES_FILTERS_H

#include "base/arena.h"
#include "base/buf.h"
#include "pages/filter.h"
#include "pages/request.h"
#include "pages/sql_values.h"

struct filters {
    /* In canonical form; NULL: not given. Of the teams the array below. */
    const char *values[FILTER_COUNT];
    const char *teams[FILTERS_TEAMS_MAX];
    size_t team_count;
    /* The days that de, ate, periodo and dia come to. */
    bool has_first, has_last;
    int32_t first, last;
    size_t limit; /* 0: not given */
};

/* What is wrong with a request, for pages_error(…, 400, "filtro_invalido", message, field, …). */
struct filters_problem {
    char field[64];
    char message[512]; /* Portuguese, such as "de: 31/02/2026 não é uma data" */
};

/*
 * Reads the values of a request. `accepted` is the set of filters that the address has; others are
 * unknown there. `latest` is the last day with data (or today where there is none), from which
 * periodo counts backwards. Days may be written as ISO or dd/mm/aaaa. An empty value is no value,
 * because a form sends its empty fields. The texts live in the arena. False, with *problem set, for
 * an unknown or repeated name or a bad value.
 */
bool filters_read(const struct request *request, uint32_t accepted, int32_t latest,
                  struct arena *arena, struct filters *out, struct filters_problem *problem);

/* Whether a filter is given. */
bool filters_has(const struct filters *filters, enum filter filter);
/* Whether any of the set is given. */
bool filters_any(const struct filters *filters, uint32_t set);

/* Gives filters without a period this one, as a page's default; with only one end of a period, the
 * other: `last`, or as many days as the default has. Links do not carry it. */
void filters_default_days(struct filters *filters, int32_t first, int32_t last);

/* Reads FAIXA: "8-15" gives 8 and 15, "> 90" gives 91 and INT32_MAX. False if it is not given. */
bool filters_band(const struct filters *filters, int32_t *from, int32_t *to);

/* One value, in canonical form, that a link has instead of what the page has; NULL: without it. */
struct filter_change {
    enum filter filter;
    const char *value;
};

/*
 * Appends the path as it is, and the filters in `carried` as a query: percent-encoded, not escaped
 * for HTML (html_link does that). Changes are written whether they are carried or not. Changes for
 * FILTER_EQUIPE together replace all teams. A change of de, ate, periodo or dia removes those that
 * would contradict it; any change removes apos, unless it gives a new one.
 */
void filters_link(struct buf *out, const char *path, uint32_t carried,
                  const struct filters *filters, const struct filter_change *changes,
                  size_t change_count);

/* Appends what is filtered as plain Portuguese: "01/09/2026 a 30/09/2026 · regional SUL · equipes
 * A, B". Nothing where nothing is filtered. */
void filters_sentence(struct buf *out, const struct filters *filters);

/* Appends {"de":"2026-09-01","equipe":["A"]}: the filters as JSON, safe within <script>. A periodo
 * has its days beside it. */
void filters_json(struct buf *out, const struct filters *filters);

/* The columns of a view that the filters restrict, as SQL; NULL: the view has none. */
struct filter_columns {
    const char *date;
    enum filter_grain { GRAIN_DAY, GRAIN_WEEK, GRAIN_MONTH } grain; /* what a date stands for */
    const char *regional, *grupo, *equipe, *municipio, *tipo, *motivo;
};

/*
 * Appends " AND column = $n" and so on for the days, mes, regional, grupo, equipe, municipio, tipo
 * and motivo; the values are bound, never pasted. Of weeks and months those count that have a day
 * of the period. Returns the set of filters that are given but have no column: the caller says so
 * or refuses. The other filters are the caller's.
 */
uint32_t filters_where(struct buf *sql, struct sql_values *values, const struct filters *filters,
                       const struct filter_columns *columns);

#endif
