/*
 * The short way to a report's windows: the page's own request, repeated with other days.
 *
 *     shortcut_init
 *     for every window:
 *         shortcut_take         SHORTCUT_TAKEN: the file is there. SHORTCUT_NONE: click, and
 *             shortcut_watch    before the click
 *             shortcut_learn    after its file, or without one
 *     shortcut_forget           whenever the portal was entered anew
 *     shortcut_done
 *
 * A report's first window is clicked and its request is caught (capture.h, template.h). When a second
 * one is asked for, the request of the first is repeated as it was, and only if that gives the same file
 * (likeness.h: its bytes, or its lines in another order, as a portal that does not sort may send them)
 * the way is believed: that window and all others take it. So a run of one window asks for nothing twice.
 * Of several sessions that have caught the same request one proves it for all (proofs.h); while it does,
 * the others click.
 *
 * What is left is left for good: an answer that is not the file, or no answer, ends it for the report,
 * with a warning that says why, and the same window is clicked. Except that having been logged out
 * (a redirect) is no fault of the request's: then it is learned again from the next session, at most
 * SHORTCUT_RENEWALS times.
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
    SHORTCUT_TRIALS = 2 /* a portal's rows may change between two exports */,
    SHORTCUT_RENEWALS = 3
};

struct shortcut {
    struct page *page; /* borrowed, as all that follows; NULL: every window is clicked */
    const struct portal *portal;
    const char *origin, *proxy;
    struct proofs *proofs;
    struct replay *replay; /* owned; NULL until it is needed */
    struct route *routes;  /* one a report */
    struct capture capture;
};

enum shortcut_outcome {
    SHORTCUT_TAKEN,
    SHORTCUT_NONE,   /* no such way: click */
    SHORTCUT_LEFT,   /* it has just ended: click, beginning with the portal's first page */
    SHORTCUT_FAILED, /* this machine failed, or a stop was asked for; err is set */
};

/* `origin` as login_origin writes it: the only one that a request is sent to, by `proxy`, or NULL. `proofs` of all
 * sessions. */
void shortcut_init(struct shortcut *shortcut, struct page *page, const struct portal *portal,
                   const char *origin, const char *proxy, struct proofs *proofs);
void shortcut_done(struct shortcut *shortcut); /* accepts a zeroed one */

/* The window's export into the file `path`, where an empty one may stand: complete and judged where it is
 * TAKEN, else the caller's to remove. Reports are known by address. */
enum shortcut_outcome shortcut_take(struct shortcut *shortcut, const struct report *report,
                                    const struct window *window, const char *path,
                                    struct error *err);

void shortcut_watch(struct shortcut *shortcut, const struct report *report,
                    const struct window *window);
void shortcut_learn(struct shortcut *shortcut, const struct report *report,
                    const struct window *window, const char *path); /* NULL: no file came */

/* Requests may hold what belonged to a session that has ended: all are learned again. */
void shortcut_forget(struct shortcut *shortcut);

#endif
