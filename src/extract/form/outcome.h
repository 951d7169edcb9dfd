/*
 * Finds out that no file will come: what the portal answers, shows or says instead of one.
 *
 *     outcome_begin    before the click: what is visible already is no sign
 *     ...              the click
 *     outcome_ask
 *     outcome_event    for each event of the browser meanwhile
 *     outcome_seen     a condition for devtools_wait
 *     outcome_explain  why no file will come
 *     outcome_done
 *
 * Signs, on the page and on a tab that it opened, are: an HTTP status or a connection that fails, a
 * dialog, a message, the login page, the form again, another page that stays.
 *
 * A status, a connection and the login page are certain at once. What is said or shown may only
 * inform ("the report is being made, wait"), so it is a doubt. A doubt becomes certain when no
 * request is under way that could still become the file, or at once if the profile lists its words
 * as a refusal.
 */
#ifndef EXTRACT_FORM_OUTCOME_H
#define EXTRACT_FORM_OUTCOME_H

#include "base/error.h"
#include "extract/browser/page.h"
#include "extract/browser/traffic.h"
#include "extract/form/act.h"
#include "extract/form/watch.h"
#include "model/portal.h"
#include "model/report.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum { SIGN_WORDS, SIGN_LOGIN, SIGN_FORM, SIGN_COUNT };

/* Where the last sign was seen that is not certain. */
enum doubt { DOUBT_NONE, DOUBT_DIALOG, DOUBT_PAGE, DOUBT_TAB };

struct outcome {
    struct page *page; /* borrowed, as the next two */
    struct login_state *login_state;
    const struct names *refusals;
    struct traffic traffic;
    enum doubt doubt;
    bool refused; /* the profile lists the doubt's words as a refusal: it is certain */
    int which; /* the doubt's index in `signs`; SIGN_COUNT: another page; a dialog's: SIGN_WORDS */
    char *words; /* of the dialog or the sign, or the other page's title; owned; NULL */
    /* Instant of clock_ms() at which the doubt was seen; later if the page will send the browser
     * on. */
    int64_t doubted_ms;
    int sent_before; /* number of requests sent when it was seen */
    int alerts;      /* number of alerts that were seen */
    struct sign signs[SIGN_COUNT];
    int grace_ms;
    struct watch on_page, on_tab;
    char *tab;       /* session of the tab that is watched; owned; NULL: none */
    json_t *methods; /* request -> method of each request since the beginning; owned */
    /* A status or a connection that failed, or a redirect to the login page; kind 0: none. */
    struct error network_failure;
    bool logged_out; /* by the status of an answer, or by a redirect to the login page */
};

/* Begins to look for signs. `form` is the locator that tells the report's form; all pointers are
 * borrowed. ERROR_PORTAL: the page does not answer. outcome_done is due after a failure, too. */
bool outcome_begin(struct outcome *outcome, struct page *page, struct login_state *login_state,
                   const struct portal *portal, const struct locator *form, int64_t deadline,
                   struct error *err);
/* Asks the page for signs. The struct must not move until outcome_done. */
void outcome_ask(struct outcome *outcome);
void outcome_event(struct outcome *outcome, const char *method, json_t *params);
/* Whether it is certain that no file will come. */
bool outcome_seen(struct outcome *outcome);

/* Returns the instant of clock_ms() at which a doubt becomes certain if nothing happens before;
 * INT64_MAX: there is no doubt, or something is under way. */
int64_t outcome_alarm(const struct outcome *outcome);

/* Appends what dialogs said and asked, if there were any, to an error that is set; returns
 * false. */
bool outcome_quote(const struct outcome *outcome, struct error *err);

/* Sets err after outcome_seen: ERROR_PORTAL, or ERROR_SYSTEM if the tab crashed. Sets
 * login_state->logged_out if the session has ended. Returns false. */
bool outcome_explain(const struct outcome *outcome, struct error *err);

void outcome_done(struct outcome *outcome); /* accepts a zeroed one */

#endif
