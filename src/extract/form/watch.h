/*
 * Watches a page for signs: elements whose becoming visible means something, such as "logged in".
 *
 *     watch_begin   of the page itself, or of a tab that it opened
 *     watch_note    notes what is visible already; without it every visible sign is new
 *     ...           the action whose outcome is in question
 *     watch_ask     sends the question; it follows the page into its next documents
 *     watch_seen    a condition for devtools_wait: a sign has come, or the question failed
 *     watch_resume  asks for signs that are new since the one that was seen
 *     watch_done
 */
#ifndef EXTRACT_FORM_WATCH_H
#define EXTRACT_FORM_WATCH_H

#include "base/error.h"
#include "extract/browser/devtools.h"
#include "extract/browser/page.h"
#include "model/report.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum { WATCH_TEXT_MAX = 640 };

struct sign {
    const struct locator *at; /* may be empty: then it is never seen */
    bool has_words;           /* counts only if the element has a text */
    const char *meaning;      /* for messages */
};

struct watch {
    struct page *page;        /* borrowed */
    char *session;            /* of the tab that is watched; owned */
    int grace_ms;             /* see watch_begin */
    const struct sign *signs; /* borrowed; in order of precedence */
    size_t count;
    char *before; /* what was visible when it was noted, as JSON; owned; NULL: not noted */
    char *now;    /* what was visible when the sign was seen, as JSON; owned; NULL */
    struct devtools_reply reply;
    int which; /* index of the sign that was seen; `count`: another document; -1: none yet */
    char text[WATCH_TEXT_MAX];
    int redirect_ms; /* after so long the page sends the browser on by itself; 0: it does not */
    struct error failure; /* why the question failed; kind 0: it has not */
};

/* Begins a watch; everything is borrowed. `session` NULL: the page's own. With grace_ms > 0 a
 * document other than the one that was noted, which shows no sign for so long, is a sign, too, and
 * its title the text. With 0 documents may come and go. */
void watch_begin(struct watch *watch, struct page *page, const char *session,
                 const struct sign *signs, size_t count, int grace_ms);
/* Notes what is visible now. ERROR_PORTAL: the page does not answer. */
bool watch_note(struct watch *watch, int64_t deadline, struct error *err);
/* Sends the question. The watch must not move until watch_done. */
void watch_ask(struct watch *watch);
/* Whether a sign was seen (`which`, `text`) or the question failed (`failure`). Asks again in a new
 * document. False of a zeroed watch. */
bool watch_seen(void *watch);
/* Asks again, after a sign was seen: what was visible then is not new any more. */
void watch_resume(struct watch *watch);
void watch_done(struct watch *watch); /* accepts a zeroed one */

#endif
