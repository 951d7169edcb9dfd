/* SPDX-License-Identifier: MIT */
/* Which windows are clicked and which are not. */
#include "extract/replay/strategy.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "extract/replay/file_digest.h"
#include "extract/replay/http_client.h"
#include "extract/replay/template.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum route_state {
    ROUTE_UNKNOWN,  /* the next click is watched */
    ROUTE_SEEN,     /* a request was caught; whether it can be repeated is not known */
    ROUTE_PROVEN,   /* it can */
    ROUTE_HOPELESS, /* it cannot */
};

enum { ANY_DAY = 0 }; /* on which two requests are compared */

/* What is known of a report. */
struct route {
    struct route *next;
    const struct report *report;
    enum route_state state;
    struct template template;
    struct response answer;      /* that the click brought */
    struct file_digest likeness; /* of its file */
    int32_t first, last;         /* and its days */
    int trials, renewals;
};

static struct route *route_of(struct replay_strategy *shortcut, const struct report *report)
{
    struct route *route = shortcut->routes;

    while (route && route->report != report)
        route = route->next;
    if (!route) {
        route = mem_alloc(sizeof(*route));
        *route = (struct route){.report = report, .next = shortcut->routes};
        shortcut->routes = route;
    }
    return route;
}

static void unlearn(struct route *route, enum route_state state)
{
    template_done(&route->template);
    route->state = state;
}

/* It never was a way: that is no news to worry about. */
static void give_up(struct route *route, const char *why)
{
    unlearn(route, ROUTE_HOPELESS);
    log_info("replay.none", log_text("report", route->report->name), log_text("why", why));
}

/* It was one, or looked like one. */
static enum replay_outcome leave(struct route *route, const char *why)
{
    unlearn(route, ROUTE_HOPELESS);
    log_warn("replay.left", log_text("report", route->report->name), log_text("why", why));
    return REPLAY_LEFT;
}

static enum replay_outcome log_out(struct route *route, const char *why)
{
    if (++route->renewals > SHORTCUT_RENEWALS)
        return leave(route, why);
    unlearn(route, ROUTE_UNKNOWN);
    log_info("replay.renewed", log_text("report", route->report->name), log_text("why", why));
    return REPLAY_LEFT;
}

static bool fetch_cookies(struct replay_strategy *shortcut, struct error *err)
{
    int64_t deadline = clock_ms() + (int64_t)shortcut->portal->deadlines.browser * 1000;
    json_t *result = NULL;

    if (!devtools_call(shortcut->page->devtools, NULL, "Storage.getCookies",
                       json_pack("{s:s}", "browserContextId", shortcut->page->context), deadline,
                       &result, err))
        return false;
    if (!shortcut->replay)
        shortcut->replay = http_client_new(shortcut->proxy);
    http_client_take_cookies(shortcut->replay, json_object_get(result, "cookies"));
    json_decref(result);
    return true;
}

/* TAKEN only if the file is one that a click might have brought. */
static enum replay_outcome ask(struct replay_strategy *shortcut, struct route *route, int32_t first,
                               int32_t last, const char *path, struct error *err)
{
    bool proven = route->state == ROUTE_PROVEN;
    char why[RESPONSE_WHY_SIZE];
    struct response delivery;
    struct request request;

    template_fill(&route->template, first, last, &request);
    enum http_outcome outcome = http_client_send(
        shortcut->replay, &request, &shortcut->portal->deadlines, path, &delivery, why, err);
    request_done(&request);
    if (outcome == HTTP_FAILED)
        return REPLAY_FAILED;
    if (outcome == HTTP_LOST)
        return leave(route, why);
    if (response_is_like(&delivery, &route->answer, &route->report->files, why))
        return REPLAY_TAKEN;
    unlink(path);
    return proven && response_is_elsewhere(&delivery) ? log_out(route, why) : leave(route, why);
}

/* Whether the repeated request gives the file that the click gave. */
static enum replay_outcome try_proof(struct replay_strategy *shortcut, struct route *route,
                                     const char *path, struct error *err)
{
    struct file_digest likeness;

    enum replay_outcome outcome = ask(shortcut, route, route->first, route->last, path, err);
    if (outcome != REPLAY_TAKEN)
        return outcome;
    bool read = file_digest_of(path, &likeness, err);
    unlink(path);
    if (!read)
        return REPLAY_FAILED;
    enum file_digest_match verdict = file_digest_compare(&likeness, &route->likeness);
    if (verdict == FILE_DIGEST_NONE && ++route->trials < SHORTCUT_TRIALS) {
        unlearn(route, ROUTE_UNKNOWN);
        log_debug("replay.differs", log_text("report", route->report->name));
        return REPLAY_NONE;
    }
    if (verdict == FILE_DIGEST_NONE) {
        give_up(route, "the repeated request brings another file than the click did");
        return REPLAY_NONE;
    }
    route->state = ROUTE_PROVEN;
    log_info("replay.proven", log_text("report", route->report->name),
             log_text("same", verdict == FILE_DIGEST_BYTES ? "bytes" : "lines"));
    return REPLAY_TAKEN;
}

/* What no session has tried is tried; what another one has found out is taken from it. */
static enum replay_outcome prove(struct replay_strategy *shortcut, struct route *route,
                                 const char *path, struct error *err)
{
    struct request request;

    if (!fetch_cookies(shortcut, err))
        return REPLAY_FAILED;
    template_fill(&route->template, ANY_DAY, ANY_DAY, &request);
    enum replay_outcome outcome = REPLAY_NONE;
    switch (verdicts_ask(shortcut->proofs, route->report, &request)) {
    case VERDICT_WANTED:
        outcome = try_proof(shortcut, route, path, err);
        verdicts_answer(shortcut->proofs, route->report, &request,
                        outcome == REPLAY_TAKEN ? VERDICT_GIVEN
                        : route->state == ROUTE_HOPELESS && outcome == REPLAY_NONE
                            ? VERDICT_DENIED
                            : VERDICT_WANTED);
        break;
    case VERDICT_GIVEN:
        route->state = ROUTE_PROVEN;
        outcome = REPLAY_TAKEN;
        log_info("replay.proven", log_text("report", route->report->name),
                 log_text("same", "request as in another session"));
        break;
    case VERDICT_DENIED:
        give_up(route, "in another session the repeated request brought another file");
        break;
    case VERDICT_AWAITED:
        break;
    }
    request_done(&request);
    return outcome;
}

void replay_strategy_init(struct replay_strategy *shortcut, struct page *page,
                          const struct portal *portal, const char *origin, const char *proxy,
                          struct verdicts *proofs)
{
    *shortcut = (struct replay_strategy){
        .page = page, .portal = portal, .origin = origin, .proxy = proxy, .proofs = proofs};
}

void replay_strategy_done(struct replay_strategy *shortcut)
{
    capture_done(&shortcut->capture);
    http_client_free(shortcut->replay);
    while (shortcut->routes) {
        struct route *route = shortcut->routes;
        shortcut->routes = route->next;
        template_done(&route->template);
        free(route);
    }
    *shortcut = (struct replay_strategy){0};
}

enum replay_outcome replay_strategy_take(struct replay_strategy *shortcut,
                                         const struct report *report, const struct window *window,
                                         const char *path, struct error *err)
{
    if (!shortcut->page)
        return REPLAY_NONE;
    struct route *route = route_of(shortcut, report);
    if (route->state == ROUTE_SEEN && route->template.certain) {
        MEM_FREE_TEXT char *proof = mem_format("%s.proof", path);
        enum replay_outcome outcome = prove(shortcut, route, proof, err);
        if (outcome != REPLAY_TAKEN)
            return outcome;
    }
    if (route->state != ROUTE_PROVEN)
        return REPLAY_NONE;
    return ask(shortcut, route, window->first, window->last, path, err);
}

void replay_strategy_watch(struct replay_strategy *shortcut, const struct report *report,
                           const struct window *window)
{
    if (!shortcut->page || window->first == window->last)
        return; /* one day would not tell which of the two it is */
    const struct route *route = route_of(shortcut, report);
    if (route->state == ROUTE_UNKNOWN || (route->state == ROUTE_SEEN && !route->template.certain))
        capture_begin(&shortcut->capture, shortcut->page, shortcut->origin, window->first,
                      window->last);
}

/* The file that the click brought, as far as later answers are compared with it. */
static bool look_at(struct route *route, const char *path, char start[RESPONSE_START_SIZE],
                    struct error *err)
{
    struct file_map map;

    if (!file_digest_of(path, &route->likeness, err) || !file_map_open(path, &map, err))
        return false;
    memcpy(start, map.data, map.size < RESPONSE_START_SIZE ? map.size : RESPONSE_START_SIZE);
    file_map_close(&map);
    return true;
}

static void take_in(struct route *route, struct capture *capture, const struct window *window,
                    const char *path)
{
    char reason[RESPONSE_WHY_SIZE];
    const char *why = reason;
    struct request request;
    struct response answer;
    struct error err;

    if (!capture_take(capture, &route->report->files, &request, &answer, reason)) {
        give_up(route, why);
        return;
    }
    bool good =
        route->state == ROUTE_SEEN
            ? template_confirm(&route->template, &request, window->first, window->last, &why)
            : template_learn(&request, window->first, window->last, &route->template, &why);
    request_done(&request);
    if (good && !look_at(route, path, answer.start, &err)) {
        good = false;
        why = err.message;
    }
    if (!good) {
        give_up(route, why);
        return;
    }
    route->state = ROUTE_SEEN;
    route->answer = answer;
    route->first = window->first;
    route->last = window->last;
    log_debug("replay.seen", log_text("report", route->report->name),
              log_int("certain", route->template.certain));
}

void replay_strategy_learn(struct replay_strategy *shortcut, const struct report *report,
                           const struct window *window, const char *path)
{
    if (!shortcut->capture.page)
        return;
    if (path)
        take_in(route_of(shortcut, report), &shortcut->capture, window, path);
    capture_done(&shortcut->capture);
}

void replay_strategy_forget(struct replay_strategy *shortcut)
{
    for (struct route *route = shortcut->routes; route; route = route->next)
        if (route->state != ROUTE_HOPELESS)
            unlearn(route, ROUTE_UNKNOWN);
}
