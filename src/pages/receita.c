/* SPDX-License-Identifier: MIT */
/* The page of revenue: from inspections to records, to deals, to money. */
#include "pages/filter.h"
#include "pages/html.h"
#include "pages/kinds.h"

#include <string.h>

enum { MONTHS_MAX = 600 };

/* The sums of each month; four cards show them, and they are read once. */
enum month_cell {
    CELL_MONTH,
    CELL_INSPECTIONS,
    CELL_RECORDS,
    CELL_HIT_RATE,
    CELL_DELIVERY_RATE,
    CELL_DEALS,
    CELL_DEAL_RATE,
    CELL_CENTS,
    CELL_DELIVERED,
    CELL_FOUND, /* records in inspections */
    CELL_UNREADABLE,
};

static bool read_months(struct page *page, struct query_table *out, struct error *err)
{
    if (!page->shared) {
        struct query_table months;
        if (!page_select_sums(page, &page->filters,
                              "inspecoes, toi, toi_inspecao, toi_entregues, negociados,"
                              " valor_centavos, valor_ilegivel",
                              "mes, sum(inspecoes), sum(toi), round(1.0 * sum(toi_inspecao) /"
                              " nullif(sum(inspecoes), 0), 6), round(1.0 * sum(toi_entregues) /"
                              " nullif(sum(toi), 0), 6), sum(negociados), round(1.0 *"
                              " sum(negociados) / nullif(sum(toi), 0), 6), sum(valor_centavos),"
                              " sum(toi_entregues), sum(toi_inspecao), sum(valor_ilegivel)",
                              " GROUP BY mes ORDER BY mes", MONTHS_MAX, &months, err))
            return false;
        page->shared = arena_alloc(page->arena, sizeof(*page->shared));
        *page->shared = months;
    }
    *out = *page->shared;
    return true;
}

/* A cohort's deals come weeks later: the last two months still grow. */
static bool still_grows(void *arg, const struct query_table *table, size_t row)
{
    const struct page *page = arg;
    int32_t month;

    return query_table_day(table, row, 0, &month) &&
           month >= filter_month_add(filter_month_of(page->ref.today), -1);
}

static const char *growing_class(void *arg, const struct query_table *table, size_t row)
{
    return still_grows(arg, table, row) ? "imatura" : NULL;
}

static bool figure_ticket(struct page *page, int64_t cents, int64_t deals, struct error *err)
{
    struct ranks ranks;

    if (page->filters.team_count || page->filters.values[FILTER_MUNICIPIO]) {
        figure(page, "Ticket médio", deals ? text_reais_whole(page, cents / deals) : FORMAT_MISSING,
               NULL, "a mediana não se separa por equipe nem por município");
        return true;
    }
    if (!page_ranks(page, "centavos", &ranks, err))
        return false;
    if (!ranks.there)
        figure(page, "Ticket mediano", FORMAT_MISSING, NULL, "nenhum valor negociado");
    else
        figure(page, "Ticket mediano", text_reais_whole(page, ranks.median), NULL,
               page_format(page, "média %s",
                           deals ? text_reais_whole(page, cents / deals) : FORMAT_MISSING));
    return true;
}

/* What waits today, whatever the period. */
static bool figure_receipts(struct page *page, struct error *err)
{
    const struct filters any_day = page_any_day(page);
    struct query_table limit, table;

    if (!query_table_read(page->reader,
                          "SELECT valor FROM config_parametro WHERE chave = 'prazo_ar_dias'", NULL,
                          1, page->arena, &limit, err))
        return false;
    const int32_t days = (int32_t)page_int(&limit, 0, 0);
    struct filters late_days = any_day, recent_days = any_day;
    struct query_table recent;
    late_days.has_last = recent_days.has_first = true;
    recent_days.first = page->ref.today - days;
    late_days.last = recent_days.first - 1;
    if (!page_select_sums(page, &late_days, "ar_pendentes", "coalesce(sum(ar_pendentes), 0)", "", 1,
                          &table, err) ||
        !page_select_sums(page, &recent_days, "ar_pendentes", "coalesce(sum(ar_pendentes), 0)", "",
                          1, &recent, err))
        return false;
    const struct filter_change late[] = {{FILTER_CONTA, "ar_pendentes"},
                                         {FILTER_FAIXA, page_format(page, "> %d", days)}};
    figure(page, "AR fora do prazo", text_count(page, page_int(&table, 0, 0)),
           rows_link(page, &any_day, late, 2),
           page_format(page, "sem AR há mais de %d dias · %s no prazo", days,
                       text_count(page, page_int(&recent, 0, 0))));
    return true;
}

static bool card_figures(struct page *page, struct error *err)
{
    const struct filter_change deal = {FILTER_CONTA, "negociados"},
                               odd = {FILTER_CONTA, "valor_ilegivel"};
    struct query_table table;

    figures_begin(page);
    if (!read_months(page, &table, err))
        return false;
    const int64_t cents = query_table_sum(&table, CELL_CENTS);
    const int64_t deals = query_table_sum(&table, CELL_DEALS);
    const int64_t records = query_table_sum(&table, CELL_RECORDS);
    figure(page, "Negociado", text_reais_short(page, cents), NULL, "serviços do período");
    if (!figure_ticket(page, cents, deals, err))
        return false;
    BUF_DONE struct buf note = BUF_INIT(4096);
    const char *link = rows_link(page, &page->filters, &deal, 1);
    rows_count(page, deals, link, &note);
    buf_addf(&note, " de %s TOI", text_count(page, records));
    figure(page, "TOI com negociação", text_share(page, deals, records, 1), NULL, buf_text(&note));
    if (!figure_receipts(page, err))
        return false;
    figure(page, "Valores ilegíveis", text_count(page, query_table_sum(&table, CELL_UNREADABLE)),
           rows_link(page, &page->filters, &odd, 1), "fora da soma, com o texto original");
    figures_end(page);
    return true;
}

/* --- by month ------------------------------------------------------------------------------------
 */

static bool card_money(struct page *page, struct error *err)
{
    static const struct legend legend[] = {
        {"b", "Negociado"}, {"b apagada", "Coorte que ainda cresce"}, {NULL, NULL}};
    static const struct chart_series series[] = {
        {.name = "Negociado", .cell = CELL_CENTS, .kind = KIND_CENTS, .flags = SERIES_PALE}};
    static const struct table_column columns[] = {
        {.head = "Mês", .cell = CELL_MONTH, .kind = KIND_MONTH, .flags = TABLE_ROW_HEAD},
        {.head = "Negociado", .cell = CELL_CENTS, .kind = KIND_CENTS},
    };
    struct query_table table;

    card_begin(
        page, "c7", "Valor negociado por mês de execução",
        "A negociação vem semanas depois do serviço: as duas últimas coortes ainda crescem.");
    if (!read_months(page, &table, err))
        return false;
    chart_canvas(page, "receita", "Valor negociado por mês de execução", false, legend);
    chart_data_add(&page->charts,
                   &(struct chart){.id = "receita",
                                   .type = "bar",
                                   .label_kind = KIND_MONTH,
                                   .format = "R$",
                                   .axis = "Rk",
                                   .series = series,
                                   .series_count = 1,
                                   .pale = still_grows,
                                   .arg = page},
                   &table);
    numbers_begin(page);
    table_html(page->out, &table,
               &(struct table_view){.caption = "Valor negociado por mês",
                                    .columns = columns,
                                    .column_count = 2,
                                    .reversed = true,
                                    .row_class = growing_class,
                                    .arg = page});
    numbers_end(page);
    return card_end(page, "ouro_mes", err);
}

static bool link_month(void *arg, const struct query_table *table, size_t row, size_t column,
                       struct buf *address)
{
    static const char *const counted[] = {NULL, "inspecoes", "toi", NULL, NULL, "negociados"};
    struct page *page = arg;
    int32_t month;

    if (column > 5 || !counted[column] || !query_table_day(table, row, 0, &month))
        return false;
    const int32_t end = filter_month_add(month, 1) - 1;
    const int32_t first = page->filters.first > month ? page->filters.first : month;
    const int32_t last = page->filters.last < end ? page->filters.last : end;
    const struct filters span = page_days(page, first, last);
    const struct filter_change change = {FILTER_CONTA, counted[column]};
    return rows_address(page, &span, &change, 1, address);
}

static bool card_months(struct page *page, struct error *err)
{
    static const struct table_column columns[] = {
        {.head = "Mês", .cell = CELL_MONTH, .kind = KIND_MONTH, .flags = TABLE_ROW_HEAD},
        {.head = "Inspeções", .cell = CELL_INSPECTIONS, .kind = KIND_INTEGER, .flags = TABLE_WIDE},
        {.head = "TOI", .cell = CELL_RECORDS, .kind = KIND_INTEGER},
        {.head = "Acerto", .cell = CELL_HIT_RATE, .kind = KIND_RATIO, .digits = 1},
        {.head = "Entregues",
         .cell = CELL_DELIVERY_RATE,
         .kind = KIND_RATIO,
         .digits = 1,
         .flags = TABLE_WIDE},
        {.head = "Negociados", .cell = CELL_DEALS, .kind = KIND_INTEGER},
        {.head = "Parte",
         .cell = CELL_DEAL_RATE,
         .kind = KIND_RATIO,
         .digits = 1,
         .flags = TABLE_WIDE},
        {.head = "Valor", .cell = CELL_CENTS, .kind = KIND_CENTS},
    };
    struct query_table table;

    card_begin(page, "c8", "Por mês", "Coortes de execução; parte dos TOI com valor negociado.");
    if (!read_months(page, &table, err))
        return false;
    table_html(page->out, &table,
               &(struct table_view){.caption = "Receita por mês",
                                    .columns = columns,
                                    .column_count = 8,
                                    .reversed = true,
                                    .link = link_month,
                                    .row_class = growing_class,
                                    .arg = page});
    return card_end(page, "ouro_ticket_mes", err);
}

/* --- funnel and queue ----------------------------------------------------------------------------
 */

static void funnel_step(struct page *page, const char *name, const char *note, int64_t count,
                        int64_t base, const char *counted)
{
    struct buf *out = page->out;
    const struct filter_change change = {FILTER_CONTA, counted};
    const char *link = rows_link(page, &page->filters, &change, 1);

    buf_add_text(out, "<tr><th scope=\"row\">");
    html_text(out, name);
    buf_add_text(out, "<br>");
    html_element(out, "span", "leve", note);
    buf_add_text(out, "</th><td class=\"n\">");
    rows_count(page, count, link, out);
    buf_add_text(out, "</td><td>");
    html_bar(out, base ? (double)count / (double)base : 0, "");
    buf_add_text(out, "</td></tr>");
}

static bool card_funnel(struct page *page, struct error *err)
{
    struct query_table table;

    card_begin(page, "c5", "Da inspeção ao acordo",
               "Serviços do período; barras sobre as inspeções.");
    if (!read_months(page, &table, err))
        return false;
    const int64_t inspections = query_table_sum(&table, CELL_INSPECTIONS);
    const int64_t found = query_table_sum(&table, CELL_FOUND);
    const int64_t delivered = query_table_sum(&table, CELL_DELIVERED);
    const int64_t deals = query_table_sum(&table, CELL_DEALS);
    const int64_t records = query_table_sum(&table, CELL_RECORDS);
    buf_add_text(page->out,
                 "<div class=\"rola\" tabindex=\"0\" role=\"region\" aria-label=\"Funil\"><table"
                 " class=\"funil\"><caption>Funil</caption><thead><tr><th scope=\"col\">Etapa</th>"
                 "<th scope=\"col\" class=\"n\">Serviços</th><th scope=\"col\">Parte</th></tr>"
                 "</thead><tbody>");
    funnel_step(page, "Inspeções", "serviços cujo tipo é inspeção", inspections, inspections,
                "inspecoes");
    funnel_step(page, "TOI em inspeção",
                page_format(page, "%s das inspeções", text_share(page, found, inspections, 1)),
                found, inspections, "toi_inspecao");
    funnel_step(page, "TOI, também fora de inspeção", "todos os serviços com TOI", records,
                inspections, "toi");
    funnel_step(page, "TOI entregues",
                page_format(page, "%s dos TOI", text_share(page, delivered, records, 1)), delivered,
                inspections, "toi_entregues");
    funnel_step(page, "Negociados",
                page_format(page, "%s dos TOI", text_share(page, deals, records, 1)), deals,
                inspections, "negociados");
    buf_add_text(page->out, "</tbody></table></div>");
    const int64_t cents = query_table_sum(&table, CELL_CENTS);
    return card_end_with(page,
                         inspections
                             ? page_format(page, "Por 100 inspeções: %s TOI, %s acordos, %s",
                                           text_quotient(page, 100 * records, inspections, 1),
                                           text_quotient(page, 100 * deals, inspections, 1),
                                           text_reais_whole(page, 100 * cents / inspections))
                             : NULL,
                         "ouro_funil_mes", &page->filters, err);
}

/* The queue's days as rows of band, its place, area and number. The oldest are whole months. */
static const char *queue_bands(struct page *page)
{
    static const struct {
        const char *name;
        int32_t from, to; /* days ago; 0 as `to`: no end */
    } bands[] = {{"0-30", 0, 30}, {"31-60", 31, 60}, {"61-90", 61, 90}, {"> 90", 91, 0}};
    const char *sql = "";

    for (size_t i = 0; i < sizeof(bands) / sizeof(*bands); i++) {
        struct filters days = {.has_first = bands[i].to != 0,
                               .first = page->ref.today - bands[i].to,
                               .has_last = bands[i].from != 0, /* the future is young */
                               .last = page->ref.today - bands[i].from};
        sql = page_format(page,
                          "%s%sSELECT '%s' AS faixa, %zu AS o, regional, grupo, equipe, municipio,"
                          " afericao_pendente AS n FROM %s",
                          sql, i ? " UNION ALL " : "", bands[i].name, i,
                          page_sums(page, &days, "afericao_pendente"));
    }
    return sql;
}

static bool link_queue(void *arg, const struct query_table *table, size_t row, size_t column,
                       struct buf *address)
{
    struct page *page = arg;
    const struct filters any_day = page_any_day(page);
    const struct filter_change changes[] = {{FILTER_CONTA, "afericao_pendente"},
                                            {FILTER_FAIXA, query_table_text(table, row, 0)}};

    if (column != 1)
        return false;
    return rows_address(page, &any_day, changes, 2, address);
}

static bool card_queue(struct page *page, struct error *err)
{
    static const struct table_column columns[] = {
        {.head = "Dias", .cell = 0, .flags = TABLE_ROW_HEAD},
        {.head = "Pendentes", .cell = 1, .kind = KIND_INTEGER},
        {.head = "Parte da maior", .cell = 1, .kind = KIND_INTEGER, .flags = TABLE_BAR},
    };
    const struct filters any_day = page_any_day(page);
    struct query_table table;

    card_begin(page, "c4 solta", "Fila da aferição",
               "Medidor trocado num TOI, sem data de aferição. A regra está por confirmar.");
    if (!page_select(
            page, &any_day, &area_columns,
            page_format(page, "SELECT faixa, sum(n) FROM (%s) AS x WHERE n > 0", queue_bands(page)),
            " GROUP BY faixa, o ORDER BY o", 10, &table, err))
        return false;
    table_html(page->out, &table,
               &(struct table_view){.caption = "Fila da aferição",
                                    .columns = columns,
                                    .column_count = 3,
                                    .link = link_queue,
                                    .arg = page});
    return card_end_with(
        page, page_format(page, "%s no total", text_count(page, query_table_sum(&table, 1))),
        "ouro_afericao_fila", &any_day, err);
}

static page_card *const cards[] = {card_figures, card_money, card_funnel, card_months, card_queue};

const struct page_kind page_receita = {
    .path = "/receita",
    .name = "Receita",
    .question = "De cada cem inspeções, quantas viram TOI, quantos TOI viram acordo, e quanto se"
                " negocia?",
    .filters = FILTERS_OF_DAYS | FILTERS_OF_PLACE,
    .period = PERIOD_MONTHS,
    .cards = cards,
    .card_count = sizeof(cards) / sizeof(*cards),
};
