/*
 * Watching a page for signs: elements whose becoming visible means something, such as "logged in".
 *
 *     watch_begin
 *     watch_note    what is visible already is no news; without it everything is
 *     ...           the action whose outcome is in question
 *     watch_ask     sends the question; it follows the page into its next documents
 *     watch_seen    a condition for devtools_wait: true once a sign has come or the question failed
 *     watch_done
 */
#ifndef EXTRACT_WATCH_H
#define EXTRACT_WATCH_H

#include "base/error.h"
#include "extract/devtools.h"
#include "extract/page.h"
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
    const struct sign *signs; /* borrowed; in order of precedence */
    size_t count;
    char *before; /* what was visible when it was noted, as JSON; NULL */
    struct devtools_reply reply;
    int which; /* the sign that was seen; -1 */
    char text[WATCH_TEXT_MAX];
    struct error failure; /* the question itself failed */
};

void watch_begin(struct watch *watch, struct page *page, const struct sign *signs, size_t count);
bool watch_note(struct watch *watch, int64_t deadline, struct error *err);
void watch_ask(struct watch *watch); /* the watch must not move until watch_done */
bool watch_seen(void *watch);
void watch_done(struct watch *watch); /* accepts a zeroed one */

#endif
