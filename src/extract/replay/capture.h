/*
 * Catching the request by which a page asks for an export, while a click takes its way.
 *
 *     capture_begin    before the click
 *     ...              the click, up to the complete file
 *     capture_take     what was caught
 *     capture_done
 *
 * It is the only request to the portal's own origin that holds both days of the window, and the
 * answer to it must be the file itself. So a job that is queued and polled, a request that is
 * redirected and a pair of requests of which one prepares the other are never taken: repeating a
 * part of it would not do.
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
    struct caught *caught; /* newest first */
    json_t *headers;       /* request -> headers as they were sent */
    bool strange;          /* both days went to another origin */
};

void capture_begin(struct capture *capture, struct page *page, const char *origin, int32_t first,
                   int32_t last);

/* The request, owned by the caller, and how it was answered. False: `why` says what is not to be
 * repeated about it. May wait a moment for the body of a large request. */
bool capture_take(struct capture *capture, const struct names *files, struct request *out,
                  struct response *answer, char why[RESPONSE_WHY_SIZE]);

void capture_done(struct capture *capture); /* accepts a zeroed one */

#endif
