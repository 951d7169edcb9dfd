/*
 * Turns a page's request for one window into a template for other windows: its two days are found
 * in the address and in the body, and replaced.
 *
 * Known spellings of a day are yyyy-mm-dd, dd-mm-yyyy, dd/mm/yyyy (also with %2F or %2f for the
 * slash), ddmmyyyy and yyyymmdd. The last two count only where no letter and no digit touches them.
 * A spelling has a fixed length, so the request for another window is as long as this one.
 *
 *     template_learn      from the request of a clicked window
 *     template_confirm    while it is not certain: from the request of another clicked window
 *     template_fill       the request for any window
 *
 * A template is certain if each day stands in exactly one place, or was confirmed. A day in several
 * places may be one field in two spellings, or "today" in another field, which happens to be the
 * same day. The request of another window tells: a place that holds that window's day varies, one
 * that still holds the old day is constant.
 */
#ifndef EXTRACT_REPLAY_TEMPLATE_H
#define EXTRACT_REPLAY_TEMPLATE_H

#include "extract/replay/request.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A place where a day stands. */
struct template_place {
    bool in_body; /* false: in the address */
    size_t at;
    const char *spelling;
    bool is_last; /* the window's last day; false: its first one */
};

struct template
{
    struct request request; /* owned */
    int32_t first, last;    /* the window's days, inclusive */
    struct template_place *places;
    size_t count;
    bool certain;
};

/* Whether each of the two days stands in the request at least once. */
bool template_holds(const struct request *request, int32_t first, int32_t last);

/* Makes a template; *out is owned by the caller. False, with *why a constant text, if the request
 * cannot serve for other windows: one of the days is not in it, two days share digits, or the
 * window has one day only, so that its first day cannot be told from its last. */
bool template_learn(const struct request *request, int32_t first, int32_t last,
                    struct template *out, const char **why);

/* Compares with the request of another window and makes the template certain. False, with *why a
 * constant text, if the requests differ in more than their days, or one of the days varies in no
 * place. A window of one day, or one that shares its first or last day with the template's, tells
 * nothing: true, and the template stays uncertain. */
bool template_confirm(struct template *template, const struct request *request, int32_t first,
                      int32_t last, const char **why);

/* Writes the request for a window, owned by the caller; the two days may be the same. The template
 * must be certain. */
void template_fill(const struct template *template, int32_t first, int32_t last,
                   struct request *out);

void template_done(struct template *template); /* accepts a zeroed one */

#endif
