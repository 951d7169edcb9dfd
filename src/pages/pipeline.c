/* SPDX-License-Identifier: MIT */
/* The page of the copy itself: what is missing, held or rejected, and what no figure counts. */
#include "pages/freshness.h"
#include "pages/filter.h"
#include "pages/html.h"
#include "pages/kinds.h"
#include "pages/labels.h"

#include "base/clock.h"

#include <string.h>

enum { STRIP_DAYS = 120, RUNS_SHOWN = 10, HELD_SHOWN = 20, VALUES_SHOWN = 40, REPORTS_MAX = 16 };

static bool card_figures(struct page *page, struct error *err)
{
    const struct filter_change rejected = {FILTER_RELATORIO, "rejeitadas"};
    const struct filters none = page_any_day(page);
    struct query_table table;

    figures_begin(page);
    if (!query_table_read(page->reader,
                          page_format(page,
                                      "SELECT (SELECT count(*) FROM (SELECT codigo FROM"
                                      " ouro_execucao WHERE fim IS NOT NULL ORDER BY execucao DESC"
                                      " LIMIT %d) AS u WHERE codigo = 0), (SELECT count(*) FROM"
                                      " (SELECT codigo FROM ouro_execucao WHERE fim IS NOT NULL"
                                      " ORDER BY execucao DESC LIMIT %d) AS u), (SELECT count(*)"
                                      " FROM ouro_janela_aberta), (SELECT count(*) FROM"
                                      " etl_rejects), (SELECT count(*) FROM ouro_valor_novo)",
                                      RUNS_SHOWN, RUNS_SHOWN),
                          NULL, 1, page->arena, &table, err))
        return false;
    figure(page, "Última cópia",
           page_format(page, "%02d:%02d", page->ref.updated.hour, page->ref.updated.minute), NULL,
           text_date(page, page->ref.updated.day));
    figure(page, "Execuções com êxito",
           page_format(page, "%s <small>de %s</small>", text_count(page, page_int(&table, 0, 0)),
                       text_count(page, page_int(&table, 0, 1))),
           NULL, "as últimas que terminaram");
    figure(page, "Janelas em aberto", text_count(page, page_int(&table, 0, 2)), NULL,
           "retidas ou recusadas e não refeitas");
    figure(page, "Linhas rejeitadas", text_count(page, page_int(&table, 0, 3)),
           rows_link(page, &none, &rejected, 1), "guardadas com o motivo");
    figure(page, "Valores por confirmar", text_count(page, page_int(&table, 0, 4)), NULL,
           "status e tipos de serviço");
    figures_end(page);
    return true;
}

/* --- coverage ------------------------------------------------------------------------------------
 */

static void write_strip(struct page *page, const struct query_table *days, size_t from, size_t to)
{
    struct buf *out = page->out;
    const char *report = report_label(query_table_text(days, from, 0));
    int64_t missing = 0;

    for (size_t i = from; i < to; i++)
        missing += strcmp(query_table_text(days, i, 2), "falta") == 0;
    html_element(out, "p", "sub", report);
    html_begin_tag(out, "div");
    html_attr(out, "class", "tira");
    html_attr(out, "role", "img");
    html_attr(out, "aria-label",
              page_format(page, "%zu dias de %s, %s", to - from, report,
                          missing ? text_counted(page, missing, "dia falta", "dias faltam")
                                  : "todos copiados"));
    html_end_tag(out);
    for (size_t i = from; i < to; i++) {
        int32_t day;
        html_begin_tag(out, "i");
        html_attr(out, "class", query_table_text(days, i, 2));
        html_attr(out, "title", query_table_day(days, i, 1, &day) ? text_date(page, day) : NULL);
        html_end_tag(out);
        html_close(out, "i");
    }
    html_close(out, "div");
}

/* The last run that saw the day of the report; NULL: none. */
static const char *seen_by(const struct query_table *seen, const char *report, int32_t day,
                           size_t *at)
{
    for (; *at < seen->rows; ++*at) {
        const int order = strcmp(query_table_text(seen, *at, 0), report);
        int32_t its;
        if (order > 0 || (order == 0 && query_table_day(seen, *at, 1, &its) && its > day))
            return NULL;
        if (order == 0 && its == day)
            return query_table_text(seen, *at, 2);
    }
    return NULL;
}

/* Adds the days of a report, as rows of report, day, and "visto", "velho" or "falta". */
static size_t put_days(struct page *page, const struct query_table *reports, size_t report,
                       const struct query_table *seen, struct query_table *out, size_t row)
{
    const char *name = query_table_text(reports, report, 0);
    size_t at = 0;
    int32_t first;

    if (!query_table_day(reports, report, 2, &first))
        return row;
    if (first <= page->ref.today - STRIP_DAYS)
        first = page->ref.today - STRIP_DAYS + 1;
    for (int32_t day = first; day <= page->ref.today; day++, row++) {
        const char *run = seen_by(seen, name, day, &at);
        char iso[DATE_ISO_SIZE];
        query_table_put(out, row, 0, name);
        query_table_put(out, row, 1, page_format(page, "%s", date_format_iso(day, iso)));
        query_table_put(out, row, 2,
                        !run                                                     ? "falta"
                        : strcmp(run, query_table_text(reports, report, 1)) == 0 ? "visto"
                                                                                 : "velho");
    }
    return row;
}

static bool read_coverage(struct page *page, struct query_table *out, struct error *err)
{
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];
    struct query_table reports, seen;
    size_t row = 0;

    date_format_iso(page->ref.today - STRIP_DAYS + 1, first);
    date_format_iso(page->ref.today, last);
    if (!query_table_read(page->reader,
                          "SELECT report, max(ultima_execucao), min(dia) FROM resumo_cobertura"
                          " GROUP BY report ORDER BY report",
                          NULL, REPORTS_MAX, page->arena, &reports, err) ||
        !query_table_read(page->reader,
                          page_format(page,
                                      "SELECT report, dia, ultima_execucao FROM resumo_cobertura"
                                      " WHERE dia >= '%s' AND dia <= '%s' ORDER BY report, dia",
                                      first, last),
                          NULL, (size_t)STRIP_DAYS * REPORTS_MAX, page->arena, &seen, err))
        return false;
    query_table_make(STRIP_DAYS * reports.rows, 3, page->arena, out);
    for (size_t i = 0; i < reports.rows; i++)
        row = put_days(page, &reports, i, &seen, out, row);
    out->rows = row;
    return true;
}

static bool card_coverage(struct page *page, struct error *err)
{
    struct query_table days;

    card_begin(page, "c12", "Cobertura",
               page_format(page,
                           "Cada traço é um dia, dos últimos %d. Cheio: visto pela última execução"
                           " do relatório; claro: por uma anterior; laranja: falta.",
                           STRIP_DAYS));
    if (!read_coverage(page, &days, err))
        return false;
    for (size_t i = 0; i < days.rows;) {
        const size_t from = i;
        while (i < days.rows &&
               strcmp(query_table_text(&days, i, 0), query_table_text(&days, from, 0)) == 0)
            i++;
        write_strip(page, &days, from, i);
    }
    return card_end(page, "ouro_frescor", err);
}

/* --- runs and windows ----------------------------------------------------------------------------
 */

static bool tell_run(void *arg, const struct query_table *table, size_t row, size_t column,
                     struct buf *html)
{
    (void)arg;
    if (column == 1) {
        html_text(html, mode_label(query_table_text(table, row, 1)));
        return true;
    }
    if (column != 2)
        return false;
    if (!query_table_cell(table, row, 8).text)
        html_element(html, "span", "tag", "em andamento, ou interrompida");
    else if (page_int(table, row, 2) == 0)
        html_element(html, "span", "tag ok", "aplicada");
    else
        html_element(html, "span", "tag alta",
                     page_int(table, row, 9) ? "com janelas retidas" : "com falhas");
    return true;
}

static bool card_runs(struct page *page, struct error *err)
{
    static const struct table_column columns[] = {
        {.head = "Início", .cell = 0, .kind = KIND_INSTANT, .flags = TABLE_ROW_HEAD},
        {.head = "Ciclo", .cell = 1},
        {.head = "Resultado", .cell = 2},
        {.head = "Janelas", .cell = 3, .kind = KIND_INTEGER, .flags = TABLE_WIDE},
        {.head = "Lidas", .cell = 4, .kind = KIND_INTEGER, .flags = TABLE_WIDE},
        {.head = "Novas", .cell = 5, .kind = KIND_INTEGER},
        {.head = "Mudadas", .cell = 6, .kind = KIND_INTEGER},
        {.head = "Apagadas", .cell = 7, .kind = KIND_INTEGER, .flags = TABLE_WIDE},
        {.head = "Rejeitadas", .cell = 10, .kind = KIND_INTEGER, .flags = TABLE_WIDE},
    };
    struct query_table table;

    card_begin(page, "c12", "Execuções", "As dez últimas.");
    if (!query_table_read(page->reader,
                          page_format(page,
                                      "SELECT inicio, modo, codigo, janelas, lidas, inseridas,"
                                      " mudadas, apagadas, fim, retidas, rejeitadas FROM"
                                      " ouro_execucao ORDER BY execucao DESC LIMIT %d",
                                      RUNS_SHOWN),
                          NULL, RUNS_SHOWN, page->arena, &table, err))
        return false;
    table_html(page->out, &table,
               &(struct table_view){.caption = "Execuções",
                                    .columns = columns,
                                    .column_count = sizeof(columns) / sizeof(*columns),
                                    .content = tell_run});
    return card_end(page, "ouro_execucao", err);
}

/* The button that lets a held window through; where the server has one. */
static void add_accept(struct page *page, const char *id, const char *status)
{
    const struct site *site = page->request->site;
    const char *path = page_format(page, "/janelas/%s/aceitar", id);
    const char *token = strcmp(status, "held") == 0 && site->form_token
                            ? site->form_token(site->form_token_arg, path)
                            : NULL;

    if (!token)
        return;
    html_begin_tag(page->out, "form");
    html_attr(page->out, "method", "post");
    html_attr(page->out, "action", path);
    html_end_tag(page->out);
    html_hidden(page->out, "csrf", token);
    buf_add_text(page->out,
                 "<label>Linhas que vão sair <input name=\"linhas\" inputmode=\"numeric\""
                 " size=\"8\" autocomplete=\"off\" required></label> <button class=\"botao\""
                 " type=\"submit\">Aceitar</button></form>");
}

static bool card_open(struct page *page, struct error *err)
{
    struct query_table table;

    card_begin(page, "c6 solta", "O que falta",
               "Janelas retidas ou recusadas que nenhuma outra refez. As linhas de antes valem.");
    if (!query_table_read(page->reader,
                          page_format(page,
                                      "SELECT id, relatorio, de, ate, situacao, motivo, quando FROM"
                                      " ouro_janela_aberta ORDER BY id DESC LIMIT %d",
                                      HELD_SHOWN),
                          NULL, HELD_SHOWN, page->arena, &table, err))
        return false;
    if (!table.rows)
        html_element(page->out, "p", "vazio", "Nada: todas as janelas foram aplicadas.");
    for (size_t i = 0; i < table.rows; i++) {
        const char *status = query_table_text(&table, i, 4);
        html_open(page->out, "div", "janela");
        html_open(page->out, "p", "sub");
        html_open(page->out, "strong", NULL);
        html_text(page->out, report_label(query_table_text(&table, i, 1)));
        buf_add_text(page->out, ", ");
        format_cell(page->out, query_table_cell(&table, i, 2), KIND_DATE, 0);
        buf_add_text(page->out, " a ");
        format_cell(page->out, query_table_cell(&table, i, 3), KIND_DATE, 0);
        html_close(page->out, "strong");
        buf_add_text(page->out, strcmp(status, "held") == 0 ? ": retida em " : ": falhou em ");
        format_cell(page->out, query_table_cell(&table, i, 6), KIND_INSTANT, 0);
        buf_add_text(page->out, ". ");
        html_begin_tag(page->out, "span");
        html_attr(page->out, "lang", "en");
        html_end_tag(page->out);
        html_text(page->out, query_table_text(&table, i, 5));
        html_close(page->out, "span");
        html_close(page->out, "p");
        add_accept(page, query_table_text(&table, i, 0), status);
        html_close(page->out, "div");
    }
    return card_end(page, "ouro_janela_aberta", err);
}

/* --- data tests ----------------------------------------------------------------------------------
 */

static bool link_test(void *arg, const struct query_table *table, size_t row, size_t column,
                      struct buf *address)
{
    struct page *page = arg;
    const char *filter = query_table_text(table, row, 2), *value = query_table_text(table, row, 3);
    const char *report = query_table_text(table, row, 4);

    if (column != 1 || !*filter || page->request->site->single_file)
        return false;
    buf_addf(address, "/linhas?relatorio=%s&%s=%s", report, filter, value);
    return true;
}

/* What is counted of each month, and the lists that show the rows. */
static const struct data_test {
    const char *name, *filter, *value, *rows;
} data_tests[] = {
    {"Serviços sem horário", "anomalia", "sem_horario", "servicos"},
    {"Horários anômalos", "conta", "horario_anomalo", "servicos"},
    {"Baixas antes da execução", "conta", "baixa_anomala", "servicos"},
    {"Valores ilegíveis", "conta", "valor_ilegivel", "servicos"},
    {"Serviços sem equipe", "", "", ""},
    {"Serviços sem município", "", "", ""},
};
enum { DATA_TESTS = sizeof(data_tests) / sizeof(*data_tests) };

static void put_test(struct query_table *out, size_t row, const struct data_test *test,
                     const char *count)
{
    query_table_put(out, row, 0, test->name);
    query_table_put(out, row, 1, *count ? count : "0");
    query_table_put(out, row, 2, test->filter);
    query_table_put(out, row, 3, test->value);
    query_table_put(out, row, 4, test->rows);
}

/* Rows of name, count, and the filter, its value and the report that show what was counted. */
static bool read_tests(struct page *page, struct query_table *out, struct error *err)
{
    struct query_table undated, counts;

    if (!query_table_read(page->reader,
                          "SELECT relatorio, linhas FROM teste_sem_data ORDER BY relatorio", NULL,
                          REPORTS_MAX, page->arena, &undated, err) ||
        !query_table_read(page->reader,
                          "SELECT sum(sem_horario), sum(horario_anomalo),"
                          " sum(baixa_antes_da_execucao), sum(valor_ilegivel), sum(sem_equipe),"
                          " sum(sem_municipio) FROM ouro_qualidade",
                          NULL, 1, page->arena, &counts, err))
        return false;
    query_table_make(undated.rows + DATA_TESTS, 5, page->arena, out);
    for (size_t i = 0; i < undated.rows; i++) {
        const bool general = strcmp(query_table_text(&undated, i, 0), "general_reports") == 0;
        const struct data_test test = {general ? "Serviços sem data de execução"
                                               : "Retornos sem data de execução",
                                       "anomalia", "sem_data", general ? "servicos" : "retornos"};
        put_test(out, i, &test, query_table_text(&undated, i, 1));
    }
    for (size_t i = 0; i < DATA_TESTS; i++)
        put_test(out, undated.rows + i, &data_tests[i], query_table_text(&counts, 0, i));
    return true;
}

static bool card_tests(struct page *page, struct error *err)
{
    static const struct table_column columns[] = {
        {.head = "Teste", .cell = 0, .flags = TABLE_ROW_HEAD},
        {.head = "Linhas", .cell = 1, .kind = KIND_INTEGER},
    };
    struct query_table table;

    card_begin(page, "c6 solta", "Testes de dados",
               "O que fica fora de alguma figura, em toda a história.");
    if (!read_tests(page, &table, err))
        return false;
    table_html(page->out, &table,
               &(struct table_view){.caption = "Testes de dados",
                                    .columns = columns,
                                    .column_count = 2,
                                    .link = link_test,
                                    .arg = page});
    return card_end(page, "ouro_qualidade", err);
}

static bool card_values(struct page *page, struct error *err)
{
    static const struct table_column columns[] = {
        {.head = "Coluna", .cell = 0, .flags = TABLE_ROW_HEAD},
        {.head = "Valor", .cell = 1},
        {.head = "Conta como", .cell = 2},
    };
    struct query_table table;

    card_begin(page, "c12", "Valores por confirmar",
               "Um valor novo entra com um palpite até alguém o confirmar na configuração.");
    if (!query_table_read(page->reader,
                          page_format(page,
                                      "SELECT coluna, valor, CASE WHEN coluna = 'STATUS' THEN CASE"
                                      " conta WHEN 1 THEN 'produzido' ELSE 'não produzido' END ELSE"
                                      " CASE conta WHEN 1 THEN 'inspeção' ELSE 'não é inspeção' END"
                                      " END FROM ouro_valor_novo ORDER BY coluna, valor LIMIT %d",
                                      VALUES_SHOWN),
                          NULL, VALUES_SHOWN, page->arena, &table, err))
        return false;
    table_html(page->out, &table,
               &(struct table_view){
                   .caption = "Valores por confirmar", .columns = columns, .column_count = 3});
    return card_end(page, "ouro_valor_novo", err);
}

static page_card *const cards[] = {card_figures, card_coverage, card_runs,
                                   card_open,    card_tests,    card_values};

const struct page_kind page_pipeline = {
    .path = "/pipeline",
    .name = "Pipeline",
    .question = "Posso confiar nestes números agora? O que faltou, o que foi retido, o que foi"
                " recusado?",
    .period = PERIOD_NONE,
    .cards = cards,
    .card_count = sizeof(cards) / sizeof(*cards),
};
