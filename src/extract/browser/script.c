/* SPDX-License-Identifier: MIT */
/* Sends page.js, which is part of the program, with every call. */
#include "extract/browser/script.h"

#include "base/json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The file is included as bytes, so that it stays plain JavaScript. */
__asm__(".pushsection .rodata\n"
        "page_js:\n"
        "    .incbin \"src/extract/browser/page.js\"\n"
        "page_js_end:\n"
        "    .popsection\n");
extern const char page_js[] __attribute__((visibility("hidden")));
extern const char page_js_end[] __attribute__((visibility("hidden")));

enum { EXPRESSION_MAX = 256 * 1024 };

void script_add_text(struct buf *call, const char *text)
{
    json_add_string(call, text, strlen(text));
}

void script_add_locator(struct buf *call, const struct locator *locator)
{
    buf_add_char(call, '[');
    for (size_t i = 0; i < locator->any.count; i++) {
        if (i)
            buf_add_char(call, ',');
        script_add_text(call, locator->any.items[i]);
    }
    buf_add_char(call, ']');
}

void script_start(struct page *page, const char *session, struct devtools_reply *reply,
                  const char *call)
{
    BUF_DONE struct buf expression = BUF_INIT(EXPRESSION_MAX);

    buf_add_text(&expression, "(() => {");
    buf_add(&expression, page_js, (uintptr_t)page_js_end - (uintptr_t)page_js);
    buf_add_text(&expression, "return ");
    buf_add_text(&expression, call);
    buf_add_text(&expression, ";})()");
    devtools_start(page->devtools, reply, session, "Runtime.evaluate",
                   json_pack("{s:s%, s:b, s:b, s:b}", "expression", expression.data, expression.len,
                             "returnByValue", 1, "awaitPromise", 1, "userGesture", 1));
}

/* Whether the browser says that the document has gone. */
static bool says_document_gone(const char *refusal)
{
    return strstr(refusal, "navigated or closed") || strstr(refusal, "context was destroyed") ||
           strstr(refusal, "execution context") || strstr(refusal, "Promise was collected");
}

enum script_outcome script_read(const struct devtools_reply *reply, json_t **value,
                                struct error *err)
{
    if (reply->refusal) {
        if (says_document_gone(reply->refusal))
            return SCRIPT_LOST;
        error_set(err, ERROR_PORTAL, "the browser says %s", reply->refusal);
        return SCRIPT_FAILED;
    }
    const json_t *thrown = json_object_get(reply->result, "exceptionDetails");
    if (thrown) {
        const json_t *what = json_object_get(json_object_get(thrown, "exception"), "description");
        const char *text = json_string_value(what);
        error_set(err, ERROR_PORTAL, "the page's script failed: %.*s",
                  text ? (int)strcspn(text, "\n") : 7, text ? text : "unknown");
        return SCRIPT_FAILED;
    }
    json_t *result = json_object_get(json_object_get(reply->result, "result"), "value");
    *value = result ? json_incref(result) : json_null();
    return SCRIPT_ANSWERED;
}

struct run {
    const struct page *page;
    struct devtools_reply reply;
};

static bool has_answered(void *arg)
{
    const struct run *run = arg;

    return run->reply.done || run->page->crashed;
}

enum script_outcome script_run(struct page *page, const char *call, int64_t deadline,
                               json_t **value, struct error *err)
{
    return script_run_in(page, page->session, call, deadline, value, err);
}

enum script_outcome script_run_in(struct page *page, const char *session, const char *call,
                                  int64_t deadline, json_t **value, struct error *err)
{
    struct run run = {.page = page};
    enum script_outcome outcome = SCRIPT_FAILED;

    script_start(page, session, &run.reply, call);
    switch (devtools_wait(page->devtools, has_answered, &run, deadline, err)) {
    case DEVTOOLS_MET:
        if (run.reply.done)
            outcome = script_read(&run.reply, value, err);
        else
            page_report_crash(err);
        break;
    case DEVTOOLS_LATE:
        outcome = SCRIPT_LATE;
        break;
    case DEVTOOLS_FAILED:
        break;
    }
    devtools_forget(page->devtools, &run.reply);
    return outcome;
}
