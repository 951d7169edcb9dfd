/*
 * The form with which people filter a page. All it does is an address: it works without script.
 */
#ifndef PAGES_FILTER_FORM_H
#define PAGES_FILTER_FORM_H

#include "pages/page.h"

/* Writes the form for the filters that the page accepts; of a single file only the sentence. Reads
 * the names to choose from. */
bool filter_form(struct page *page, struct error *err);

#endif
