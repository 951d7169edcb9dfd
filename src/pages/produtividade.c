/* SPDX-License-Identifier: MIT */
/* The page of productivity: what a team delivers on a day in the field, and where the time goes. */
#include "pages/filter.h"
#include "pages/html.h"
#include "pages/kinds.h"

#include <stdlib.h>
#include <string.h>

enum { MONTHS = 13, SIZES_MAX = 5000, HEAT_DAYS = 14, HEAT_TEAMS = 9, TEAMS_MAX = 2000 };

/* How many team-days had so many services, by number of services. */
struct sizes {
    int64_t services[SIZES_MAX], days[SIZES_MAX];
    size_t count;
    int64_t total_days, total_services;
};

static void sizes_add(struct sizes *sizes, int64_t services, int64_t days)
{
    if (sizes->count == SIZES_MAX)
        return;
    sizes->services[sizes->count] = services;
    sizes->days[sizes->count++] = days;
    sizes->total_days += days;
    sizes->total_services += services * days;
}

/* The smallest size that `tenths` of the team-days do not exceed; they are in order of size. */
static int64_t rank_of(const struct sizes *sizes, int64_t tenths)
{
    int64_t seen = 0;

    for (size_t i = 0; i < sizes->count; i++) {
        seen += sizes->days[i];
        if (seen * 10 >= sizes->total_days * tenths)
            return sizes->services[i];
    }
    return 0;
}

/* Rows of month, size and number of team-days, in that order. */
static bool read_sizes(struct page *page, const struct filters *filters, struct query_table *out,
                       struct error *err)
{
    if (!page->filters.team_count && !page->filters.values[FILTER_MUNICIPIO])
        return page_select(page, filters, &distribution_columns,
                           "SELECT mes, valor, sum(n) FROM resumo_distribuicao WHERE medida ="
                           " 'servicos_equipe'",
                           " GROUP BY mes, valor ORDER BY mes, valor", MONTHS * SIZES_MAX, out,
                           err);
    return page_select(page, filters, &summary_columns,
                       "SELECT mes, tamanho, count(*) FROM (SELECT mes, data_execucao, equipe,"
                       " sum(servicos) AS tamanho FROM resumo_dia WHERE equipe <> ''",
                       " GROUP BY mes, data_execucao, equipe) AS t GROUP BY mes, tamanho"
                       " ORDER BY mes, tamanho",
                       MONTHS * SIZES_MAX, out, err);
}

static int by_size(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;

    return (a[0] > b[0]) - (a[0] < b[0]);
}

/* All months together. */
static void sum_sizes(const struct query_table *table, struct sizes *out)
{
    int64_t(*rows)[2] = calloc(table->rows + 1, sizeof(*rows));

    *out = (struct sizes){.count = 0};
    for (size_t i = 0; rows && i < table->rows; i++) {
        rows[i][0] = page_int(table, i, 1);
        rows[i][1] = page_int(table, i, 2);
    }
    if (rows)
        qsort(rows, table->rows, sizeof(*rows), by_size);
    for (size_t i = 0; rows && i < table->rows; i++)
        sizes_add(out, rows[i][0], rows[i][1]);
    free(rows);
}

static bool figure_time(struct page *page, struct error *err)
{
    struct ranks ranks;

    if (page->filters.team_count || page->filters.values[FILTER_MUNICIPIO]) {
        figure(page, "Tempo em campo", FORMAT_MISSING, NULL,
               "a mediana não se separa por equipe nem por município");
        return true;
    }
    if (!page_ranks(page, "min_campo", &ranks, err))
        return false;
    if (!ranks.there) {
        figure(page, "Tempo em campo", FORMAT_MISSING, NULL, "nenhum serviço com horário válido");
        return true;
    }
    figure(page, "Tempo em campo",
           page_format(page, "%s <small>min</small>", text_count(page, ranks.median)), NULL,
           page_format(page, "mediana por serviço · p90 %s min", text_count(page, ranks.p90)));
    return true;
}

static bool card_figures(struct page *page, struct error *err)
{
    const struct filter_change odd = {FILTER_CONTA, "horario_anomalo"};
    struct query_table table, sums;
    struct sizes *sizes = arena_alloc(page->arena, sizeof(*sizes));

    figures_begin(page);
    if (!read_sizes(page, &page->filters, &table, err) ||
        !page_select_sums(page, &page->filters, "com_horario, min_campo, servicos, horario_anomalo",
                          "sum(com_horario), sum(min_campo), sum(servicos), sum(horario_anomalo)",
                          "", 1, &sums, err))
        return false;
    sum_sizes(&table, sizes);
    figure(page, "Serviços por equipe-dia",
           text_quotient(page, sizes->total_services, sizes->total_days, 1), NULL,
           page_format(page, "média de %s equipes-dia", text_count(page, sizes->total_days)));
    figure(page, "Mediana", text_count(page, rank_of(sizes, 5)), NULL,
           page_format(page, "p10 %s · p90 %s", text_count(page, rank_of(sizes, 1)),
                       text_count(page, rank_of(sizes, 9))));
    if (!figure_time(page, err))
        return false;
    figure(page, "Serviços por hora de campo",
           text_quotient(page, 60 * page_int(&sums, 0, 0), page_int(&sums, 0, 1), 2), NULL,
           page_format(page, "%s dos serviços têm horário válido",
                       text_share(page, page_int(&sums, 0, 0), page_int(&sums, 0, 2), 1)));
    figure(page, "Horários anômalos", text_count(page, page_int(&sums, 0, 3)),
           rows_link(page, &page->filters, &odd, 1), "acima do limite ou fim antes do início");
    figures_end(page);
    return true;
}

/* Makes a table of text cells: month, p10, median, p90, mean, team-days. */
static void summarise_months(struct page *page, const struct query_table *sizes,
                             struct query_table *out)
{
    enum { COLUMNS = 6 };
    struct sizes *month = arena_alloc(page->arena, sizeof(*month));

    *out = (struct query_table){.columns = COLUMNS};
    out->cells = arena_alloc(page->arena, (sizes->rows + 1) * sizeof(*out->cells));
    for (size_t i = 0; i < sizes->rows;) {
        const char *name = query_table_text(sizes, i, 0);
        *month = (struct sizes){.count = 0};
        for (; i < sizes->rows && strcmp(query_table_text(sizes, i, 0), name) == 0; i++)
            sizes_add(month, page_int(sizes, i, 1), page_int(sizes, i, 2));
        const double mean = (double)month->total_services / (double)month->total_days;
        const char *texts[COLUMNS] = {
            name,
            page_format(page, "%lld", (long long)rank_of(month, 1)),
            page_format(page, "%lld", (long long)rank_of(month, 5)),
            page_format(page, "%lld", (long long)rank_of(month, 9)),
            page_format(page, "%.6f", mean),
            page_format(page, "%lld", (long long)month->total_days),
        };
        struct cell *cells = arena_alloc(page->arena, sizeof(*cells) * COLUMNS);
        for (size_t c = 0; c < COLUMNS; c++)
            cells[c] = (struct cell){texts[c], strlen(texts[c])};
        out->cells[out->rows++] = cells;
    }
}

static bool card_months(struct page *page, struct error *err)
{
    static const struct legend legend[] = {
        {"", "Mediana"}, {"tr", "Média"}, {"faixa-c", "p10 a p90"}, {NULL, NULL}};
    static const struct chart_series series[] = {
        {.name = "p90", .cell = 3, .kind = KIND_INTEGER, .flags = SERIES_BAND, .order = 4},
        {.name = "p10", .cell = 1, .kind = KIND_INTEGER, .flags = SERIES_INVISIBLE, .order = 3},
        {.name = "Mediana", .cell = 2, .kind = KIND_INTEGER, .order = 1},
        {.name = "Média",
         .cell = 4,
         .kind = KIND_DECIMAL,
         .colour = "--serie-2",
         .format = "1",
         .flags = SERIES_DASHED | SERIES_NO_POINTS,
         .order = 2},
    };
    static const struct table_column columns[] = {
        {.head = "Mês", .cell = 0, .kind = KIND_MONTH, .flags = TABLE_ROW_HEAD},
        {.head = "p10", .cell = 1, .kind = KIND_INTEGER},
        {.head = "Mediana", .cell = 2, .kind = KIND_INTEGER},
        {.head = "p90", .cell = 3, .kind = KIND_INTEGER},
        {.head = "Média", .cell = 4, .kind = KIND_DECIMAL, .digits = 2},
        {.head = "Equipes-dia", .cell = 5, .kind = KIND_INTEGER},
    };
    const int32_t last = page->filters.last;
    const struct filters span =
        page_days(page, filter_month_add(filter_month_of(last), 1 - MONTHS), last);
    struct query_table sizes, months;

    card_begin(page, "c5", "Serviços por equipe-dia, por mês",
               "Faixa: do p10 ao p90 das equipes-dia. O último mês está em curso.");
    if (!read_sizes(page, &span, &sizes, err))
        return false;
    summarise_months(page, &sizes, &months);
    chart_canvas(page, "prod",
                 "Mediana, média e faixa p10 a p90 de serviços por equipe-dia em 13 meses", true,
                 legend);
    chart_data_add(&page->charts,
                   &(struct chart){.id = "prod",
                                   .type = "line",
                                   .label_kind = KIND_MONTH,
                                   .format = "0",
                                   .series = series,
                                   .series_count = 4},
                   &months);
    numbers_begin(page);
    table_html(page->out, &months,
               &(struct table_view){.caption = "Serviços por equipe-dia por mês",
                                    .columns = columns,
                                    .column_count = 6,
                                    .reversed = true});
    numbers_end(page);
    return card_end_with(page, NULL, "ouro_produtividade", &span, err);
}

/* --- team × day ----------------------------------------------------------------------------------
 */

struct heat {
    int32_t days[HEAT_DAYS]; /* the last with a service, in order */
    size_t day_count;
    struct query_table teams; /* team, services, team-days; the highest mean first */
    struct query_table cells; /* team, day number, services */
    int64_t most;
};

static bool read_heat(struct page *page, struct heat *heat, struct error *err)
{
    struct query_table days;

    if (!page_select(page, &page->filters, &summary_columns,
                     "SELECT DISTINCT dia_num FROM resumo_dia WHERE equipe <> ''",
                     page_format(page, " ORDER BY dia_num DESC LIMIT %d", HEAT_DAYS), HEAT_DAYS,
                     &days, err))
        return false;
    heat->day_count = days.rows;
    for (size_t i = 0; i < days.rows; i++)
        heat->days[days.rows - 1 - i] = (int32_t)page_int(&days, i, 0);
    const int32_t first = days.rows ? heat->days[0] : 0;
    if (!page_select(page, &page->filters, &summary_columns,
                     "SELECT equipe, sum(servicos), count(DISTINCT data_execucao) FROM resumo_dia"
                     " WHERE equipe <> ''",
                     " GROUP BY equipe ORDER BY 1.0 * sum(servicos) / count(DISTINCT"
                     " data_execucao) DESC, equipe",
                     TEAMS_MAX, &heat->teams, err) ||
        !page_select(page, &page->filters, &summary_columns,
                     page_format(page,
                                 "SELECT equipe, dia_num, sum(servicos) FROM resumo_dia WHERE"
                                 " equipe <> '' AND dia_num >= %d",
                                 first),
                     " GROUP BY equipe, dia_num ORDER BY equipe, dia_num", TEAMS_MAX * HEAT_DAYS,
                     &heat->cells, err))
        return false;
    for (size_t i = 0; i < heat->cells.rows; i++)
        if (page_int(&heat->cells, i, 2) > heat->most)
            heat->most = page_int(&heat->cells, i, 2);
    return true;
}

static int64_t heat_at(const struct heat *heat, const char *team, int32_t day)
{
    for (size_t i = 0; i < heat->cells.rows; i++)
        if (page_int(&heat->cells, i, 1) == day &&
            strcmp(query_table_text(&heat->cells, i, 0), team) == 0)
            return page_int(&heat->cells, i, 2);
    return 0;
}

static void heat_row(struct page *page, const struct heat *heat, size_t row)
{
    struct buf *out = page->out;
    const char *team = query_table_text(&heat->teams, row, 0);

    buf_add_text(out, "<tr><th scope=\"row\">");
    html_text(out, team);
    buf_add_text(out, "</th>");
    for (size_t d = 0; d < heat->day_count; d++) {
        const int64_t count = heat_at(heat, team, heat->days[d]);
        if (count == 0) {
            buf_add_text(out, "<td class=\"q\"><span>·</span></td>");
            continue;
        }
        const int64_t class = heat->most > 5 ? count * 5 / heat->most : count - 1;
        buf_addf(out, "<td class=\"q k%d\"><span>%s</span></td>", (int)class,
                 text_count(page, count));
    }
    buf_addf(
        out, "<td class=\"tot\">%s</td></tr>",
        text_quotient(page, page_int(&heat->teams, row, 1), page_int(&heat->teams, row, 2), 1));
}

static void heat_table(struct page *page, const struct heat *heat, bool all)
{
    struct buf *out = page->out;
    const size_t count = heat->teams.rows;

    buf_add_text(out, "<div class=\"rola\" tabindex=\"0\" role=\"region\" aria-label=\"Serviços"
                      " por equipe e dia\"><table class=\"calor\"><caption>Serviços por equipe e"
                      " dia</caption><thead><tr><th scope=\"col\">Equipe</th>");
    for (size_t d = 0; d < heat->day_count; d++)
        buf_addf(out, "<th scope=\"col\">%s<br>%02d</th>", format_weekday_short(heat->days[d]),
                 date_day(heat->days[d]));
    buf_add_text(out, "<th scope=\"col\">Média</th></tr></thead><tbody>");
    for (size_t i = 0; i < count; i++) {
        if (!all && i >= HEAT_TEAMS && i + HEAT_TEAMS < count)
            continue;
        if (!all && count > 2 * HEAT_TEAMS && i == count - HEAT_TEAMS)
            buf_add_text(out, "</tbody><tbody>");
        heat_row(page, heat, i);
    }
    buf_add_text(out, "</tbody></table></div>");
    buf_addf(out,
             "<p class=\"escala\"><span>1</span><i></i><i class=\"k1\"></i><i class=\"k2\"></i>"
             "<i class=\"k3\"></i><i class=\"k4\"></i><i class=\"k5\"></i><span>%s serviços</span>"
             "<span>· sem serviço</span></p>",
             text_count(page, heat->most));
}

static bool card_heat(struct page *page, struct error *err)
{
    const bool all = page->filters.values[FILTER_TUDO];
    struct heat heat = {.day_count = 0};

    card_begin(page, "c7", "Equipe × dia",
               page_format(page, "Os últimos %d dias com serviço.%s", HEAT_DAYS,
                           all ? "" : " As 9 equipes de maior e as 9 de menor média no período."));
    if (!read_heat(page, &heat, err))
        return false;
    heat_table(page, &heat, all);
    const struct filters shown =
        page_days(page, heat.day_count ? heat.days[0] : 0, page->filters.last);
    BUF_DONE struct buf note = BUF_INIT(4096);
    const struct filter_change everything = {FILTER_TUDO, "1"};
    if (!all && heat.teams.rows > (size_t)2 * HEAT_TEAMS && !page->request->site->single_file)
        html_link(&note,
                  page_link(page, page->path, page->accepted, &page->filters, &everything, 1), NULL,
                  page_format(page, "todas as %s", text_count(page, (int64_t)heat.teams.rows)));
    return card_end_with(page, note.len ? buf_text(&note) : NULL, "ouro_equipe_dia", &shown, err);
}

static bool link_team(void *arg, const struct query_table *table, size_t row, size_t column,
                      struct buf *address)
{
    struct page *page = arg;
    const struct filter_change team = {FILTER_EQUIPE, query_table_text(table, row, 0)};

    if (column != 4)
        return false;
    return rows_address(page, &page->filters, &team, 1, address);
}

static bool card_teams(struct page *page, struct error *err)
{
    static const struct table_column columns[] = {
        {.head = "Equipe", .cell = 0, .flags = TABLE_ROW_HEAD},
        {.head = "Regional", .cell = 1, .flags = TABLE_WIDE},
        {.head = "Grupo", .cell = 2},
        {.head = "Equipes-dia", .cell = 3, .kind = KIND_INTEGER, .flags = TABLE_WIDE},
        {.head = "Serviços", .cell = 4, .kind = KIND_INTEGER},
        {.head = "Por equipe-dia", .cell = 5, .kind = KIND_DECIMAL, .digits = 1},
        {.head = "Min por serviço", .cell = 6, .kind = KIND_DECIMAL, .flags = TABLE_WIDE},
        {.head = "Acerto", .cell = 7, .kind = KIND_RATIO, .digits = 1},
        {.head = "Retorno", .cell = 8, .kind = KIND_RATIO, .digits = 1},
    };
    struct query_table table;

    card_begin(page, "c12", "Equipes no período",
               "Por serviços por equipe-dia; compare dentro do mesmo grupo: AT faz inspeções mais"
               " longas.");
    if (!page_select(page, &page->filters, &summary_columns,
                     "SELECT equipe, min(regional), min(grupo), count(DISTINCT data_execucao),"
                     " sum(servicos), round(1.0 * sum(servicos) / count(DISTINCT data_execucao),"
                     " 6) AS por_dia, round(1.0 * sum(min_campo) / nullif(sum(com_horario), 0), "
                     "6), round(1.0"
                     " * sum(toi_inspecao) / nullif(sum(inspecoes), 0), 6), round(1.0 *"
                     " sum(retornos) / nullif(sum(servicos), 0), 6) FROM resumo_dia WHERE equipe"
                     " <> ''",
                     " GROUP BY equipe ORDER BY por_dia DESC, equipe", TEAMS_MAX, &table, err))
        return false;
    table_html(page->out, &table,
               &(struct table_view){.caption = "Equipes no período",
                                    .columns = columns,
                                    .column_count = 9,
                                    .link = link_team,
                                    .arg = page});
    return card_end_with(page, text_counted(page, (int64_t)table.rows, "equipe", "equipes"),
                         "ouro_equipe_dia", &page->filters, err);
}

static page_card *const cards[] = {card_figures, card_months, card_heat, card_teams};

const struct page_kind page_produtividade = {
    .path = "/produtividade",
    .name = "Produtividade",
    .question = "Quanto cada equipe entrega por dia de campo, e onde o tempo vai?",
    .filters = FILTERS_OF_DAYS | FILTERS_OF_PLACE,
    .period = PERIOD_DAYS,
    .cards = cards,
    .card_count = sizeof(cards) / sizeof(*cards),
};
