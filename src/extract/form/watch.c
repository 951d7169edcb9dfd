/* SPDX-License-Identifier: MIT */
/* Asks a page for signs by page.js and reads its answers. */
#include "extract/form/watch.h"

#include "base/mem.h"
#include "extract/browser/script.h"

#include <stdio.h>
#include <stdlib.h>

/* The longest delay of a page that is believed. */
enum { REDIRECT_MAX_MS = 60 * 1000 };

static void add_signs(struct buf *call, const struct watch *watch)
{
    buf_add_char(call, '[');
    for (size_t i = 0; i < watch->count; i++) {
        const struct sign *sign = &watch->signs[i];
        buf_addf(call, "%s{\"words\":%s,\"at\":", i ? "," : "", sign->has_words ? "true" : "false");
        script_add_locator(call, sign->at);
        buf_add_char(call, '}');
    }
    buf_add_char(call, ']');
}

void watch_begin(struct watch *watch, struct page *page, const char *session,
                 const struct sign *signs, size_t count, int grace_ms)
{
    *watch = (struct watch){.page = page,
                            .session = mem_copy(session ? session : page->session),
                            .grace_ms = grace_ms,
                            .signs = signs,
                            .count = count,
                            .which = -1};
}

bool watch_note(struct watch *watch, int64_t deadline, struct error *err)
{
    BUF_DONE struct buf call = BUF_INIT(SCRIPT_CALL_MAX);
    enum script_outcome outcome;
    json_t *value = NULL;

    buf_add_text(&call, "noteSigns(");
    add_signs(&call, watch);
    buf_add_char(&call, ')');
    do
        outcome = script_run(watch->page, buf_text(&call), deadline, &value, err);
    while (outcome == SCRIPT_LOST);
    if (outcome == SCRIPT_LATE)
        error_set(err, ERROR_PORTAL, "the page does not answer");
    if (outcome != SCRIPT_ANSWERED)
        return false;
    watch->before = json_dumps(value, JSON_COMPACT | JSON_ENSURE_ASCII);
    json_decref(value);
    return true;
}

void watch_ask(struct watch *watch)
{
    BUF_DONE struct buf call = BUF_INIT(SCRIPT_CALL_MAX);

    buf_add_text(&call, "watchSigns(");
    add_signs(&call, watch);
    buf_addf(&call, ",%s", watch->before ? watch->before : "{}");
    if (watch->grace_ms)
        buf_addf(&call, ",%d", watch->grace_ms);
    buf_add_char(&call, ')');
    script_start(watch->page, watch->session, &watch->reply, buf_text(&call));
}

static void take_answer(struct watch *watch, json_t *value)
{
    const char *text = "";
    json_t *now = NULL;
    double redirect_delay = 0;

    free(watch->now);
    watch->now = NULL;
    if (json_unpack(value, "{s:i, s:s, s:o, s:F}", "which", &watch->which, "text", &text, "now",
                    &now, "redirectDelay", &redirect_delay) == 0) {
        watch->redirect_ms =
            redirect_delay < REDIRECT_MAX_MS ? (int)redirect_delay : REDIRECT_MAX_MS;
        snprintf(watch->text, sizeof(watch->text), "%s", text);
        watch->now = json_dumps(now, JSON_COMPACT | JSON_ENSURE_ASCII);
    } else
        error_set(&watch->failure, ERROR_SYSTEM, "the page's script answered nonsense");
    json_decref(value);
}

bool watch_seen(void *arg)
{
    struct watch *watch = arg;
    json_t *value = NULL;

    if (!watch->page)
        return false;
    if (watch->reply.done) {
        enum script_outcome outcome = script_read(&watch->reply, &value, &watch->failure);
        devtools_forget(watch->page->devtools, &watch->reply);
        if (outcome == SCRIPT_LOST)
            watch_ask(watch);
        else if (outcome == SCRIPT_ANSWERED)
            take_answer(watch, value);
    }
    if (watch->page->crashed && !watch->failure.kind)
        page_report_crash(&watch->failure);
    return watch->which >= 0 || watch->failure.kind;
}

void watch_resume(struct watch *watch)
{
    free(watch->before);
    watch->before = watch->now;
    watch->now = NULL;
    watch->which = -1;
    watch_ask(watch);
}

void watch_done(struct watch *watch)
{
    if (watch->page)
        devtools_forget(watch->page->devtools, &watch->reply);
    free(watch->before);
    free(watch->now);
    free(watch->session);
    *watch = (struct watch){0};
}
