/*
 * The pages of the navigation: what each asks, which filters it has, its cards.
 */
#ifndef PAGES_KINDS_H
#define PAGES_KINDS_H

#include "pages/card.h"

/* The days of a page whose address names none. */
enum page_period {
    PERIOD_NONE,
    PERIOD_DAY,    /* today */
    PERIOD_DAYS,   /* 90 days up to today */
    PERIOD_MONTHS, /* twelve months and the present one */
};

struct page_kind {
    const char *path, *name, *question;
    uint32_t filters; /* the set that it has */
    enum page_period period;
    page_card *const *cards;
    size_t card_count;
};

extern const struct page_kind page_hoje, page_produtividade, page_qualidade, page_receita,
    page_territorio, page_auditoria, page_pipeline;

/* All, in the order of the navigation. */
extern const struct page_kind *const page_kinds[];
enum { PAGE_KIND_COUNT = 7 };

/* Reads the filters of a request for a page of that kind: false, with *problem, as filters_read. */
bool page_filters(struct page *page, const struct page_kind *kind, struct filters_problem *problem);

/* Writes the content of a page whose reference and filters are read. */
bool page_content(struct page *page, const struct page_kind *kind, struct error *err);

#endif
