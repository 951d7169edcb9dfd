/* SPDX-License-Identifier: MIT */
/* Collects signs from events and watches, and decides when they are certain. */
#include "extract/form/outcome.h"

#include "base/clock.h"
#include "base/mem.h"
#include "extract/browser/http_status.h"
#include "extract/form/login.h"
#include "extract/form/page_words.h"

#include <stdlib.h>
#include <string.h>

enum {
    /* After a doubtful sign a page gets so long to send another request. If it has sent one,
     * NEXT_STEP_MS holds, because scripts often ask only every few seconds. */
    GRACE_MS = 1500,
    NEXT_STEP_MS = 10000,
};

enum { HTTP_BAD_REQUEST = 400, HTTP_TOO_MANY = 429, HTTP_SERVER_ERROR = 500 };

static const char *const meanings[SIGN_COUNT] = {
    [SIGN_WORDS] = "the portal refuses",
    [SIGN_LOGIN] = "the portal logged us out",
    [SIGN_FORM] = "the portal shows its form again instead of sending a file",
};

bool outcome_begin(struct outcome *outcome, struct page *page, struct login_state *login_state,
                   const struct portal *portal, const struct locator *form, int64_t deadline,
                   struct error *err)
{
    *outcome = (struct outcome){
        .page = page,
        .login_state = login_state,
        .signs =
            {
                [SIGN_WORDS] = {.at = &portal->page_error, .has_words = true},
                [SIGN_LOGIN] = {.at = login_form(portal)},
                [SIGN_FORM] = {.at = form},
            },
        .grace_ms = portal->deadlines.page * 1000,
        .methods = json_object(),
        .refusals = &portal->refusals,
    };
    traffic_begin(&outcome->traffic);
    watch_begin(&outcome->on_page, page, NULL, outcome->signs, SIGN_COUNT, outcome->grace_ms);
    return watch_note(&outcome->on_page, deadline, err);
}

void outcome_ask(struct outcome *outcome)
{
    watch_ask(&outcome->on_page);
}

/* Whether an export may be asked for by a request of this type. Images and styles may fail without
 * consequence. */
static bool may_be_export(const char *type)
{
    return strcmp(type, "Document") == 0 || strcmp(type, "XHR") == 0 || strcmp(type, "Fetch") == 0;
}

/* Whether a failed answer ends the wait. A script that asks by GET whether its file is ready may
 * well get 404, "not yet". */
static bool is_final(int64_t status, const char *method, const char *type)
{
    return status >= HTTP_SERVER_ERROR || status == HTTP_TOO_MANY ||
           http_status_is_logged_out((int)status) || strcmp(type, "Document") == 0 ||
           strcmp(method, "GET") != 0;
}

static void note_answer(struct outcome *outcome, const json_t *response,
                        const char *method_of_request, const char *type)
{
    int64_t status = (int64_t)json_number_value(json_object_get(response, "status"));

    if (status < HTTP_BAD_REQUEST || !is_final(status, method_of_request, type))
        return;
    http_status_report("the portal", (int)status, http_status_retry_after(response),
                       &outcome->network_failure);
    outcome->logged_out = http_status_is_logged_out((int)status);
}

/* Notes a request, and whether it was redirected to the login page. A script that gets the login
 * page may say so in words that mean nothing, so the redirect counts. */
static void note_request(struct outcome *outcome, const char *id, json_t *params)
{
    const json_t *request = json_object_get(params, "request");

    json_object_set_new(outcome->methods, id, json_string(devtools_text(request, "method")));
    if (outcome->network_failure.kind || !json_object_get(params, "redirectResponse") ||
        !login_is_url(outcome->login_state, devtools_text(request, "url")))
        return;
    error_set(&outcome->network_failure, ERROR_PORTAL,
              "the portal logged us out: it answered with its login page");
    error_mark_transient(&outcome->network_failure);
    outcome->logged_out = true;
}

/* Returns which requests a doubt waits for. A dialog comes before a script's request or because of
 * one, so all count. A message may stand on a page that polls all the time, so only requests that
 * may be an export count. */
static enum traffic_lane lane_of(const struct outcome *outcome)
{
    return outcome->doubt == DOUBT_DIALOG || outcome->which == SIGN_COUNT ? TRAFFIC_ANY
                                                                          : TRAFFIC_ASKING;
}

static void doubt(struct outcome *outcome, enum doubt where, int which, const char *words)
{
    free(outcome->words);
    outcome->words = mem_copy(words);
    outcome->doubt = where;
    outcome->which = which;
    outcome->refused = refusals_match(outcome->refusals, words);
    outcome->doubted_ms = clock_ms();
    outcome->sent_before = outcome->traffic.lanes[lane_of(outcome)].sent;
}

void outcome_event(struct outcome *outcome, const char *method, json_t *params)
{
    const char *request = devtools_text(params, "requestId"), *type = devtools_text(params, "type");

    /* The alert comes first, because this event may be one that the closed alert lets happen. */
    if (outcome->page->alerts != outcome->alerts) {
        outcome->alerts = outcome->page->alerts;
        doubt(outcome, DOUBT_DIALOG, SIGN_WORDS, outcome->page->dialog);
    }
    traffic_event(&outcome->traffic, method, params);
    if (strncmp(method, "Network.", 8) != 0 || !may_be_export(type))
        return;
    if (strcmp(method, "Network.requestWillBeSent") == 0) {
        note_request(outcome, request, params);
        return;
    }
    const char *method_of_request = json_string_value(json_object_get(outcome->methods, request));
    if (!method_of_request || outcome->network_failure.kind)
        return;
    /* What becomes a file ends as canceled, too, which is no failure. */
    if (strcmp(method, "Network.responseReceived") == 0)
        note_answer(outcome, json_object_get(params, "response"), method_of_request, type);
    else if (strcmp(method, "Network.loadingFailed") == 0 &&
             !json_is_true(json_object_get(params, "canceled")))
        http_status_report_network("the connection failed:", devtools_text(params, "errorText"),
                                   &outcome->network_failure);
}

static void stop_watching_tab(struct outcome *outcome)
{
    if (outcome->doubt == DOUBT_TAB)
        outcome->doubt = DOUBT_NONE; /* the tab became a download */
    watch_done(&outcome->on_tab);
    free(outcome->tab);
    outcome->tab = NULL;
}

/* Watches a tab that the page opened. One that becomes a download closes itself. */
static void watch_tab(struct outcome *outcome)
{
    json_t *tabs = outcome->page->tabs;

    if (outcome->tab && !json_object_get(tabs, outcome->tab))
        stop_watching_tab(outcome);
    if (!outcome->tab && json_object_size(tabs) > 0) {
        outcome->tab = mem_copy(json_object_iter_key(json_object_iter(tabs)));
        watch_begin(&outcome->on_tab, outcome->page, outcome->tab, outcome->signs, SIGN_COUNT,
                    outcome->grace_ms);
        /* Words that the page showed before are no sign on the tab either. */
        outcome->on_tab.before = mem_copy(outcome->on_page.before);
        watch_ask(&outcome->on_tab);
    }
}

/* Takes a sign of a watch. True if it is certain: the login page, or a page that cannot be watched.
 * Any other sign becomes the doubt. */
static bool take_sign(struct outcome *outcome, struct watch *watch, enum doubt where)
{
    if (!watch_seen(watch))
        return false;
    if (watch->which < 0 || watch->which == SIGN_LOGIN)
        return true;
    doubt(outcome, where, watch->which, watch->text);
    outcome->doubted_ms += watch->redirect_ms;
    watch_resume(watch);
    return false;
}

bool outcome_seen(struct outcome *outcome)
{
    const struct page *page = outcome->page;

    if (outcome->network_failure.kind || page->crashed ||
        take_sign(outcome, &outcome->on_page, DOUBT_PAGE))
        return true;
    watch_tab(outcome);
    if (take_sign(outcome, &outcome->on_tab, DOUBT_TAB)) {
        if (outcome->on_tab.which >= 0)
            return true;
        watch_done(&outcome->on_tab); /* the tab went away, or does not answer */
    }
    return clock_ms() >= outcome_alarm(outcome);
}

static int64_t later_of(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

int64_t outcome_alarm(const struct outcome *outcome)
{
    const struct traffic_count *count = &outcome->traffic.lanes[lane_of(outcome)];

    if (outcome->doubt == DOUBT_NONE)
        return INT64_MAX;
    if (outcome->refused)
        return 0;
    if (count->open > 0 || outcome->page->moving)
        return INT64_MAX;
    if (outcome->which == SIGN_COUNT) /* the watch has waited for it already */
        return outcome->traffic.script_ms ? outcome->traffic.script_ms + NEXT_STEP_MS : 0;
    return later_of(outcome->doubted_ms, count->moved_ms) +
           (count->sent > outcome->sent_before ? NEXT_STEP_MS : GRACE_MS);
}

bool outcome_quote(const struct outcome *outcome, struct error *err)
{
    if (outcome->page->dialog)
        error_append(err, "; a box said: %s", outcome->page->dialog);
    if (outcome->page->question)
        error_append(err, "; a box asked, and was told yes: %s", outcome->page->question);
    return false;
}

static bool explain_doubt(const struct outcome *outcome, struct error *err)
{
    if (outcome->doubt == DOUBT_DIALOG) {
        error_set(err, ERROR_PORTAL, "the portal refuses in a dialog: %s", outcome->words);
        return error_mark_divisible(err);
    }
    if (outcome->which == SIGN_COUNT) {
        error_set(err, ERROR_PORTAL, "the portal sent a page instead of a file: '%s'",
                  outcome->words);
        error_mark_transient(err);
    } else {
        error_set(err, ERROR_PORTAL, "%s%s%s", meanings[outcome->which],
                  outcome->which == SIGN_WORDS ? ": " : "",
                  outcome->which == SIGN_WORDS ? outcome->words : "");
        err->transient = outcome->which != SIGN_WORDS;
        err->divisible = true;
    }
    outcome_quote(outcome, err);
    return outcome->doubt == DOUBT_TAB ? error_context(err, "in a new tab") : false;
}

static bool explain_login(const struct outcome *outcome, const char *where, struct error *err)
{
    outcome->login_state->logged_out = true;
    error_set(err, ERROR_PORTAL, "%s%s", where, meanings[SIGN_LOGIN]);
    return error_mark_transient(err);
}

bool outcome_explain(const struct outcome *outcome, struct error *err)
{
    if (outcome->page->crashed)
        return page_report_crash(err);
    if (outcome->on_page.which == SIGN_LOGIN)
        return explain_login(outcome, "", err);
    if (outcome->on_tab.page && outcome->on_tab.which == SIGN_LOGIN)
        return explain_login(outcome, "in a new tab: ", err);
    if (!outcome->network_failure.kind && !outcome->on_page.failure.kind)
        return explain_doubt(outcome, err);
    outcome->login_state->logged_out = outcome->logged_out;
    *err = outcome->network_failure.kind ? outcome->network_failure : outcome->on_page.failure;
    return outcome_quote(outcome, err);
}

void outcome_done(struct outcome *outcome)
{
    stop_watching_tab(outcome);
    watch_done(&outcome->on_page);
    traffic_done(&outcome->traffic);
    json_decref(outcome->methods);
    free(outcome->words);
    *outcome = (struct outcome){0};
}
