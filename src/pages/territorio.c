/* SPDX-License-Identifier: MIT */
/* The page of towns: where the teams are, where they find something, where nobody has been. */
#include "pages/filter.h"
#include "pages/html.h"
#include "pages/kinds.h"

#include <string.h>

enum { TOWNS_MAX = 2000, TOWNS_SHOWN = 30, RATE_INSPECTIONS = 20 };

/* The columns by which the table may be sorted, as the filter ordem calls them. */
static const struct {
    const char *name, *sql;
} orders[] = {
    {"municipio", "municipio"}, {"servicos", "c3"},  {"inspecoes", "c4"}, {"acerto", "c5"},
    {"retorno", "c6"},          {"negociado", "c7"}, {"ultima", "c8"},
};

static bool read_towns(struct page *page, const char *order, struct query_table *out,
                       struct error *err)
{
    return page_select(
        page, &page->filters, &summary_columns,
        "SELECT municipio, CASE WHEN min(regional) = max(regional) THEN min(regional)"
        " ELSE 'várias' END, sum(servicos) AS c3, sum(inspecoes) AS c4, round(1.0 *"
        " sum(toi_inspecao) / nullif(sum(inspecoes), 0), 6) AS c5, round(1.0 *"
        " sum(retornos) / nullif(sum(servicos), 0), 6) AS c6, sum(valor_centavos) AS c7,"
        " max(data_execucao) AS c8, sum(toi_inspecao), max(dia_num) FROM resumo_dia WHERE"
        " municipio <> ''",
        page_format(page, " GROUP BY municipio ORDER BY %s, municipio", order), TOWNS_MAX, out,
        err);
}

/* The town with the highest share of records, among those with enough inspections. */
static void figure_best(struct page *page, const struct query_table *towns)
{
    size_t best = towns->rows;

    for (size_t i = 0; i < towns->rows; i++) {
        if (page_int(towns, i, 3) < RATE_INSPECTIONS)
            continue;
        if (best == towns->rows || page_int(towns, i, 8) * page_int(towns, best, 3) >
                                       page_int(towns, best, 8) * page_int(towns, i, 3))
            best = i;
    }
    if (best == towns->rows) {
        figure(page, "Maior acerto", FORMAT_MISSING, NULL,
               page_format(page, "nenhum município com %d inspeções", RATE_INSPECTIONS));
        return;
    }
    BUF_DONE struct buf name = BUF_INIT(4096);
    html_text(&name, query_table_text(towns, best, 0));
    figure(page, "Maior acerto",
           text_share(page, page_int(towns, best, 8), page_int(towns, best, 3), 1), NULL,
           buf_text(&name));
}

static bool figure_longest(struct page *page, struct error *err)
{
    const struct filters any_day = page_any_day(page);
    struct query_table table;

    if (!page_select(
            page, &any_day, &area_columns,
            page_format(page,
                        "SELECT municipio, %d - max(dia_num) AS dias FROM resumo_dia WHERE"
                        " (municipio, mes) IN (SELECT municipio, max(mes) FROM resumo_mes"
                        " WHERE municipio <> ''",
                        page->ref.today),
            " GROUP BY municipio) GROUP BY municipio ORDER BY dias DESC, municipio LIMIT 1", 1,
            &table, err))
        return false;
    if (!table.rows) {
        figure(page, "Há mais tempo sem visita", FORMAT_MISSING, NULL, "");
        return true;
    }
    BUF_DONE struct buf name = BUF_INIT(4096);
    html_text(&name, query_table_text(&table, 0, 0));
    figure(page, "Há mais tempo sem visita",
           page_format(page, "%s <small>dias</small>", text_count(page, page_int(&table, 0, 1))),
           NULL, buf_text(&name));
    return true;
}

static bool card_figures(struct page *page, struct error *err)
{
    const struct filter_change inspections = {FILTER_CONTA, "inspecoes"};
    struct query_table towns, sums;

    figures_begin(page);
    if (!read_towns(page, "c3 DESC", &towns, err) ||
        !page_select(page, &page->filters, &summary_columns,
                     "SELECT sum(servicos), sum(inspecoes), sum(toi_inspecao) FROM resumo_dia WHERE"
                     " 1 = 1",
                     "", 1, &sums, err))
        return false;
    figure(page, "Municípios com serviço", text_count(page, (int64_t)towns.rows), NULL,
           "no período");
    figure(page, "Serviços", text_count(page, page_int(&sums, 0, 0)),
           rows_link(page, &page->filters, NULL, 0), "no período, também sem município");
    figure_best(page, &towns);
    BUF_DONE struct buf note = BUF_INIT(4096);
    const char *link = rows_link(page, &page->filters, &inspections, 1);
    buf_addf(&note, "%s TOI em ", text_count(page, page_int(&sums, 0, 2)));
    rows_count(page, page_int(&sums, 0, 1), link, &note);
    buf_add_text(&note, " inspeções");
    figure(page, "Acerto geral", text_share(page, page_int(&sums, 0, 2), page_int(&sums, 0, 1), 1),
           NULL, buf_text(&note));
    if (!figure_longest(page, err))
        return false;
    figures_end(page);
    return true;
}

static bool link_town(void *arg, const struct query_table *table, size_t row, size_t column,
                      struct buf *address)
{
    struct page *page = arg;
    const struct filter_change changes[] = {{FILTER_MUNICIPIO, query_table_text(table, row, 0)},
                                            {FILTER_CONTA, column == 4 ? "inspecoes" : NULL}};

    if (column != 2 && column != 4)
        return false;
    return rows_address(page, &page->filters, changes, 2, address);
}

/* Returns the ORDER BY for the filter ordem, and which column it is; by services without one. */
static const char *order_of(struct page *page, const char **name, bool *down)
{
    const char *wanted = page->filters.values[FILTER_ORDEM];

    *name = "servicos";
    *down = true;
    for (size_t i = 0; wanted && i < sizeof(orders) / sizeof(*orders); i++)
        if (strcmp(orders[i].name, wanted + (*wanted == '-')) == 0) {
            *name = orders[i].name;
            *down = *wanted == '-';
            return page_format(page, "%s%s", orders[i].sql, *down ? " DESC" : "");
        }
    return "c3 DESC";
}

/* A head that sorts by its column: the largest first, or the other way if it is so already. */
static void make_sortable(struct page *page, struct table_column *column, const char *name,
                          const char *now, bool down)
{
    const bool is_now = strcmp(name, now) == 0;
    const bool first_down = strcmp(name, "municipio") != 0;
    const bool next_down = is_now ? !down : first_down;
    const struct filter_change change = {FILTER_ORDEM,
                                         page_format(page, "%s%s", next_down ? "-" : "", name)};

    if (is_now)
        column->order = down ? "descending" : "ascending";
    if (!page->request->site->single_file)
        column->order_link =
            page_link(page, page->path, page->accepted, &page->filters, &change, 1);
}

static bool card_towns(struct page *page, struct error *err)
{
    struct table_column columns[] = {
        {.head = "Município", .cell = 0, .flags = TABLE_ROW_HEAD},
        {.head = "Regional", .cell = 1, .flags = TABLE_WIDE},
        {.head = "Serviços", .cell = 2, .kind = KIND_INTEGER},
        {.head = "Parte do maior",
         .cell = 2,
         .kind = KIND_INTEGER,
         .flags = TABLE_BAR | TABLE_WIDE,
         .bar_class = "s3"},
        {.head = "Inspeções", .cell = 3, .kind = KIND_INTEGER, .flags = TABLE_WIDE},
        {.head = "Acerto", .cell = 4, .kind = KIND_RATIO, .digits = 1},
        {.head = "Parte do maior acerto",
         .cell = 4,
         .kind = KIND_RATIO,
         .flags = TABLE_BAR | TABLE_WIDE},
        {.head = "Retorno", .cell = 5, .kind = KIND_RATIO, .digits = 1, .flags = TABLE_WIDE},
        {.head = "Negociado", .cell = 6, .kind = KIND_CENTS},
        {.head = "Última visita", .cell = 7, .kind = KIND_DATE, .flags = TABLE_WIDE},
    };
    static const char *const names[] = {"municipio", NULL, "servicos", NULL,        "inspecoes",
                                        "acerto",    NULL, "retorno",  "negociado", "ultima"};
    struct query_table table;
    const char *now;
    bool down;

    card_begin(page, "c12", "Municípios", "Um clique no título de uma coluna ordena por ela.");
    const char *order = order_of(page, &now, &down);
    if (!read_towns(page, order, &table, err))
        return false;
    for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++)
        if (names[i])
            make_sortable(page, &columns[i], names[i], now, down);
    const int64_t all = (int64_t)table.rows;
    if (table.rows > TOWNS_SHOWN && !page->filters.values[FILTER_TUDO])
        table.rows = TOWNS_SHOWN;
    table_html(page->out, &table,
               &(struct table_view){.caption = "Municípios",
                                    .columns = columns,
                                    .column_count = sizeof(columns) / sizeof(*columns),
                                    .link = link_town,
                                    .arg = page});
    BUF_DONE struct buf note = BUF_INIT(4096);
    const struct filter_change everything = {FILTER_TUDO, "1"};
    buf_addf(&note, "%s de %s", text_count(page, (int64_t)table.rows), text_count(page, all));
    if ((int64_t)table.rows < all && !page->request->site->single_file) {
        buf_add_text(&note, " · ");
        html_link(&note,
                  page_link(page, page->path, page->accepted, &page->filters, &everything, 1), NULL,
                  "todos");
    }
    return card_end_with(page, buf_text(&note), "ouro_municipio_mes", &page->filters, err);
}

static page_card *const cards[] = {card_figures, card_towns};

const struct page_kind page_territorio = {
    .path = "/territorio",
    .name = "Território",
    .question = "Onde estamos, onde achamos mais irregularidades, e onde faz tempo que não vamos?",
    .filters = FILTERS_OF_DAYS | FILTERS_OF_PLACE | FILTER_BIT(FILTER_ORDEM),
    .period = PERIOD_DAYS,
    .cards = cards,
    .card_count = sizeof(cards) / sizeof(*cards),
};
