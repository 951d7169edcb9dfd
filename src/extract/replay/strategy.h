/*
 * The short way to a report's windows: the page's own request, repeated with other days.
 *
 *     replay_strategy_init
 *     for every window:
 *         replay_strategy_take         REPLAY_TAKEN: the file is there. REPLAY_NONE: click, and
 *             replay_strategy_watch    before the click
 *             replay_strategy_learn    after its file, or without one
 *     replay_strategy_forget           whenever the portal was entered anew
 *     replay_strategy_done
 *
 * A report's first window is clicked and its request is caught (capture.h, template.h). When a
 * second one is asked for, the request of the first is repeated as it was, and only if that gives
 * the same file (file_digest.h: its bytes, or its lines in another order, as a portal that does not
 * sort may send them) the way is believed: that window and all others take it. So a run of one
 * window asks for nothing twice. Of several sessions that have caught the same request one proves
 * it for all (verdicts.h); while it does, the others click.
 *
 * What is left is left for good: an answer that is not the file, or no answer, ends it for the
 * report, with a warning that says why, and the same window is clicked. Except that having been
 * logged out (a redirect) is no fault of the request's: then it is learned again from the next
 * session, at most REPLAY_RENEWALS times.
 */
#ifndef EXTRACT_REPLAY_STRATEGY_H
#define EXTRACT_REPLAY_STRATEGY_H

#include "base/error.h"
#include "extract/replay/capture.h"
#include "extract/browser/page.h"
#include "extract/replay/verdicts.h"
#include "model/portal.h"
#include "model/report.h"
#include "model/window.h"

#include <stdbool.h>

enum {
    REPLAY_TRIALS = 2 /* a portal's rows may change between two exports */,
    REPLAY_RENEWALS = 3
};

struct replay_strategy {
    struct page *page; /* borrowed, as all that follows; NULL: every window is clicked */
    const struct portal *portal;
    const char *origin, *proxy;
    struct verdicts *verdicts;
    struct http_client *client;  /* owned; NULL until it is needed */
    struct replay_state *states; /* one a report */
    struct capture capture;
};

enum replay_outcome {
    REPLAY_TAKEN,
    REPLAY_NONE,   /* no such way: click */
    REPLAY_LEFT,   /* it has just ended: click, beginning with the portal's first page */
    REPLAY_FAILED, /* this machine failed, or a stop was asked for; err is set */
};

/* `origin` as url_origin writes it: the only one that a request is sent to, by `proxy`, or NULL.
 * `verdicts` of all sessions. */
void replay_strategy_init(struct replay_strategy *strategy, struct page *page,
                          const struct portal *portal, const char *origin, const char *proxy,
                          struct verdicts *verdicts);
void replay_strategy_done(struct replay_strategy *strategy); /* accepts a zeroed one */

/* The window's export into the file `path`, where an empty one may stand: complete and judged where
 * it is TAKEN, else the caller's to remove. Reports are known by address. */
enum replay_outcome replay_strategy_take(struct replay_strategy *strategy,
                                         const struct report *report, const struct window *window,
                                         const char *path, struct error *err);

void replay_strategy_watch(struct replay_strategy *strategy, const struct report *report,
                           const struct window *window);
void replay_strategy_learn(struct replay_strategy *strategy, const struct report *report,
                           const struct window *window, const char *path); /* NULL: no file came */

/* Requests may hold what belonged to a session that has ended: all are learned again. */
void replay_strategy_forget(struct replay_strategy *strategy);

#endif
