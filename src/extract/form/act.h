/*
 * Acts on a page: waits for an element, clicks it, fills it, chooses in it.
 *
 * Every action waits until the page has loaded and its element is there, visible and enabled. If
 * the page navigates meanwhile, the new page is asked. What is put into a field is read back.
 * ERROR_PORTAL says what was missing at the deadline, or what the element holds instead of what it
 * was given. ERROR_SYSTEM (the browser, the tab) and ERROR_STOPPED come from the wait. Deadlines
 * are instants of clock_ms().
 */
#ifndef EXTRACT_FORM_ACT_H
#define EXTRACT_FORM_ACT_H

#include "base/error.h"
#include "extract/browser/page.h"
#include "model/report.h"

#include <stdbool.h>
#include <stdint.h>

/* What is known of the portal's login page. */
struct login_state {
    char *url;       /* address at which the login page was shown; owned; NULL: not shown yet */
    bool logged_out; /* the login page came where another page was expected */
};

struct action {
    enum step_action kind;
    const struct locator *at;
    const char *text; /* STEP_FILL, STEP_SELECT */
    /* STEP_FILL: the origin ("https://host") of the only pages into which `text`, a credential, is
     * typed; other pages give ERROR_LOGIN. Such a text is in no error and no log. NULL: `text` is
     * no credential. */
    const char *origin;
    int32_t day; /* STEP_DATE; the field's type decides how it is written */
    /* If this is visible instead of the element, the session has ended: the action fails and
     * login_state->logged_out is set. NULL: the login itself. */
    const struct locator *login;
    struct login_state *login_state;
};

/* Takes the action. *alternative is the index of the locator's alternative that found the element;
 * 0 after a click that made the page go away before it answered. */
bool act_perform(struct page *page, const struct action *action, int64_t deadline,
                 size_t *alternative, struct error *err);

/* Waits until the page has loaded, then writes into `why` why the action cannot be taken; "" if it
 * can. A page that does not answer by the deadline is such a reason, too. */
enum { ACT_WHY_SIZE = 600 };
bool act_inspect(struct page *page, const struct action *action, int64_t deadline,
                 char why[ACT_WHY_SIZE], struct error *err);

/* Waits until the action can be taken, the login page is shown, the document goes away, or the
 * deadline has come. Does not say which. False only if the browser or the script failed, or a stop
 * was asked for. */
bool act_await(struct page *page, const struct action *action, int64_t deadline, struct error *err);

/* Checks that the field of a STEP_DATE still holds the date. ERROR_PORTAL says what it holds
 * instead, or (transient) that the page went away. */
bool act_check(struct page *page, const struct action *action, int64_t deadline, struct error *err);

/* Returns the word for an action, as messages and page.js use it. */
const char *act_name(enum step_action kind);

#endif
