/*
 * Catches the request by which a page asks for an export, while a click does so.
 *
 *     capture_begin    before the click
 *     ...              the click, up to the complete file
 *     capture_take     what was caught
 *     capture_done
 *
 * That request is the only one to the portal's own origin that holds both days of the window, and
 * its answer must be the file itself. So three kinds of exports are never taken, because repeating
 * one request would not give the file: a job that is queued and polled, a request that is
 * redirected, and a pair of requests of which one prepares the other.
 */
#ifndef EXTRACT_REPLAY_CAPTURE_H
#define EXTRACT_REPLAY_CAPTURE_H

#include "extract/replay/response.h"
#include "extract/browser/page.h"
#include "extract/replay/request.h"
#include "model/report.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct capture {
    struct page *page;  /* borrowed; NULL: not begun */
    const char *origin; /* borrowed */
    int32_t first, last;
    struct caught *caught; /* owned; newest first */
    json_t *headers;       /* request -> headers as they were sent; owned */
    bool other_origin;     /* a request with both days went to another origin */
};

/* Begins to observe the page. `origin` (as url_origin writes it) is borrowed; `first` and `last`
 * are the days of the window, inclusive. */
void capture_begin(struct capture *capture, struct page *page, const char *origin, int32_t first,
                   int32_t last);

/* Takes the request, owned by the caller, and how it was answered. False: `why` says why it cannot
 * be repeated. May wait up to 2 s for the body of a large request. */
bool capture_take(struct capture *capture, const struct names *files, struct request *out,
                  struct response *answer, char why[RESPONSE_WHY_SIZE]);

void capture_done(struct capture *capture); /* accepts a zeroed one */

#endif
