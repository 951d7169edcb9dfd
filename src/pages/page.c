/* SPDX-License-Identifier: MIT */
/* What all pages need to read and to write. */
#include "pages/page.h"

#include "pages/filter.h"
#include "pages/html.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SQL_MAX = 64 * 1024, TEXT_MAX = 4096 };

const struct filter_columns summary_columns = {
    .date = "data_execucao",
    .regional = "regional",
    .grupo = "grupo",
    .equipe = "equipe",
    .municipio = "municipio",
};
const struct filter_columns area_columns = {
    .regional = "regional",
    .grupo = "grupo",
    .equipe = "equipe",
    .municipio = "municipio",
};
const struct filter_columns distribution_columns = {
    .date = "data_execucao",
    .regional = "regional",
    .grupo = "grupo",
};
const struct filter_columns service_columns = {
    .date = "data_execucao",
    .regional = "regional",
    .grupo = "grupo",
    .equipe = "equipe",
    .municipio = "municipio",
    .tipo = "tipo_servico",
};
const struct filter_columns return_columns = {
    .date = "data_execucao",
    .regional = "regional",
    .grupo = "grupo",
    .equipe = "equipe",
    .motivo = "motivo",
};

bool reference_read(struct destination *reader, struct arena *arena, struct reference *out,
                    struct error *err)
{
    struct query_table table, days;

    *out = (struct reference){0};
    if (!query_table_read(
            reader,
            "SELECT max(CASE WHEN chave = 'maturidade_retorno_dias' THEN valor END), max(CASE WHEN"
            " chave = 'reincidencia_dias' THEN valor END) FROM config_parametro",
            NULL, 1, arena, &days, err) ||
        !query_table_read(reader, "SELECT hoje, atualizado_em, execucao FROM painel_referencia",
                          NULL, 1, arena, &table, err))
        return false;
    out->there = table.rows == 1 && query_table_day(&table, 0, 0, &out->today);
    if (out->there) {
        const struct cell updated = query_table_cell(&table, 0, 1);
        if (!format_read_instant(updated.text, updated.len, &out->updated))
            out->updated = (struct local_time){.day = out->today};
        out->updated_at = query_table_text(&table, 0, 1);
        out->run = query_table_text(&table, 0, 2);
        query_table_int(&days, 0, 0, &out->return_days);
        query_table_int(&days, 0, 1, &out->repeat_days);
    }
    return true;
}

const char *page_format(struct page *page, const char *format, ...)
{
    va_list args, again;

    va_start(args, format);
    va_copy(again, args);
    const int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = arena_alloc(page->arena, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return text;
}

static bool refuse(uint32_t without, struct error *err)
{
    static const struct {
        enum filter filter;
        const char *words;
    } names[] = {
        {FILTER_REGIONAL, "regional"}, {FILTER_GRUPO, "grupo"},
        {FILTER_EQUIPE, "equipe"},     {FILTER_MUNICIPIO, "município"},
        {FILTER_MOTIVO, "motivo"},     {FILTER_TIPO, "tipo de serviço"},
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (without & FILTER_BIT(names[i].filter))
            return error_set(err, ERROR_CONFIG, "Não se separa por %s.", names[i].words);
    return error_set(err, ERROR_CONFIG, "Não se separa por período.");
}

bool page_select(struct page *page, const struct filters *filters,
                 const struct filter_columns *columns, const char *head, const char *tail,
                 size_t max_rows, struct query_table *out, struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);
    struct sql_values values = {.arena = page->arena};

    buf_add_text(&sql, head);
    const uint32_t without = filters_where(&sql, &values, filters, columns);
    if (without)
        return refuse(without, err);
    buf_add_text(&sql, tail);
    return query_table_read(page->reader, buf_text(&sql), &values, max_rows, page->arena, out, err);
}

/* Adds " WHERE column >= 'from' AND column <= 'to'", of either only what is given. */
static void add_range(struct buf *sql, const char *column, const int32_t *from, const int32_t *to)
{
    char day[DATE_ISO_SIZE];

    if (from)
        buf_addf(sql, " WHERE %s >= '%s'", column, date_format_iso(*from, day));
    if (to)
        buf_addf(sql, " %s %s <= '%s'", from ? "AND" : "WHERE", column, date_format_iso(*to, day));
}

static void add_part(struct buf *sql, const char *names, const char *table, const char *column,
                     const int32_t *from, const int32_t *to)
{
    buf_addf(sql, "%sSELECT mes, regional, grupo, equipe, municipio, %s FROM %s",
             sql->len > 1 ? " UNION ALL " : "", names, table);
    add_range(sql, column, from, to);
}

const char *page_sums(struct page *page, const struct filters *filters, const char *names)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);
    const int32_t *first = filters->has_first ? &filters->first : NULL;
    const int32_t *last = filters->has_last ? &filters->last : NULL;
    /* The first whole month, and the first day behind the whole months. */
    int32_t begin = 0, end = 0;

    if (first)
        begin = filter_month_of(*first) == *first ? *first : filter_month_add(*first, 1);
    if (last)
        end = filter_month_of(*last + 1);
    buf_add_char(&sql, '(');
    if (first && last && begin >= end) {
        add_part(&sql, names, "resumo_dia", "data_execucao", first, last);
    } else {
        const int32_t before = begin - 1, behind = end - 1;
        add_part(&sql, names, "resumo_mes", "mes", first ? &begin : NULL, last ? &behind : NULL);
        if (first && *first < begin)
            add_part(&sql, names, "resumo_dia", "data_execucao", first, &before);
        if (last && end <= *last)
            add_part(&sql, names, "resumo_dia", "data_execucao", &end, last);
    }
    buf_add_text(&sql, ") AS resumo");
    return arena_copy(page->arena, buf_text(&sql), sql.len);
}

struct filters page_days(const struct page *page, int32_t first, int32_t last)
{
    struct filters filters = page->filters;

    filters.has_first = filters.has_last = true;
    filters.first = first;
    filters.last = last;
    return filters;
}

/* Also what the days came from, or a link would carry it. */
static void forget_days(struct filters *filters)
{
    filters->has_first = filters->has_last = false;
    filters->values[FILTER_DE] = filters->values[FILTER_ATE] = NULL;
    filters->values[FILTER_PERIODO] = filters->values[FILTER_DIA] = NULL;
}

struct filters page_any_day(const struct page *page)
{
    struct filters filters = page->filters;

    forget_days(&filters);
    return filters;
}

bool page_select_sums(struct page *page, const struct filters *filters, const char *names,
                      const char *what, const char *tail, size_t max_rows, struct query_table *out,
                      struct error *err)
{
    struct filters area = *filters;

    forget_days(&area);
    return page_select(
        page, &area, &area_columns,
        page_format(page, "SELECT %s FROM %s WHERE 1 = 1", what, page_sums(page, filters, names)),
        tail, max_rows, out, err);
}

int64_t page_int(const struct query_table *table, size_t row, size_t column)
{
    int64_t number = 0;

    if (row < table->rows)
        query_table_int(table, row, column, &number);
    return number;
}

enum { CHANGES_MAX = 8 };

const char *page_link(struct page *page, const char *path, uint32_t carried,
                      const struct filters *filters, const struct filter_change *changes,
                      size_t count)
{
    BUF_DONE struct buf address = BUF_INIT(SQL_MAX);

    filters_link(&address, path, carried, filters, changes, count);
    return arena_copy(page->arena, buf_text(&address), address.len);
}

const char *rows_link(struct page *page, const struct filters *filters,
                      const struct filter_change *changes, size_t count)
{
    struct filter_change all[CHANGES_MAX + 2];
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];
    size_t n = 0;

    if (page->request->site->single_file)
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (changes[i].value && !filter_can_ask(changes[i].value))
            return NULL;
    all[n++] = (struct filter_change){
        FILTER_DE, filters->has_first ? date_format_iso(filters->first, first) : NULL};
    all[n++] = (struct filter_change){
        FILTER_ATE, filters->has_last ? date_format_iso(filters->last, last) : NULL};
    for (size_t i = 0; i < count && i < CHANGES_MAX; i++)
        all[n++] = changes[i];
    return page_link(page, "/linhas", page->accepted & FILTERS_OF_ROWS & ~FILTER_BIT(FILTER_ORDEM),
                     filters, all, n);
}

bool rows_address(struct page *page, const struct filters *filters,
                  const struct filter_change *changes, size_t count, struct buf *address)
{
    const char *link = rows_link(page, filters, changes, count);

    if (link)
        buf_add_text(address, link);
    return link;
}

void rows_count(struct page *page, int64_t number, const char *link, struct buf *out)
{
    if (link)
        html_link(out, link, NULL, text_count(page, number));
    else
        buf_add_text(out, text_count(page, number));
}

/* What stands around the measure and the filters. A server of ClickHouse of 2018 has no windows. */
#define RANKS_HEAD                                                                                 \
    "SELECT min(CASE WHEN acumulado * 2 >= total THEN valor END), min(CASE WHEN acumulado * 10 >=" \
    " total * 9 THEN valor END) FROM (SELECT valor, sum(n) OVER (ORDER BY valor) AS acumulado,"    \
    " sum(n) OVER () AS total FROM resumo_distribuicao WHERE medida = "
static const struct ranks_sql {
    const char *head, *tail;
} ranks_sql[] = {
    [DIALECT_POSTGRES] = {RANKS_HEAD, ") AS a"},
    [DIALECT_SQLITE] = {RANKS_HEAD, ") AS a"},
    [DIALECT_CLICKHOUSE] =
        {"SELECT if(total = 0, NULL, valores[arrayFirstIndex(x -> x * 2 >= total, acumulado)]),"
         " if(total = 0, NULL, valores[arrayFirstIndex(x -> x * 10 >= total * 9, acumulado)]) FROM"
         " (SELECT valores, total, arrayCumSum(arraySort((x, y) -> y, vezes, desordem)) AS"
         " acumulado FROM (SELECT groupArray(valor) AS desordem, arraySort(groupArray(valor)) AS"
         " valores, groupArray(m) AS vezes, sum(m) AS total FROM (SELECT valor, sum(n) AS m FROM"
         " resumo_distribuicao WHERE medida = ",
         " GROUP BY valor) AS a) AS b) AS c"},
};

bool page_ranks(struct page *page, const char *measure, struct ranks *out, struct error *err)
{
    const struct ranks_sql *sql = &ranks_sql[page->reader->ops->dialect];
    struct query_table table = {0};

    if (!page_select(page, &page->filters, &distribution_columns,
                     page_format(page, "%s'%s'", sql->head, measure), sql->tail, 1, &table, err))
        return false;
    out->there = query_table_cell(&table, 0, 0).text;
    out->median = page_int(&table, 0, 0);
    out->p90 = page_int(&table, 0, 1);
    return true;
}

/* --- texts ---------------------------------------------------------------------------------------
 */

static const char *keep(struct page *page, struct buf *text)
{
    return arena_copy(page->arena, buf_text(text), text->len);
}

const char *text_count(struct page *page, int64_t number)
{
    BUF_DONE struct buf text = BUF_INIT(TEXT_MAX);

    format_count(&text, number);
    return keep(page, &text);
}

const char *text_share(struct page *page, int64_t numerator, int64_t denominator, unsigned digits)
{
    BUF_DONE struct buf text = BUF_INIT(TEXT_MAX);

    format_share(&text, numerator, denominator, digits);
    return keep(page, &text);
}

const char *text_quotient(struct page *page, int64_t numerator, int64_t denominator,
                          unsigned digits)
{
    BUF_DONE struct buf text = BUF_INIT(TEXT_MAX);

    if (denominator == 0)
        return FORMAT_MISSING;
    format_decimal(&text, decimal_quotient(numerator, denominator), digits);
    return keep(page, &text);
}

const char *text_ratio(struct page *page, int64_t numerator, int64_t denominator)
{
    BUF_DONE struct buf text = BUF_INIT(TEXT_MAX);

    if (denominator == 0)
        return NULL;
    decimal_write(&text, decimal_round(decimal_quotient(numerator, denominator), 6), '.');
    return keep(page, &text);
}

const char *text_reais_short(struct page *page, int64_t cents)
{
    BUF_DONE struct buf text = BUF_INIT(TEXT_MAX);

    format_reais_short(&text, cents);
    return keep(page, &text);
}

const char *text_reais_whole(struct page *page, int64_t cents)
{
    BUF_DONE struct buf text = BUF_INIT(TEXT_MAX);

    format_reais_whole(&text, cents);
    return keep(page, &text);
}

const char *text_date(struct page *page, int32_t day)
{
    BUF_DONE struct buf text = BUF_INIT(TEXT_MAX);

    format_date(&text, day);
    return keep(page, &text);
}

const char *text_month(struct page *page, int32_t day)
{
    BUF_DONE struct buf text = BUF_INIT(TEXT_MAX);

    format_month_short(&text, day);
    return keep(page, &text);
}

const char *text_counted(struct page *page, int64_t number, const char *one, const char *many)
{
    BUF_DONE struct buf text = BUF_INIT(TEXT_MAX);

    format_counted(&text, number, one, many);
    return keep(page, &text);
}
