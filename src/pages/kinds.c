/* SPDX-License-Identifier: MIT */
/* Writes a page of the navigation. */
#include "pages/kinds.h"

#include "pages/filter_form.h"
#include "pages/filter.h"
#include "pages/html.h"

enum { SENTENCE_MAX = 8192, DEFAULT_DAYS = 90 };

const struct page_kind *const page_kinds[] = {
    &page_hoje,       &page_produtividade, &page_qualidade, &page_receita,
    &page_territorio, &page_auditoria,     &page_pipeline,
};

bool page_filters(struct page *page, const struct page_kind *kind, struct filters_problem *problem)
{
    const int32_t today = page->ref.today;

    page->accepted = kind->filters;
    if (!filters_read(page->request, kind->filters, today, page->arena, &page->filters, problem))
        return false;
    if (kind->period == PERIOD_DAY)
        filters_default_days(&page->filters, today, today);
    else if (kind->period == PERIOD_DAYS)
        filters_default_days(&page->filters, today - DEFAULT_DAYS + 1, today);
    else if (kind->period == PERIOD_MONTHS)
        filters_default_days(&page->filters, filter_month_add(filter_month_of(today), -12), today);
    return true;
}

static void add_title(struct page *page, const struct page_kind *kind)
{
    struct buf *out = page->out;

    buf_add_text(out, "<div class=\"titulo\"><div>");
    html_element(out, "h1", NULL, kind->name);
    html_element(out, "p", NULL, kind->question);
    buf_add_text(out, "</div><div class=\"acoes\"><button class=\"botao\" type=\"button\""
                      " data-acao=\"imprimir\">Imprimir</button></div></div>\n");
}

/* Whether the filters leave nothing at all; then says so, and where there is something. */
static bool is_empty(struct page *page, bool *empty, struct error *err)
{
    BUF_DONE struct buf sentence = BUF_INIT(SENTENCE_MAX);
    const struct filters any_day = page_any_day(page);
    struct query_table here, last;
    int32_t day;

    *empty = false;
    if (!page_select(page, &page->filters, &summary_columns, "SELECT 1 FROM resumo_dia WHERE 1 = 1",
                     " LIMIT 1", 1, &here, err))
        return false;
    if (here.rows)
        return true;
    if (!page_select(page, &any_day, &summary_columns,
                     "SELECT max(data_execucao) FROM resumo_dia WHERE 1 = 1", "", 1, &last, err))
        return false;
    *empty = true;
    filters_sentence(&sentence, &page->filters);
    html_open(page->out, "section", "cartao c12");
    html_open(page->out, "p", "vazio");
    html_textf(page->out, "Nenhum serviço: %s.", buf_text(&sentence));
    if (query_table_day(&last, 0, 0, &day)) {
        char iso[DATE_ISO_SIZE];
        const bool one = page->accepted & FILTER_BIT(FILTER_DIA);
        const struct filter_change changes[] = {
            {one ? FILTER_DIA : FILTER_DE, date_format_iso(day, iso)}, {FILTER_ATE, iso}};
        buf_add_text(page->out, " Último dia com serviço: ");
        html_link(page->out,
                  page_link(page, page->path, page->accepted, &page->filters, changes, one ? 1 : 2),
                  NULL, text_date(page, day));
        buf_add_text(page->out, ".");
    }
    html_close(page->out, "p");
    html_close(page->out, "section");
    return true;
}

bool page_content(struct page *page, const struct page_kind *kind, struct error *err)
{
    bool empty = false;

    page->path = kind->path;
    html_begin_tag(page->out, "section");
    html_attr(page->out, "class", "pagina");
    html_attr(page->out, "id", kind->path + 1);
    html_attr(page->out, "aria-label", kind->name);
    html_end_tag(page->out);
    add_title(page, kind);
    if (kind->filters && !filter_form(page, err))
        return false;
    html_open(page->out, "div", "grade");
    if (kind->period != PERIOD_NONE && !is_empty(page, &empty, err))
        return false;
    if (!empty && !page_cards(page, kind->cards, kind->card_count, err))
        return false;
    html_close(page->out, "div");
    html_close(page->out, "section");
    return true;
}
