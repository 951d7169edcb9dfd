/*
 * Acting on a page: wait for an element, click, fill, choose.
 *
 * Every action waits until its element is there, visible and able to take it, and until the page
 * has loaded; a page that navigates meanwhile is asked again. What is put into a field is read
 * back. ERROR_PORTAL says what was still missing at the deadline, or what the element holds instead
 * of what it was given. Deadlines are instants of clock_ms().
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
    char *url;       /* at which it was shown; owned; NULL: it was not yet */
    bool logged_out; /* it came where another page was expected; whoever sees it sets it */
};

struct action {
    enum step_action kind;
    const struct locator *at;
    const char *text; /* STEP_FILL, STEP_SELECT */
    /* STEP_FILL: `text` is a credential, typed only into a page of this origin ("https://host"),
     * else ERROR_LOGIN; it is in no error and no log. NULL: it is none. */
    const char *origin;
    int32_t day; /* STEP_DATE; the field's type decides how it is written */
    /* If this is visible instead of the element, we were logged out, which login_state is told.
     * NULL: the login itself. */
    const struct locator *login;
    struct login_state *login_state;
};

/* *way: which of the locator's alternatives found the element. */
bool act_perform(struct page *page, const struct action *action, int64_t deadline, size_t *way,
                 struct error *err);

/* What keeps the action from being taken now, once the page has loaded: nothing if *why is empty. A
 * page that does not answer lacks everything. */
enum { ACT_WHY_SIZE = 600 };
bool act_inspect(struct page *page, const struct action *action, int64_t deadline,
                 char why[ACT_WHY_SIZE], struct error *err);

/* Waits until the action can be taken, or the deadline has come. */
bool act_await(struct page *page, const struct action *action, int64_t deadline, struct error *err);

/* Whether the field of a STEP_DATE still holds the date. */
bool act_check(struct page *page, const struct action *action, int64_t deadline, struct error *err);

/* The word for it: in messages, and in page.js. */
const char *act_name(enum step_action kind);

#endif
