/*
 * What a page consists of: figures on top, cards with tables and charts.
 *
 * Each card asks for its own figures, so that one which takes too long says so in its place while
 * the others are shown.
 */
#ifndef PAGES_CARD_H
#define PAGES_CARD_H

#include "pages/page.h"

typedef bool page_card(struct page *page, struct error *err);

/* Writes the cards. One that takes too long, or whose figures the filters cannot split, is replaced
 * by a card that says so. */
bool page_cards(struct page *page, page_card *const *cards, size_t count, struct error *err);

/* A card: title and line below it (NULL: none); content; foot with the CSV of a model. */
void card_begin(struct page *page, const char *class_name, const char *title, const char *sub);
/* Ends a card without a foot. */
void card_close(struct page *page);
/* `model`: of the link to the CSV, with the filters that it has. A file that is read offline has
 * the CSV within the link, if it is small; so its rows are read here, and that may fail. */
bool card_end(struct page *page, const char *model, struct error *err);
/* Foot with text before the CSV; `note` is HTML; NULL: none. */
bool card_end_with(struct page *page, const char *note, const char *model,
                   const struct filters *filters, struct error *err);

/* The figures on top of a page. */
void figures_begin(struct page *page);
void figures_end(struct page *page);
/* One figure: the value and the note are HTML. `link` is the address of its rows, or NULL. */
void figure(struct page *page, const char *name, const char *value, const char *link,
            const char *note);

/* A chart, its legend (pairs of class and text, the last is NULL), and below it its numbers. */
struct legend {
    const char *class_name, *text;
};
void chart_canvas(struct page *page, const char *id, const char *label, bool tall,
                  const struct legend *legend);
void numbers_begin(struct page *page);
void numbers_end(struct page *page);

#endif
