/* SPDX-License-Identifier: MIT */
/* Why no file will come. */
#include "extract/form/outcome.h"

#include "base/clock.h"
#include "base/mem.h"
#include "extract/browser/http_status.h"
#include "extract/form/login.h"
#include "extract/form/refusals.h"

#include <stdlib.h>
#include <string.h>

enum {
    /* After a doubtful sign a page gets so long to go on by itself, ... */
    GRACE_MS = 1500,
    /* and a page that did go on, so long for its next step: scripts look every few seconds. */
    NEXT_STEP_MS = 10000,
};

enum { HTTP_BAD_REQUEST = 400, HTTP_TOO_MANY = 429, HTTP_SERVER_ERROR = 500 };

static const char *const meanings[SIGN_COUNT] = {
    [SIGN_WORDS] = "the portal refuses",
    [SIGN_LOGIN] = "the portal logged us out",
    [SIGN_FORM] = "the portal shows its form again instead of sending a file",
};

bool outcome_begin(struct outcome *signs, struct page *page, const struct portal *portal,
                   const struct locator *form, int64_t deadline, struct error *err)
{
    *signs = (struct outcome){
        .page = page,
        .list =
            {
                [SIGN_WORDS] = {.at = &portal->page_error, .has_words = true},
                [SIGN_LOGIN] = {.at = login_form(portal)},
                [SIGN_FORM] = {.at = form},
            },
        .grace_ms = portal->deadlines.page * 1000,
        .asked = json_object(),
        .refusals = &portal->refusals,
    };
    traffic_begin(&signs->traffic);
    watch_begin(&signs->on_page, page, NULL, signs->list, SIGN_COUNT, signs->grace_ms);
    return watch_note(&signs->on_page, deadline, err);
}

void outcome_ask(struct outcome *signs)
{
    watch_ask(&signs->on_page);
}

/* The requests by which an export may be asked for; images and styles fail without consequence. */
static bool is_answering(const char *type)
{
    return strcmp(type, "Document") == 0 || strcmp(type, "XHR") == 0 || strcmp(type, "Fetch") == 0;
}

/* A script that asks whether a file is ready may well be told "404, not yet". */
static bool is_final(int64_t status, const char *method, const char *type)
{
    return status >= HTTP_SERVER_ERROR || status == HTTP_TOO_MANY ||
           http_status_is_logged_out((int)status) || strcmp(type, "Document") == 0 ||
           strcmp(method, "GET") != 0;
}

static void judge(struct outcome *signs, const json_t *response, const char *asked_by,
                  const char *type)
{
    int64_t status = (int64_t)json_number_value(json_object_get(response, "status"));

    if (status < HTTP_BAD_REQUEST || !is_final(status, asked_by, type))
        return;
    http_status_report("the portal", (int)status, http_status_retry_after(response),
                       &signs->trouble);
    signs->logged_out = http_status_is_logged_out((int)status);
}

/* A script that is sent on to the login page may not understand what it gets, and say so in words
 * that mean nothing; the page itself shows it. */
static void note_request(struct outcome *signs, const char *id, json_t *params)
{
    const json_t *request = json_object_get(params, "request");

    json_object_set_new(signs->asked, id, json_string(devtools_text(request, "method")));
    if (signs->trouble.kind || !json_object_get(params, "redirectResponse") ||
        !page_is_entrance(signs->page, devtools_text(request, "url")))
        return;
    error_set(&signs->trouble, ERROR_PORTAL,
              "the portal logged us out: it answered with its login page");
    error_mark_transient(&signs->trouble);
    signs->logged_out = true;
}

/* Boxes come up before, or because of, what scripts ask for; messages stand on pages that look for
 * news all the time, so there only what may be an export counts. */
static enum traffic_lane lane_of(const struct outcome *signs)
{
    return signs->doubt == DOUBT_DIALOG || signs->which == SIGN_COUNT ? TRAFFIC_ANY
                                                                      : TRAFFIC_ASKING;
}

static void doubt(struct outcome *signs, enum doubt where, int which, const char *words)
{
    free(signs->words);
    signs->words = mem_copy(words);
    signs->doubt = where;
    signs->which = which;
    signs->refused = refusals_match(signs->refusals, words);
    signs->doubted_ms = clock_ms();
    signs->sent_before = signs->traffic.lanes[lane_of(signs)].sent;
}

void outcome_event(struct outcome *signs, const char *method, json_t *params)
{
    const char *request = devtools_text(params, "requestId"), *type = devtools_text(params, "type");

    if (signs->page->alerts != signs->alerts) { /* before what it lets go on */
        signs->alerts = signs->page->alerts;
        doubt(signs, DOUBT_DIALOG, SIGN_WORDS, signs->page->dialog);
    }
    traffic_event(&signs->traffic, method, params);
    if (strncmp(method, "Network.", 8) != 0 || !is_answering(type))
        return;
    if (strcmp(method, "Network.requestWillBeSent") == 0) {
        note_request(signs, request, params);
        return;
    }
    const char *asked_by = json_string_value(json_object_get(signs->asked, request));
    if (!asked_by || signs->trouble.kind)
        return;
    if (strcmp(method, "Network.responseReceived") == 0)
        judge(signs, json_object_get(params, "response"), asked_by, type);
    else if (strcmp(method, "Network.loadingFailed") == 0 &&
             !json_is_true(json_object_get(params, "canceled"))) /* as what becomes a file is */
        http_status_report_network("the connection failed:", devtools_text(params, "errorText"),
                                   &signs->trouble);
}

static void leave_tab(struct outcome *signs)
{
    if (signs->doubt == DOUBT_TAB)
        signs->doubt = DOUBT_NONE; /* it became a download */
    watch_done(&signs->on_tab);
    free(signs->tab);
    signs->tab = NULL;
}

/* A tab that becomes a download closes itself; one that stays has something to say. */
static void follow_tab(struct outcome *signs)
{
    json_t *tabs = signs->page->tabs;

    if (signs->tab && !json_object_get(tabs, signs->tab))
        leave_tab(signs);
    if (!signs->tab && json_object_size(tabs) > 0) {
        signs->tab = mem_copy(json_object_iter_key(json_object_iter(tabs)));
        watch_begin(&signs->on_tab, signs->page, signs->tab, signs->list, SIGN_COUNT,
                    signs->grace_ms);
        signs->on_tab.before =
            mem_copy(signs->on_page.before); /* words on every page are no news */
        watch_ask(&signs->on_tab);
    }
}

/* True if that is certain: the login page, or a page that cannot be watched. */
static bool take_sign(struct outcome *signs, struct watch *watch, enum doubt where)
{
    if (!watch_seen(watch))
        return false;
    if (watch->which < 0 || watch->which == SIGN_LOGIN)
        return true;
    doubt(signs, where, watch->which, watch->text);
    signs->doubted_ms += watch->onward_ms;
    watch_resume(watch);
    return false;
}

bool outcome_seen(struct outcome *signs)
{
    const struct page *page = signs->page;

    if (signs->trouble.kind || page->crashed || take_sign(signs, &signs->on_page, DOUBT_PAGE))
        return true;
    follow_tab(signs);
    if (take_sign(signs, &signs->on_tab, DOUBT_TAB)) {
        if (signs->on_tab.which >= 0)
            return true;
        watch_done(&signs->on_tab); /* it went away while it was asked, or cannot be asked */
    }
    return clock_ms() >= outcome_alarm(signs);
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

int64_t outcome_alarm(const struct outcome *signs)
{
    const struct traffic_count *count = &signs->traffic.lanes[lane_of(signs)];

    if (signs->doubt == DOUBT_NONE)
        return INT64_MAX;
    if (signs->refused)
        return 0;
    if (count->open > 0 || signs->page->moving)
        return INT64_MAX;
    if (signs->which == SIGN_COUNT) /* that has been waited for already */
        return signs->traffic.script_ms ? signs->traffic.script_ms + NEXT_STEP_MS : 0;
    return later(signs->doubted_ms, count->moved_ms) +
           (count->sent > signs->sent_before ? NEXT_STEP_MS : GRACE_MS);
}

bool outcome_quote(const struct outcome *signs, struct error *err)
{
    if (signs->page->dialog)
        error_append(err, "; a box said: %s", signs->page->dialog);
    if (signs->page->question)
        error_append(err, "; a box asked, and was told yes: %s", signs->page->question);
    return false;
}

static bool explain_doubt(const struct outcome *signs, struct error *err)
{
    if (signs->doubt == DOUBT_DIALOG) {
        error_set(err, ERROR_PORTAL, "the portal refuses in a dialog: %s", signs->words);
        return error_mark_divisible(err);
    }
    if (signs->which == SIGN_COUNT) {
        error_set(err, ERROR_PORTAL, "the portal sent a page instead of a file: '%s'",
                  signs->words);
        error_mark_transient(err);
    } else {
        error_set(err, ERROR_PORTAL, "%s%s%s", meanings[signs->which],
                  signs->which == SIGN_WORDS ? ": " : "",
                  signs->which == SIGN_WORDS ? signs->words : "");
        err->transient = signs->which != SIGN_WORDS;
        err->divisible = true;
    }
    outcome_quote(signs, err);
    return signs->doubt == DOUBT_TAB ? error_context(err, "in a new tab") : false;
}

static bool explain_login(const struct outcome *signs, const char *where, struct error *err)
{
    signs->page->logged_out = true;
    error_set(err, ERROR_PORTAL, "%s%s", where, meanings[SIGN_LOGIN]);
    return error_mark_transient(err);
}

bool outcome_explain(const struct outcome *signs, struct error *err)
{
    if (signs->page->crashed)
        return page_blame_crash(err);
    if (signs->on_page.which == SIGN_LOGIN)
        return explain_login(signs, "", err);
    if (signs->on_tab.page && signs->on_tab.which == SIGN_LOGIN)
        return explain_login(signs, "in a new tab: ", err);
    if (!signs->trouble.kind && !signs->on_page.failure.kind)
        return explain_doubt(signs, err);
    signs->page->logged_out = signs->logged_out;
    *err = signs->trouble.kind ? signs->trouble : signs->on_page.failure;
    return outcome_quote(signs, err);
}

void outcome_done(struct outcome *signs)
{
    leave_tab(signs);
    watch_done(&signs->on_page);
    traffic_done(&signs->traffic);
    json_decref(signs->asked);
    free(signs->words);
    *signs = (struct outcome){0};
}
