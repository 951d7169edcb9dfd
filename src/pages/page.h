/*
 * A page that is being written: what it reads from, what it filters, and the HTML so far.
 */
#ifndef PAGES_PAGE_H
#define PAGES_PAGE_H

#include "base/date.h"
#include "base/error.h"
#include "pages/chart_data.h"
#include "pages/filters.h"
#include "pages/format.h"
#include "pages/query_table.h"
#include "pages/request.h"
#include "pages/table_html.h"

/* The moment of the copy (painel_referencia): "today" of all pages, never the reader's clock. */
struct reference {
    bool there;    /* a window was ever loaded */
    int32_t today; /* the day of the last loaded window */
    struct local_time updated;
    const char *updated_at; /* the same as it is written in the database */
    const char *run;
    int64_t return_days; /* config_parametro: from so many days on a cohort of returns is mature */
    int64_t repeat_days; /* config_parametro: within so many days a second return is a repeat */
};

struct page {
    struct destination *reader;
    const struct request *request;
    const char *path;
    uint32_t accepted; /* the set of filters that the page has */
    struct filters filters;
    struct reference ref;
    struct arena *arena;
    struct buf *out;            /* HTML */
    struct buf charts;          /* the block of data */
    struct query_table *shared; /* that several cards of the page show; NULL: not read yet */
    const char *card_class, *card_title; /* of the card that is being written */
};

/* Reads the reference. */
bool reference_read(struct destination *reader, struct arena *arena, struct reference *out,
                    struct error *err);

/* Returns formatted text that lives as long as the page. */
const char *page_format(struct page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Runs `head`, the conditions of the filters on these columns, and `tail`; `head` ends within a
 * WHERE. Fails as query_table_read does. Where a filter is given that the columns do not have, it
 * fails with ERROR_CONFIG and words for the card, such as "Não se separa por equipe."
 */
bool page_select(struct page *page, const struct filters *filters,
                 const struct filter_columns *columns, const char *head, const char *tail,
                 size_t max_rows, struct query_table *out, struct error *err);

/* The columns of resumo_dia, of page_sums, of resumo_distribuicao, servicos and retornos. */
extern const struct filter_columns summary_columns, area_columns, distribution_columns,
    service_columns, return_columns;

/*
 * Returns the sums of the filters' days as "(SELECT …) AS resumo", for page_select with
 * area_columns: whole months from resumo_mes, the days at the ends from resumo_dia. It has the
 * columns `names` of both, mes, regional, grupo, equipe and municipio. Reads a tenth of the rows
 * where the period is long; for what asks for days, resumo_dia is read itself.
 */
const char *page_sums(struct page *page, const struct filters *filters, const char *names);

/* Runs "SELECT `what` FROM (page_sums of `names`) WHERE filters" and `tail`, as page_select does.
 */
bool page_select_sums(struct page *page, const struct filters *filters, const char *names,
                      const char *what, const char *tail, size_t max_rows, struct query_table *out,
                      struct error *err);

/* The median and the 90th percentile of a measure of resumo_distribuicao over the page's days: the
 * smallest value that half, or nine tenths, do not exceed. It has no team and no town. */
struct ranks {
    bool there; /* any value */
    int64_t median, p90;
};
bool page_ranks(struct page *page, const char *measure, struct ranks *out, struct error *err);

/* The page's filters with other days; without days. */
struct filters page_days(const struct page *page, int32_t first, int32_t last);
struct filters page_any_day(const struct page *page);

/* The number in a cell, or 0. */
int64_t page_int(const struct query_table *table, size_t row, size_t column);

/* Returns the address of rows (/linhas) with the page's filters, these days and these changes. NULL
 * in a single file, which has no rows, and for a text that no address can ask for. */
const char *rows_link(struct page *page, const struct filters *filters,
                      const struct filter_change *changes, size_t count);
/* Adds that address, for a table_view's link; false where there is none. */
bool rows_address(struct page *page, const struct filters *filters,
                  const struct filter_change *changes, size_t count, struct buf *address);
/* Adds a count that is a link where there is one (rows_link). */
void rows_count(struct page *page, int64_t number, const char *link, struct buf *out);

/* Returns the address of a path with those filters that are in the set `carried`. */
const char *page_link(struct page *page, const char *path, uint32_t carried,
                      const struct filters *filters, const struct filter_change *changes,
                      size_t count);

/* Text of the format functions that lives as long as the page. */
const char *text_count(struct page *page, int64_t number);
const char *text_share(struct page *page, int64_t numerator, int64_t denominator, unsigned digits);
const char *text_quotient(struct page *page, int64_t numerator, int64_t denominator,
                          unsigned digits);
/* The quotient with six digits, as a cell of a query has it; NULL if it is divided by 0. */
const char *text_ratio(struct page *page, int64_t numerator, int64_t denominator);
const char *text_reais_short(struct page *page, int64_t cents);
const char *text_reais_whole(struct page *page, int64_t cents);
const char *text_date(struct page *page, int32_t day);
const char *text_month(struct page *page, int32_t day);
const char *text_counted(struct page *page, int64_t number, const char *one, const char *many);

#endif
