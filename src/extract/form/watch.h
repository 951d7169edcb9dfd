/*
 * Watching a page for signs: elements whose becoming visible means something, such as "logged in".
 *
 *     watch_begin   of the page itself, or of a tab that it opened
 *     watch_note    what is visible already is no news; without it everything is
 *     ...           the action whose outcome is in question
 *     watch_ask     sends the question; it follows the page into its next documents
 *     watch_seen    a condition for devtools_wait: true once a sign has come or the question failed
 *     watch_resume  asks for what is new since the sign that was seen
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
    const struct locator *at; /* may be empty: never seen */
    bool has_words;           /* counts only with a text in it */
    const char *meaning;      /* for messages */
};

struct watch {
    struct page *page;        /* borrowed */
    char *session;            /* whose document is watched */
    int grace_ms;             /* see watch_begin */
    const struct sign *signs; /* borrowed; in order of precedence */
    size_t count;
    char *before,
        *now; /* what was visible when it was noted, or when the sign was seen, as JSON; NULL */
    struct devtools_reply reply;
    int which; /* the sign that was seen, or `count`: another document; -1 */
    char text[WATCH_TEXT_MAX];
    int onward_ms; /* after so long its page sends the browser on by itself; 0: it does not */
    struct error failure; /* the question itself failed */
};

/* `session` NULL: the page's own. grace_ms > 0: a document that is not the one that was noted and
 * shows no sign for so long is a sign, too, and its title the text; 0: documents may come and go.
 */
void watch_begin(struct watch *watch, struct page *page, const char *session,
                 const struct sign *signs, size_t count, int grace_ms);
bool watch_note(struct watch *watch, int64_t deadline, struct error *err);
void watch_ask(struct watch *watch);    /* the watch must not move until watch_done */
bool watch_seen(void *watch);           /* false of a zeroed one */
void watch_resume(struct watch *watch); /* after a sign was seen: as watch_ask */
void watch_done(struct watch *watch);   /* accepts a zeroed one */

#endif
