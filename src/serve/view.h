/*
 * Pages, figures and rows: what is read from the database.
 */
#ifndef SERVE_VIEW_H
#define SERVE_VIEW_H

#include "serve/visit.h"

/*
 * Answers a GET of a page, of /api or of /csv, in one read of the database, so that all figures of
 * an answer are of one moment. A browser or the cache that has the page of this state is not made
 * to wait for it. While the database is away the last page that was made for the address is shown,
 * if it is less than a day old, with its time on top.
 */
void view_answer(const struct visit *visit, struct reply *out);

#endif
