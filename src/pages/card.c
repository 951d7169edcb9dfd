/* SPDX-License-Identifier: MIT */
/* Writes figures and cards. */
#include "pages/card.h"

#include "pages/html.h"
#include "pages/models.h"

#include <string.h>

void card_begin(struct page *page, const char *class_name, const char *title, const char *sub)
{
    page->card_class = class_name;
    page->card_title = title;
    html_begin_tag(page->out, "section");
    html_attr(page->out, "class", page_format(page, "cartao %s", class_name));
    html_end_tag(page->out);
    html_element(page->out, "h2", NULL, title);
    if (sub)
        html_element(page->out, "p", "sub", sub);
}

void card_close(struct page *page)
{
    html_close(page->out, "section");
}

bool card_end_with(struct page *page, const char *note, const char *model,
                   const struct filters *filters, struct error *err)
{
    struct csv_link csv;

    if (!model_link(page, model, filters, &csv, err))
        return false;
    if (note || csv.address) {
        html_open(page->out, "p", "rodape");
        if (note)
            buf_add_text(page->out, note);
        if (note && csv.address)
            buf_add_text(page->out, " · ");
        if (csv.address) {
            html_begin_tag(page->out, "a");
            html_attr(page->out, "href", csv.address);
            html_attr(page->out, "download", csv.file_name);
            html_end_tag(page->out);
            buf_add_text(page->out, "CSV</a>");
        }
        html_close(page->out, "p");
    }
    card_close(page);
    return true;
}

bool card_end(struct page *page, const char *model, struct error *err)
{
    return card_end_with(page, NULL, model, &page->filters, err);
}

/* Puts a card with a message in the place of what was written since `mark`. */
static void replace_card(struct page *page, size_t mark, const char *message)
{
    const char *title = page->card_title ? page->card_title : "";

    page->out->len = mark;
    page->out->data[mark] = '\0';
    card_begin(page, page->card_class ? page->card_class : "c12", title, NULL);
    html_element(page->out, "p", "vazio", message);
    card_close(page);
}

bool page_cards(struct page *page, page_card *const *cards, size_t count, struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        const size_t mark = page->out->len, charts = page->charts.len;
        page->card_class = page->card_title = NULL;
        if (cards[i](page, err))
            continue;
        const bool too_long = err->kind == ERROR_DATABASE && err->divisible;
        if (!too_long && err->kind != ERROR_CONFIG)
            return false;
        page->charts.len = charts;
        replace_card(page, mark,
                     too_long ? "Demorou demais. Diminua o período ou filtre mais." : err->message);
    }
    return true;
}

void figures_begin(struct page *page)
{
    page->card_class = "c12";
    page->card_title = "Figuras";
    html_open(page->out, "div", "indicadores");
}

void figures_end(struct page *page)
{
    html_close(page->out, "div");
}

void figure(struct page *page, const char *name, const char *value, const char *link,
            const char *note)
{
    struct buf *out = page->out;

    html_open(out, "div", "indicador");
    html_element(out, "p", "nome", name);
    html_open(out, "p", "valor");
    if (link) {
        html_begin_tag(out, "a");
        html_attr(out, "href", link);
        html_end_tag(out);
    }
    buf_add_text(out, value);
    if (link)
        html_close(out, "a");
    html_close(out, "p");
    html_open(out, "p", "nota");
    buf_add_text(out, note ? note : "");
    html_close(out, "p");
    html_close(out, "div");
}

void chart_canvas(struct page *page, const char *id, const char *label, bool tall,
                  const struct legend *legend)
{
    struct buf *out = page->out;

    if (legend) {
        html_open(out, "ul", "legenda");
        for (; legend->text; legend++)
            html_element(out, "li", legend->class_name, legend->text);
        html_close(out, "ul");
    }
    html_open(out, "div", tall ? "tela alta" : "tela");
    html_begin_tag(out, "canvas");
    html_attr(out, "data-grafico", id);
    html_attr(out, "role", "img");
    html_attr(out, "aria-label", label);
    html_end_tag(out);
    html_close(out, "canvas");
    html_close(out, "div");
}

void numbers_begin(struct page *page)
{
    html_open(page->out, "details", "numeros");
    html_element(page->out, "summary", NULL, "Ver os números");
}

void numbers_end(struct page *page)
{
    html_close(page->out, "details");
}
