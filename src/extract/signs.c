/* SPDX-License-Identifier: MIT */
/* Why no file will come. */
#include "extract/signs.h"

#include "base/mem.h"
#include "extract/answer.h"
#include "extract/login.h"

#include <stdlib.h>
#include <string.h>

enum { HTTP_BAD_REQUEST = 400, HTTP_TOO_MANY = 429, HTTP_SERVER_ERROR = 500 };

static const char *const meanings[SIGN_COUNT] = {
    [SIGN_WORDS] = "the portal refuses",
    [SIGN_LOGIN] = "the portal logged us out",
    [SIGN_FORM] = "the portal shows its form again instead of sending a file",
};

bool signs_begin(struct signs *signs, struct page *page, const struct portal *portal,
                 const struct locator *form, int64_t deadline, struct error *err)
{
    *signs = (struct signs){
        .page = page,
        .list =
            {
                [SIGN_WORDS] = {.at = &portal->page_error, .has_words = true},
                [SIGN_LOGIN] = {.at = login_form(portal)},
                [SIGN_FORM] = {.at = form},
            },
        .grace_ms = portal->deadlines.page * 1000,
        .asked = json_object(),
    };
    watch_begin(&signs->on_page, page, NULL, signs->list, SIGN_COUNT, signs->grace_ms);
    return watch_note(&signs->on_page, deadline, err);
}

void signs_ask(struct signs *signs)
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
           answer_is_logged_out((int)status) || strcmp(type, "Document") == 0 ||
           strcmp(method, "GET") != 0;
}

static void judge(struct signs *signs, const json_t *response, const char *asked_by,
                  const char *type)
{
    int64_t status = (int64_t)json_number_value(json_object_get(response, "status"));

    if (status < HTTP_BAD_REQUEST || !is_final(status, asked_by, type))
        return;
    answer_blame("the portal", (int)status, answer_retry_after(response), &signs->trouble);
    signs->logged_out = answer_is_logged_out((int)status);
}

/* A script that is sent on to the login page may not understand what it gets, and say so in words
 * that mean nothing; the page itself shows it. */
static void note_request(struct signs *signs, const char *id, json_t *params)
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

void signs_event(struct signs *signs, const char *method, json_t *params)
{
    const char *request = devtools_text(params, "requestId"), *type = devtools_text(params, "type");

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
        answer_blame_network("the connection failed:", devtools_text(params, "errorText"),
                             &signs->trouble);
}

static void leave_tab(struct signs *signs)
{
    watch_done(&signs->on_tab);
    free(signs->tab);
    signs->tab = NULL;
}

/* A tab that becomes a download closes itself; one that stays has something to say. */
static bool is_seen_on_tab(struct signs *signs)
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
    if (!watch_seen(&signs->on_tab))
        return false;
    if (signs->on_tab.which < 0) /* it went away while it was asked, or cannot be asked */
        watch_done(&signs->on_tab);
    return signs->on_tab.page != NULL;
}

bool signs_seen(struct signs *signs)
{
    const struct page *page = signs->page;

    return signs->trouble.kind || page->dialog || page->crashed || watch_seen(&signs->on_page) ||
           is_seen_on_tab(signs);
}

static bool explain(const struct signs *signs, const struct watch *watch, struct error *err)
{
    if (watch->which == SIGN_COUNT) {
        error_set(err, ERROR_PORTAL, "the portal sent a page instead of a file: '%s'", watch->text);
        return error_mark_transient(err);
    }
    error_set(err, ERROR_PORTAL, "%s%s%s", meanings[watch->which],
              watch->which == SIGN_WORDS ? ": " : "",
              watch->which == SIGN_WORDS ? watch->text : "");
    signs->page->logged_out = watch->which == SIGN_LOGIN;
    err->transient = watch->which != SIGN_WORDS;
    err->divisible = watch->which != SIGN_LOGIN;
    return false;
}

bool signs_explain(const struct signs *signs, struct error *err)
{
    if (signs->page->dialog) {
        error_set(err, ERROR_PORTAL, "the portal refuses in a dialog: %s", signs->page->dialog);
        return error_mark_divisible(err);
    }
    if (signs->page->crashed)
        return page_blame_crash(err);
    if (signs->on_page.which >= 0)
        return explain(signs, &signs->on_page, err);
    if (signs->on_tab.page && signs->on_tab.which >= 0)
        return explain(signs, &signs->on_tab, err) || error_context(err, "in a new tab");
    signs->page->logged_out = signs->logged_out;
    *err = signs->trouble.kind ? signs->trouble : signs->on_page.failure;
    return false;
}

void signs_done(struct signs *signs)
{
    leave_tab(signs);
    watch_done(&signs->on_page);
    json_decref(signs->asked);
    *signs = (struct signs){0};
}
