/* SPDX-License-Identifier: MIT */
/* Keeps what the events say of a tab, and waits for its documents. */
#include "extract/browser/page.h"

#include "base/mem.h"
#include "extract/browser/http_status.h"
#include "extract/browser/inline_answer.h"

#include <stdlib.h>
#include <string.h>

enum {
    NAVIGATIONS_MAX = 4096,
    POST_DATA_MAX = 64 * 1024, /* bytes of a body that come with the event of its request */
};

static bool is_same(const char *known, const char *text)
{
    return known && strcmp(known, text) == 0;
}

static void set_text(char **field, const char *text)
{
    free(*field);
    *field = mem_copy(text);
}

/* Asks for the events of a new tab and lets it run. Every tab starts halted, so that none of its
 * first events is missed. */
static void prepare_tab(struct page *page, const char *session)
{
    struct devtools *devtools = page->devtools;

    devtools_send(devtools, session, "Network.enable",
                  json_pack("{s:i}", "maxPostDataSize", POST_DATA_MAX));
    devtools_send(devtools, session, "Page.enable", NULL);
    devtools_send(devtools, session, "Inspector.enable", NULL);
    devtools_send(devtools, session, "Page.setLifecycleEventsEnabled",
                  json_pack("{s:b}", "enabled", 1));
    if (page->follower)
        inline_answer_watch(devtools, session, true);
    devtools_send(devtools, session, "Runtime.runIfWaitingForDebugger", NULL);
}

static void on_attached(struct page *page, json_t *params)
{
    const json_t *info = json_object_get(params, "targetInfo");
    const char *session = devtools_text(params, "sessionId"),
               *target = devtools_text(info, "targetId");

    prepare_tab(page, session);
    if (!is_same(page->context, devtools_text(info, "browserContextId")))
        return; /* the browser's own first tab */
    if (!page->session) {
        set_text(&page->session, session);
        set_text(&page->target, target);
    } else {
        json_object_set_new(page->tabs, session, json_string(target));
    }
}

static void on_detached(struct page *page, json_t *params)
{
    const char *session = devtools_text(params, "sessionId");

    json_object_del(page->tabs, session);
    page->crashed |= is_same(page->session, session);
}

/* Cancels a download for which nobody waits, such as a second one of the same click: it must not be
 * taken for the next window's file. */
static void on_stray_download(struct page *page, json_t *params)
{
    devtools_send(page->devtools, NULL, "Browser.cancelDownload",
                  json_pack("{s:s, s:s}", "guid", devtools_text(params, "guid"), "browserContextId",
                            page->context));
}

static void on_dialog(struct page *page, const char *session, json_t *params)
{
    const char *type = devtools_text(params, "type"), *words = devtools_text(params, "message");

    /* Only an alert says something. A confirm or a beforeunload asks whether to go on, and the
     * answer is yes. */
    if (strcmp(type, "alert") == 0) {
        set_text(&page->dialog, words);
        page->alerts++;
    } else if (strcmp(type, "beforeunload") != 0) {
        set_text(&page->question, words);
    }
    devtools_send(page->devtools, session, "Page.handleJavaScriptDialog",
                  json_pack("{s:b}", "accept", 1));
}

/* Keeps how the main frame's document is asked for and answered. */
static void on_network(struct page *page, const char *method, json_t *params)
{
    const char *request = devtools_text(params, "requestId");

    if (strcmp(method, "Network.requestWillBeSent") == 0) {
        if (!is_same(page->target, devtools_text(params, "frameId")) ||
            strcmp(devtools_text(params, "type"), "Document") != 0)
            return;
        set_text(&page->request, request);
        set_text(&page->net_error, NULL);
        page->status = 0;
    } else if (!is_same(page->request, request)) {
        return;
    } else if (strcmp(method, "Network.responseReceived") == 0) {
        const json_t *response = json_object_get(params, "response");
        page->status = (int)json_integer_value(json_object_get(response, "status"));
        page->retry_after_s = http_status_retry_after(response);
    } else if (strcmp(method, "Network.loadingFailed") == 0) {
        if (!json_is_true(json_object_get(
                params, "canceled"))) /* a download is canceled, too, for the page */
            set_text(&page->net_error, devtools_text(params, "errorText"));
    }
}

static void on_frame(struct page *page, const char *method, json_t *params)
{
    const json_t *frame = json_object_get(params, "frame");

    if (!is_same(page->target,
                 frame ? devtools_text(frame, "id") : devtools_text(params, "frameId")))
        return;
    if (strcmp(method, "Page.frameRequestedNavigation") == 0) {
        page->moving |= strcmp(devtools_text(params, "disposition"), "currentTab") == 0;
    } else if (strcmp(method, "Page.frameNavigated") == 0) {
        set_text(&page->loader, devtools_text(frame, "loaderId"));
        buf_addf(&page->navigations, "%s ", page->loader);
        set_text(&page->url, devtools_text(frame, "url"));
        page->moving = page->parsed = false;
    } else if (strcmp(method, "Page.frameStoppedLoading") == 0) {
        page->moving = false; /* no new document came: a download, or nothing */
    } else if (strcmp(method, "Page.lifecycleEvent") == 0) {
        page->parsed |= is_same(page->loader, devtools_text(params, "loaderId")) &&
                        strcmp(devtools_text(params, "name"), "DOMContentLoaded") == 0;
    }
}

static void on_event(void *arg, const char *session, const char *method, json_t *params)
{
    struct page *page = arg;

    if (strcmp(method, "Target.attachedToTarget") == 0)
        on_attached(page, params);
    else if (strcmp(method, "Target.detachedFromTarget") == 0)
        on_detached(page, params);
    else if (strcmp(method, "Fetch.requestPaused") == 0)
        inline_answer_event(page->devtools, session, params);
    else if (strcmp(method, "Page.javascriptDialogOpening") == 0)
        on_dialog(page, session, params);
    else if (strcmp(method, "Browser.downloadWillBegin") == 0 && !page->follower)
        on_stray_download(page, params);
    else if (session && is_same(page->session, session)) {
        if (strncmp(method, "Network.", 8) == 0)
            on_network(page, method, params);
        else if (strncmp(method, "Page.", 5) == 0)
            on_frame(page, method, params);
        else
            page->crashed |= strcmp(method, "Inspector.targetCrashed") == 0;
    }
    if (session && !is_same(page->session, session) && !json_object_get(page->tabs, session))
        return;
    if (page->follower)
        page->follower(page->follower_arg, method, params);
    if (page->observer)
        page->observer(page->observer_arg, session, method, params);
}

static bool has_session(void *arg)
{
    const struct page *page = arg;

    return page->session != NULL;
}

static bool open_context(struct page *page, const char *folder, int64_t deadline, struct error *err)
{
    json_t *result = NULL;

    if (!devtools_call(page->devtools, NULL, "Target.createBrowserContext",
                       json_pack("{s:b}", "disposeOnDetach", 1), deadline, &result, err))
        return false;
    page->context = mem_copy(devtools_text(result, "browserContextId"));
    json_decref(result);
    return devtools_call(page->devtools, NULL, "Browser.setDownloadBehavior",
                         json_pack("{s:s, s:s, s:s, s:b}", "behavior", "allowAndName",
                                   "browserContextId", page->context, "downloadPath", folder,
                                   "eventsEnabled", 1),
                         deadline, NULL, err);
}

bool page_open(struct page *page, struct devtools *devtools, const char *folder, int64_t deadline,
               struct error *err)
{
    *page = (struct page){
        .devtools = devtools, .navigations = BUF_INIT(NAVIGATIONS_MAX), .tabs = json_object()};
    devtools_listen(devtools, on_event, page);
    /* The filter keeps chrome:// pages out. Attaching page by page would miss target=_blank. */
    if (!devtools_call(devtools, NULL, "Target.setAutoAttach",
                       json_pack("{s:b, s:b, s:b, s:[{s:s}, {s:b}]}", "autoAttach", 1,
                                 "waitForDebuggerOnStart", 1, "flatten", 1, "filter", "type",
                                 "page", "exclude", 1),
                       deadline, NULL, err) ||
        !open_context(page, folder, deadline, err) ||
        !devtools_call(
            devtools, NULL, "Target.createTarget",
            json_pack("{s:s, s:s}", "url", "about:blank", "browserContextId", page->context),
            deadline, NULL, err))
        return false;
    switch (devtools_wait(devtools, has_session, page, deadline, err)) {
    case DEVTOOLS_FAILED:
        return false;
    case DEVTOOLS_LATE:
        return error_set(err, ERROR_SYSTEM, "the browser did not open a tab in time");
    case DEVTOOLS_MET:
        break;
    }
    /* This is answered after all that prepare_tab asked for: from here on no event is missed. */
    return devtools_call(devtools, page->session, "Page.getFrameTree", NULL, deadline, NULL, err);
}

void page_done(struct page *page)
{
    if (page->devtools)
        devtools_listen(page->devtools, NULL, NULL);
    if (page->devtools && page->context && !page->devtools->broken.kind)
        devtools_send(page->devtools, NULL, "Target.disposeBrowserContext",
                      json_pack("{s:s}", "browserContextId", page->context));
    free(page->context);
    free(page->target);
    free(page->session);
    buf_done(&page->navigations);
    free(page->url);
    free(page->loader);
    free(page->request);
    free(page->net_error);
    free(page->dialog);
    free(page->question);
    json_decref(page->tabs);
    *page = (struct page){0};
}

void page_follow(struct page *page, page_follower *follower, void *arg)
{
    if (page->session && !page->devtools->broken.kind)
        inline_answer_watch(page->devtools, page->session, follower != NULL);
    page->follower = follower;
    page->follower_arg = arg;
}

void page_observe(struct page *page, page_observer *observer, void *arg)
{
    page->observer = observer;
    page->observer_arg = arg;
}

void page_close_tabs(struct page *page)
{
    for (void *at = json_object_iter(page->tabs); at; at = json_object_iter_next(page->tabs, at))
        devtools_send(page->devtools, NULL, "Target.closeTarget",
                      json_pack("{s:O}", "targetId", json_object_iter_value(at)));
    json_object_clear(page->tabs); /* their last events are ignored */
}

void page_forget_dialog(struct page *page)
{
    set_text(&page->dialog, NULL);
    set_text(&page->question, NULL);
    page->alerts = 0;
}

void page_stop(struct page *page)
{
    if (page->session && !page->devtools->broken.kind)
        devtools_send(page->devtools, page->session, "Page.stopLoading", NULL);
    page->moving = false;
}

bool page_report_crash(struct error *err)
{
    error_set(err, ERROR_SYSTEM, "the browser's tab crashed (out of memory?)");
    return error_mark_transient(err);
}

static bool check_answer(const struct page *page, int first_bad_status, struct error *err)
{
    if (page->net_error)
        return http_status_report_network("the network says", page->net_error, err);
    return page->status < first_bad_status ||
           http_status_report("the server", page->status, page->retry_after_s, err);
}

/* A wait for another document. `reply` is zero if no navigation was sent. */
struct arrival {
    struct page *page;
    struct devtools_reply reply;
};

/* Whether the navigation has ended with a complete document. The next load event does not tell
 * that, because the document that is being left may send its own late. The shown document need not
 * be the requested one, which may have sent the browser on by script. */
static bool has_navigated(void *arg)
{
    const struct arrival *arrival = arg;
    const struct page *page = arrival->page;
    const json_t *result = arrival->reply.result;

    if (page->crashed || arrival->reply.refusal)
        return true;
    return result && (*devtools_text(result, "errorText") ||
                      (page->parsed &&
                       strstr(buf_text(&page->navigations), devtools_text(result, "loaderId"))));
}

static bool has_stopped_moving(void *arg)
{
    const struct arrival *arrival = arg;

    return arrival->page->crashed || !arrival->page->moving;
}

static bool wait_for(struct arrival *arrival, devtools_condition *condition, int64_t deadline,
                     struct error *err)
{
    const struct devtools_reply *reply = &arrival->reply;

    switch (devtools_wait(arrival->page->devtools, condition, arrival, deadline, err)) {
    case DEVTOOLS_FAILED:
        return false;
    case DEVTOOLS_LATE:
        error_set(err, ERROR_PORTAL, "no page came in time");
        return error_mark_transient(err);
    case DEVTOOLS_MET:
        break;
    }
    if (arrival->page->crashed)
        return page_report_crash(err);
    if (reply->refusal)
        return error_set(err, ERROR_PORTAL, "the browser says %s", reply->refusal);
    if (*devtools_text(reply->result, "errorText"))
        return http_status_report_network("the network says",
                                          devtools_text(reply->result, "errorText"), err);
    return true;
}

bool page_navigate(struct page *page, const char *url, int64_t deadline, struct error *err)
{
    struct arrival arrival = {.page = page};

    buf_reset(&page->navigations);
    devtools_start(page->devtools, &arrival.reply, page->session, "Page.navigate",
                   json_pack("{s:s}", "url", url));
    bool good = wait_for(&arrival, has_navigated, deadline, err) && check_answer(page, 400, err);
    devtools_forget(page->devtools, &arrival.reply);
    return good;
}

bool page_arrive(struct page *page, int64_t deadline, struct error *err)
{
    struct arrival arrival = {.page = page};

    if (!page->moving)
        return true;
    return wait_for(&arrival, has_stopped_moving, deadline, err) && check_answer(page, 500, err);
}
