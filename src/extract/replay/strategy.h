/*
 * Repeats the page's own request for an export with other days, so that most windows need no click.
 *
 *     replay_strategy_init
 *     for every window:
 *         replay_strategy_take         REPLAY_TAKEN: the file is there. REPLAY_NONE: click, and
 *             replay_strategy_watch    before the click
 *             replay_strategy_learn    after its file, or without one
 *     replay_strategy_forget           after every login
 *     replay_strategy_done
 *
 * A report's first window is clicked and its request is caught (capture.h, template.h). When a
 * second window is asked for, the request of the first one is repeated as it was. Only if that
 * gives the same file (file_digest.h: the same bytes, or the same lines in another order, because a
 * portal need not sort), the request is proven, and that window and all others are asked for by it.
 * So a run of one window asks for nothing twice. If several sessions have caught the same request,
 * one proves it for all (verdicts.h); meanwhile the others click.
 *
 * If the file differs, another click is caught and compared, up to REPLAY_TRIALS in all. An answer
 * that is not a file, or no answer, ends this for the report and the rest of the run: a warning
 * says why, and the same window is clicked. A redirect as the answer to a proven request is the
 * exception, because it means that the session has ended: the request is learned again in the next
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
    REPLAY_TRIALS = 2, /* comparisons of a report's file: its rows may change between two exports */
    REPLAY_RENEWALS = 3,
};

struct replay_strategy {
    struct page *page; /* borrowed, as the next four; NULL: every window is clicked */
    const struct portal *portal;
    const char *origin, *proxy;
    struct verdicts *verdicts;
    struct http_client *client;  /* owned; NULL until it is needed */
    struct replay_state *states; /* one for each report; owned */
    struct capture capture;
};

enum replay_outcome {
    REPLAY_TAKEN,  /* the file is there */
    REPLAY_NONE,   /* there is no proven request: click */
    REPLAY_LEFT,   /* the request failed: click, beginning with the portal's first page */
    REPLAY_FAILED, /* this machine failed, or a stop was asked for; err is set */
};

/* Initialises for one session; everything is borrowed. `origin`, as url_origin writes it, is the
 * only one to which a request is sent. `proxy` may be NULL: none. `verdicts` are those of all
 * sessions. `page` NULL: every window is clicked. */
void replay_strategy_init(struct replay_strategy *strategy, struct page *page,
                          const struct portal *portal, const char *origin, const char *proxy,
                          struct verdicts *verdicts);
void replay_strategy_done(struct replay_strategy *strategy); /* accepts a zeroed one */

/* Fetches the window's export into the file `path`, where an empty file may stand. After
 * REPLAY_TAKEN the file is complete and judged; otherwise `path` is the caller's to remove. Reports
 * are known by address. */
enum replay_outcome replay_strategy_take(struct replay_strategy *strategy,
                                         const struct report *report, const struct window *window,
                                         const char *path, struct error *err);

/* Begins to catch requests before a click, if the report's request is not known yet. */
void replay_strategy_watch(struct replay_strategy *strategy, const struct report *report,
                           const struct window *window);
/* Learns from what was caught. `path` is the file that the click brought; NULL: none came. */
void replay_strategy_learn(struct replay_strategy *strategy, const struct report *report,
                           const struct window *window, const char *path);

/* Forgets the requests of all reports, because they may hold tokens of a session that has ended. */
void replay_strategy_forget(struct replay_strategy *strategy);

#endif
