/* SPDX-License-Identifier: MIT */
/* Collects requests from the browser's events. */
#include "extract/replay/capture.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/url.h"
#include "extract/browser/inline_answer.h"
#include "extract/replay/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODY_MS = 2000 };

/* A request that holds both days, or whose body is not known yet. */
struct caught {
    struct caught *next;
    char *id;
    struct request request;
    struct devtools_reply body; /* asked for if the event did not carry the body */
    struct response answer;
    bool redirected;
};

static struct caught *find_caught(const struct capture *capture, const char *id)
{
    struct caught *caught = capture->caught;

    while (caught && strcmp(caught->id, id) != 0)
        caught = caught->next;
    return caught;
}

static void caught_free(struct capture *capture, struct caught *caught)
{
    devtools_forget(capture->page->devtools, &caught->body);
    request_done(&caught->request);
    free(caught->id);
    free(caught);
}

static void add_headers(struct request *request, json_t *headers)
{
    for (void *at = json_object_iter(headers); at; at = json_object_iter_next(headers, at)) {
        const char *value = json_string_value(json_object_iter_value(at));
        if (value)
            request_add_header(request, json_object_iter_key(at), value);
    }
}

static void set_body(struct request *request, const json_t *text)
{
    if (!json_is_string(text))
        return;
    request->body_len = json_string_length(text);
    request->body = mem_copy_n(json_string_value(text), request->body_len);
}

static void on_sent(struct capture *capture, const char *session, const json_t *params)
{
    const char *id = devtools_text(params, "requestId");
    const json_t *sent = json_object_get(params, "request");
    struct caught *caught = find_caught(capture, id);

    if (caught) { /* the same id again means a redirect */
        caught->redirected = true;
        return;
    }
    caught = mem_alloc(sizeof(*caught));
    caught->id = mem_copy(id);
    caught->request.method = mem_copy(devtools_text(sent, "method"));
    caught->request.url = mem_copy(devtools_text(sent, "url"));
    set_body(&caught->request, json_object_get(sent, "postData"));
    add_headers(&caught->request, json_object_get(sent, "headers"));
    bool lacks_body = json_is_true(json_object_get(sent, "hasPostData")) && !caught->request.body;
    bool holds = template_holds(&caught->request, capture->first, capture->last);
    MEM_FREE_TEXT char *origin = url_origin(caught->request.url);
    bool own = origin && strcmp(origin, capture->origin) == 0;
    capture->other_origin |= holds && !own;
    if (!own || !(holds || lacks_body)) {
        caught_free(capture, caught);
        return;
    }
    caught->next = capture->caught;
    capture->caught = caught;
    if (lacks_body)
        devtools_start(capture->page->devtools, &caught->body, session,
                       "Network.getRequestPostData", json_pack("{s:s}", "requestId", id));
}

static void on_answered(struct capture *capture, const json_t *params)
{
    struct caught *caught = find_caught(capture, devtools_text(params, "requestId"));
    const json_t *response = json_object_get(params, "response");
    json_t *headers = json_object_get(response, "headers");

    if (!caught)
        return;
    caught->answer.status = (int)json_integer_value(json_object_get(response, "status"));
    for (void *at = json_object_iter(headers); at; at = json_object_iter_next(headers, at)) {
        const char *value = json_string_value(json_object_iter_value(at));
        if (value)
            response_take_header(&caught->answer, json_object_iter_key(at), value, strlen(value));
    }
    /* The name is our own (inline_answer.h): the answer to a repeated request will have none. */
    if (strcmp(caught->answer.name, INLINE_ANSWER_NAME) == 0)
        caught->answer.name[0] = '\0';
}

static void on_event(void *arg, const char *session, const char *method, json_t *params)
{
    struct capture *capture = arg;

    if (strcmp(method, "Network.requestWillBeSent") == 0)
        on_sent(capture, session, params);
    else if (strcmp(method, "Network.requestWillBeSentExtraInfo") == 0)
        json_object_set(capture->headers, devtools_text(params, "requestId"),
                        json_object_get(params, "headers"));
    else if (strcmp(method, "Network.responseReceived") == 0)
        on_answered(capture, params);
}

static bool have_bodies(void *arg)
{
    const struct capture *capture = arg;

    for (const struct caught *caught = capture->caught; caught; caught = caught->next)
        if (caught->body.id && !caught->body.done)
            return false;
    return true;
}

/* Waits for bodies that were asked for and drops requests without both days. */
static void keep_requests_with_days(struct capture *capture)
{
    struct error ignored;

    devtools_wait(capture->page->devtools, have_bodies, capture, clock_ms() + BODY_MS, &ignored);
    for (struct caught **at = &capture->caught; *at;) {
        struct caught *caught = *at;
        set_body(&caught->request, json_object_get(caught->body.result, "postData"));
        if (template_holds(&caught->request, capture->first, capture->last)) {
            at = &caught->next;
        } else {
            *at = caught->next;
            caught_free(capture, caught);
        }
    }
}

/* Takes the headers that the browser has sent, which a separate event tells, instead of those for
 * which the page has asked. */
static void complete_headers(const struct capture *capture, const struct caught *caught,
                             struct request *request)
{
    json_t *sent = json_object_get(capture->headers, caught->id);

    if (!sent)
        return;
    request_drop_headers(request);
    add_headers(request, sent);
}

static bool explain(char why[RESPONSE_WHY_SIZE], const char *what)
{
    snprintf(why, RESPONSE_WHY_SIZE, "%s", what);
    return false;
}

void capture_begin(struct capture *capture, struct page *page, const char *origin, int32_t first,
                   int32_t last)
{
    *capture = (struct capture){
        .page = page, .origin = origin, .first = first, .last = last, .headers = json_object()};
    page_observe(page, on_event, capture);
}

bool capture_take(struct capture *capture, const struct names *files, struct request *out,
                  struct response *answer, char why[RESPONSE_WHY_SIZE])
{
    char what[RESPONSE_WHY_SIZE];

    keep_requests_with_days(capture);
    const struct caught *caught = capture->caught;
    if (!caught)
        return explain(why, capture->other_origin
                                ? "the export goes to another origin than SIGOS_URL's"
                                : "no request of the page holds both days");
    if (caught->next)
        return explain(why, "several requests of the page hold both days");
    if (caught->redirected)
        return explain(why, "the portal sends the export's request on to another one");
    if (strcmp(caught->request.method, "GET") != 0 && strcmp(caught->request.method, "POST") != 0)
        return explain(why, "the export is asked for by neither GET nor POST");
    if (!response_is_file(&caught->answer, files, what)) {
        snprintf(why, RESPONSE_WHY_SIZE, "the request with both days was answered with %.300s",
                 what);
        return false;
    }
    request_copy(&caught->request, out);
    complete_headers(capture, caught, out);
    *answer = caught->answer;
    return true;
}

void capture_done(struct capture *capture)
{
    if (!capture->page)
        return;
    page_observe(capture->page, NULL, NULL);
    while (capture->caught) {
        struct caught *caught = capture->caught;
        capture->caught = caught->next;
        caught_free(capture, caught);
    }
    json_decref(capture->headers);
    *capture = (struct capture){0};
}
