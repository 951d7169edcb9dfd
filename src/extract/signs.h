/*
 * The signs that no file will come: what the portal answers, shows or says instead of one.
 *
 *     signs_begin    before the click: what is there already is no sign
 *     ...            the click
 *     signs_ask
 *     signs_event    for each event of the browser meanwhile
 *     signs_seen     a condition for devtools_wait
 *     signs_explain  why no file will come
 *     signs_done
 *
 * Signs are, on the page and on a tab that it opened: a status or a connection that fails, a dialog,
 * a message, the login page, the form again, another page that stays.
 */
#ifndef EXTRACT_SIGNS_H
#define EXTRACT_SIGNS_H

#include "base/error.h"
#include "extract/page.h"
#include "extract/watch.h"
#include "model/portal.h"
#include "model/report.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum { SIGN_WORDS, SIGN_LOGIN, SIGN_FORM, SIGN_COUNT };

struct signs {
    struct page *page; /* borrowed */
    struct sign list[SIGN_COUNT];
    int grace_ms;
    struct watch on_page, on_tab;
    char *tab;            /* session of the tab that is watched; NULL */
    json_t *asked;        /* request -> method, of those sent since the beginning */
    struct error trouble; /* what the network told */
    bool logged_out;      /* by its status */
};

/* Both locators are borrowed; `form` is what tells the report's form. ERROR_PORTAL if the page does
 * not answer. signs_done is due either way. */
bool signs_begin(struct signs *signs, struct page *page, const struct portal *portal,
                 const struct locator *form, int64_t deadline, struct error *err);
void signs_ask(struct signs *signs); /* the struct must not move until signs_done */
void signs_event(struct signs *signs, const char *method, json_t *params);
bool signs_seen(struct signs *signs);

/* Sets err, and page->logged_out if that is why; returns false. */
bool signs_explain(const struct signs *signs, struct error *err);

void signs_done(struct signs *signs); /* accepts a zeroed one */

#endif
