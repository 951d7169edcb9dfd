/*
 * The signs that no file will come: what the portal answers, shows or says instead of one.
 *
 *     outcome_begin    before the click: what is there already is no sign
 *     ...            the click
 *     outcome_ask
 *     outcome_event    for each event of the browser meanwhile
 *     outcome_seen     a condition for devtools_wait
 *     outcome_explain  why no file will come
 *     outcome_done
 *
 * Signs are, on the page and on a tab that it opened: a status or a connection that fails, a
 * dialog, a message, the login page, the form again, another page that stays.
 *
 * A status, a connection or the login page is certain at once. What is said or shown may only
 * inform ("the report is being made, wait"): it is a doubt, and becomes a certainty when nothing is
 * on its way that could still become the file, or at once if the profile lists its words as a
 * refusal.
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

enum doubt { DOUBT_NONE, DOUBT_DIALOG, DOUBT_PAGE, DOUBT_TAB };

struct outcome {
    struct page *page; /* borrowed, as the next two */
    struct login_state *login_state;
    const struct names *refusals;
    struct traffic traffic;
    enum doubt doubt;   /* where the last sign was seen that is not certain */
    bool refused;       /* it is, by its words */
    int which;          /* of `list`, or SIGN_COUNT, if not a dialog's */
    char *words;        /* that it said, or the other page's title; NULL */
    int64_t doubted_ms; /* when; later where the page says that it goes on */
    int sent_before;    /* requests, when it was seen */
    int alerts;         /* that were seen */
    struct sign list[SIGN_COUNT];
    int grace_ms;
    struct watch on_page, on_tab;
    char *tab;            /* session of the tab that is watched; NULL */
    json_t *asked;        /* request -> method, of those sent since the beginning */
    struct error trouble; /* what the network told */
    bool logged_out;      /* by its status */
};

/* Both locators are borrowed; `form` is what tells the report's form. ERROR_PORTAL if the page does
 * not answer. outcome_done is due either way. */
bool outcome_begin(struct outcome *outcome, struct page *page, struct login_state *login_state,
                   const struct portal *portal, const struct locator *form, int64_t deadline,
                   struct error *err);
void outcome_ask(struct outcome *outcome); /* the struct must not move until outcome_done */
void outcome_event(struct outcome *outcome, const char *method, json_t *params);
bool outcome_seen(struct outcome *outcome);

/* When a doubt becomes a certainty if nothing happens until then; INT64_MAX: there is none. */
int64_t outcome_alarm(const struct outcome *outcome);

/* Appends what boxes of the browser said and asked, if they did; returns false. */
bool outcome_quote(const struct outcome *outcome, struct error *err);

/* Sets err, and login_state->logged_out if that is why; returns false. */
bool outcome_explain(const struct outcome *outcome, struct error *err);

void outcome_done(struct outcome *outcome); /* accepts a zeroed one */

#endif
