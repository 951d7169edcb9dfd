/* SPDX-License-Identifier: MIT */
/* Takes an action: tries, waits until it can be taken, tries again. */
#include "extract/form/act.h"

#include "base/clock.h"
#include "base/date.h"
#include "extract/browser/http_status.h"
#include "extract/browser/script.h"

#include <stdio.h>

enum { LAST_TRY_MS = 1000, HTTP_BAD_REQUEST = 400 };

static void write_call(struct buf *call, const char *function, const struct action *action)
{
    char iso[DATE_ISO_SIZE], br[DATE_ISO_SIZE];

    buf_addf(call, "%s({\"do\":\"%s\",\"at\":", function, act_name(action->kind));
    script_add_locator(call, action->at);
    if (action->text) {
        buf_add_text(call, ",\"value\":");
        script_add_text(call, action->text);
    }
    if (action->origin) {
        buf_add_text(call, ",\"origin\":");
        script_add_text(call, action->origin);
    }
    if (action->login && action->login->any.count) {
        buf_add_text(call, ",\"login\":");
        script_add_locator(call, action->login);
    }
    if (action->kind == STEP_DATE)
        buf_addf(call, ",\"iso\":\"%s\",\"br\":\"%s\"", date_format_iso(action->day, iso),
                 date_format_br(action->day, br));
    buf_add_text(call, "})");
}

static bool report_missing(const struct page *page, const char *why, struct error *err)
{
    struct error cause = {0};

    if (page->net_error)
        http_status_report_network("the network said", page->net_error, &cause);
    else if (page->status >= HTTP_BAD_REQUEST)
        http_status_report("the server", page->status, page->retry_after_s, &cause);
    else if (*why)
        return error_set(err, ERROR_PORTAL, "%s", why);
    *err = cause;
    if (!cause.kind) {
        error_set(err, ERROR_PORTAL, "the page does not answer");
        return error_mark_transient(err);
    }
    return error_append(err, ": %s", *why ? why : "the page does not answer");
}

enum verdict { DONE, NOT_YET, NEVER };

/* Tries the action once. `why` is set to what is missing; it stays as it was if the page goes
 * away. */
static enum verdict try_once(struct page *page, const struct action *action, int64_t deadline,
                             char why[ACT_WHY_SIZE], size_t *alternative, struct error *err)
{
    BUF_DONE struct buf call = BUF_INIT(SCRIPT_CALL_MAX);
    const char *text = NULL;
    json_t *value = NULL;
    enum verdict verdict = NEVER;

    write_call(&call, "act", action);
    switch (script_run(page, buf_text(&call), deadline, &value, err)) {
    case SCRIPT_FAILED:
        return NEVER;
    case SCRIPT_LATE: /* not tried again: the page may still carry it out */
        report_missing(page, why, err);
        return NEVER;
    case SCRIPT_LOST: /* a click has made the page go; a second one might do harm */
        return action->kind == STEP_CLICK ? DONE : NOT_YET;
    case SCRIPT_ANSWERED:
        break;
    }
    if (json_unpack(value, "{s:s}", "lacking", &text) == 0) {
        snprintf(why, ACT_WHY_SIZE, "%s", text);
        verdict = NOT_YET;
    } else if (json_unpack(value, "{s:s}", "refused", &text) == 0) {
        error_set(err, ERROR_PORTAL, "%s", text);
    } else if (json_unpack(value, "{s:s}", "loggedOut", &text) == 0) {
        action->login_state->logged_out = true;
        error_set(err, ERROR_PORTAL, "the portal shows its login page%s", text);
        error_mark_transient(err);
    } else if (json_unpack(value, "{s:s}", "otherOrigin", &text) == 0) {
        error_set(err, ERROR_LOGIN,
                  "the page belongs to %s and the portal's address to %s: no credentials are typed "
                  "there (correct SIGOS_URL if the portal has moved)",
                  text, action->origin);
    } else {
        *alternative = (size_t)json_integer_value(json_object_get(value, "done"));
        verdict = DONE;
    }
    json_decref(value);
    return verdict;
}

bool act_await(struct page *page, const struct action *action, int64_t deadline, struct error *err)
{
    BUF_DONE struct buf call = BUF_INIT(SCRIPT_CALL_MAX);
    struct action without_secret = *action;
    json_t *value = NULL;

    if (action->origin)
        without_secret.text = NULL; /* waiting needs no credential */
    write_call(&call, "awaitReady", &without_secret);
    enum script_outcome outcome = script_run(page, buf_text(&call), deadline, &value, err);
    json_decref(value);
    return outcome != SCRIPT_FAILED;
}

const char *act_name(enum step_action kind)
{
    static const char *const names[] = {
        [STEP_CLICK] = "click", [STEP_FILL] = "fill", [STEP_SELECT] = "select",
        [STEP_DATE] = "date",   [STEP_WAIT] = "wait",
    };
    return names[kind];
}

bool act_perform(struct page *page, const struct action *action, int64_t deadline,
                 size_t *alternative, struct error *err)
{
    char why[ACT_WHY_SIZE] = "";

    for (bool last = false;; last = clock_ms() >= deadline) {
        /* The last try is there to find out what is missing. */
        int64_t until = last ? clock_ms() + LAST_TRY_MS : deadline;
        *alternative = 0; /* stays so if a click makes the page go before it answers */
        switch (try_once(page, action, until, why, alternative, err)) {
        case DONE:
            return true;
        case NEVER:
            return false;
        case NOT_YET:
            break;
        }
        if (last)
            return report_missing(page, why, err);
        if (!act_await(page, action, deadline, err))
            return false;
    }
}

bool act_inspect(struct page *page, const struct action *action, int64_t deadline,
                 char why[ACT_WHY_SIZE], struct error *err)
{
    BUF_DONE struct buf call = BUF_INIT(SCRIPT_CALL_MAX);
    struct action without_secret = *action;
    enum script_outcome outcome;
    const char *text = "the page does not answer";
    json_t *value = NULL;

    if (action->origin)
        without_secret.text = NULL;
    write_call(&call, "inspect", &without_secret);
    do
        outcome = script_run(page, buf_text(&call), deadline, &value, err);
    while (outcome == SCRIPT_LOST);
    if (outcome == SCRIPT_FAILED)
        return false;
    json_unpack(value, "{s:s}", "lacking", &text);
    snprintf(why, ACT_WHY_SIZE, "%s", text);
    json_decref(value);
    return true;
}

bool act_check(struct page *page, const struct action *action, int64_t deadline, struct error *err)
{
    BUF_DONE struct buf call = BUF_INIT(SCRIPT_CALL_MAX);
    const char *text = NULL;
    json_t *value = NULL;

    write_call(&call, "checkDate", action);
    switch (script_run(page, buf_text(&call), deadline, &value, err)) {
    case SCRIPT_FAILED:
        return false;
    case SCRIPT_LATE:
    case SCRIPT_LOST:
        error_set(err, ERROR_PORTAL, "the page went away before the days in it could be read back");
        return error_mark_transient(err);
    case SCRIPT_ANSWERED:
        break;
    }
    if (json_unpack(value, "{s:s}", "refused", &text) == 0)
        error_set(err, ERROR_PORTAL, "%s", text);
    bool good = !text;
    json_decref(value);
    return good;
}
