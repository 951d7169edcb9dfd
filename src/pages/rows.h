/*
 * The rows behind a figure (/linhas), and one row with its past (/linha/REPORT/KEY).
 *
 * The conditions here are those by which the figures count, so that the number on top of the list
 * is the figure that was clicked.
 */
#ifndef PAGES_ROWS_H
#define PAGES_ROWS_H

#include "pages/answer.h"
#include "pages/page.h"

bool rows_answer(struct page *page, struct answer *out, struct error *err);
/* `what` is what follows /linha/. */
bool row_answer(struct page *page, const char *what, struct answer *out, struct error *err);

#endif
