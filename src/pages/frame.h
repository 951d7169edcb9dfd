/*
 * What is around every page: head, navigation, line of freshness, form of filters, foot.
 */
#ifndef PAGES_FRAME_H
#define PAGES_FRAME_H

#include "pages/page.h"

/* A page of the navigation. */
struct page_kind {
    const char *path, *name, *question;
    uint32_t filters; /* the set that it accepts */
    enum { PERIOD_DAY, PERIOD_DAYS, PERIOD_MONTHS, PERIOD_NONE } period;
    page_card *const *cards;
    size_t card_count;
};

/* Everything before the content: the title may be of a page that is no kind of its own. The line of
 * freshness is HTML, or NULL. */
void frame_begin(struct buf *out, const struct request *request, const char *title,
                 const char *freshness);
/* Everything behind it; `data` is the block of the charts, or NULL. */
void frame_end(struct buf *out, const struct request *request, const char *data);

#endif
