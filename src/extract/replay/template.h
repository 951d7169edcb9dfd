/*
 * A page's request for one window, made into a form for the requests of others: its two days are
 * found, in the address and in the body, and replaced.
 *
 * Known spellings of a day: yyyy-mm-dd, dd-mm-yyyy, dd/mm/yyyy (also with %2F or %2f for the
 * slash), ddmmyyyy and yyyymmdd; the ones without separators only where no letter and no digit
 * touches them. All have a fixed length, so a request of another window has the same length.
 *
 *     template_learn      from the request of a clicked window
 *     template_confirm    while it is not certain: from the request of another clicked window
 *     template_fill       the request for any window
 *
 * Certain means: each day stands in exactly one place. A day in several places may be one field in
 * two spellings, or "today" in another field that merely happens to be equal, and one request
 * cannot tell; the next one does: a place that has followed the window varies, one that has not is
 * constant.
 */
#ifndef EXTRACT_REPLAY_TEMPLATE_H
#define EXTRACT_REPLAY_TEMPLATE_H

#include "extract/replay/request.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where a day stands. */
struct template_place {
    bool in_body; /* else in the address */
    size_t at;
    const char *spelling;
    bool is_last; /* the window's last day, else its first */
};

struct template
{
    struct request request; /* owned */
    int32_t first, last;    /* days of its window */
    struct template_place *places;
    size_t count;
    bool certain;
};

/* Whether each of the two days stands in it somewhere. */
bool template_holds(const struct request *request, int32_t first, int32_t last);

/* False, and *why a constant text, if the request is no pattern for others: a day is not in it, two
 * days have digits in common, or the window has one day only, so that nothing tells its first from
 * its last. */
bool template_learn(const struct request *request, int32_t first, int32_t last,
                    struct template *out, const char **why);

/* False if the two requests differ elsewhere than in their days, or in no place for one of them. A
 * window that shares a day with the template's own tells nothing and leaves it uncertain. */
bool template_confirm(struct template *template, const struct request *request, int32_t first,
                      int32_t last, const char **why);

/* The request for a window; the days may be equal. Only of a certain template. */
void template_fill(const struct template *template, int32_t first, int32_t last,
                   struct request *out);

void template_done(struct template *template); /* accepts a zeroed one */

#endif
