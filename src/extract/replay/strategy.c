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

enum replay_stage {
    REPLAY_UNKNOWN,  /* the next click is watched */
    REPLAY_SEEN,     /* a request was caught; whether it can be repeated is not known */
    REPLAY_PROVEN,   /* it can */
    REPLAY_HOPELESS, /* it cannot */
};

enum { ANY_DAY = 0 }; /* on which two requests are compared */

/* What is known of a report. */
struct replay_state {
    struct replay_state *next;
    const struct report *report;
    enum replay_stage stage;
    struct template template;
    struct response answer;    /* that the click brought */
    struct file_digest digest; /* of its file */
    int32_t first, last;       /* and its days */
    int trials, renewals;
};

static struct replay_state *state_of(struct replay_strategy *strategy, const struct report *report)
{
    struct replay_state *state = strategy->states;

    while (state && state->report != report)
        state = state->next;
    if (!state) {
        state = mem_alloc(sizeof(*state));
        *state = (struct replay_state){.report = report, .next = strategy->states};
        strategy->states = state;
    }
    return state;
}

static void unlearn(struct replay_state *state, enum replay_stage stage)
{
    template_done(&state->template);
    state->stage = stage;
}

/* It never was a way: that is no news to worry about. */
static void give_up(struct replay_state *state, const char *why)
{
    unlearn(state, REPLAY_HOPELESS);
    log_info("replay.none", log_text("report", state->report->name), log_text("why", why));
}

/* It was one, or looked like one. */
static enum replay_outcome leave(struct replay_state *state, const char *why)
{
    unlearn(state, REPLAY_HOPELESS);
    log_warn("replay.left", log_text("report", state->report->name), log_text("why", why));
    return REPLAY_LEFT;
}

static enum replay_outcome log_out(struct replay_state *state, const char *why)
{
    if (++state->renewals > REPLAY_RENEWALS)
        return leave(state, why);
    unlearn(state, REPLAY_UNKNOWN);
    log_info("replay.renewed", log_text("report", state->report->name), log_text("why", why));
    return REPLAY_LEFT;
}

static bool fetch_cookies(struct replay_strategy *strategy, struct error *err)
{
    int64_t deadline = clock_ms() + (int64_t)strategy->portal->deadlines.browser * 1000;
    json_t *result = NULL;

    if (!devtools_call(strategy->page->devtools, NULL, "Storage.getCookies",
                       json_pack("{s:s}", "browserContextId", strategy->page->context), deadline,
                       &result, err))
        return false;
    if (!strategy->client)
        strategy->client = http_client_new(strategy->proxy);
    http_client_take_cookies(strategy->client, json_object_get(result, "cookies"));
    json_decref(result);
    return true;
}

/* TAKEN only if the file is one that a click might have brought. */
static enum replay_outcome ask(struct replay_strategy *strategy, struct replay_state *state,
                               int32_t first, int32_t last, const char *path, struct error *err)
{
    bool proven = state->stage == REPLAY_PROVEN;
    char why[RESPONSE_WHY_SIZE];
    struct response response;
    struct request request;

    template_fill(&state->template, first, last, &request);
    enum http_outcome outcome = http_client_send(
        strategy->client, &request, &strategy->portal->deadlines, path, &response, why, err);
    request_done(&request);
    if (outcome == HTTP_FAILED)
        return REPLAY_FAILED;
    if (outcome == HTTP_LOST)
        return leave(state, why);
    if (response_is_like(&response, &state->answer, &state->report->files, why))
        return REPLAY_TAKEN;
    unlink(path);
    return proven && response_is_elsewhere(&response) ? log_out(state, why) : leave(state, why);
}

/* Whether the repeated request gives the file that the click gave. */
static enum replay_outcome try_proof(struct replay_strategy *strategy, struct replay_state *state,
                                     const char *path, struct error *err)
{
    struct file_digest digest;

    enum replay_outcome outcome = ask(strategy, state, state->first, state->last, path, err);
    if (outcome != REPLAY_TAKEN)
        return outcome;
    bool read = file_digest_of(path, &digest, err);
    unlink(path);
    if (!read)
        return REPLAY_FAILED;
    enum file_digest_match verdict = file_digest_compare(&digest, &state->digest);
    if (verdict == FILE_DIGEST_NONE && ++state->trials < REPLAY_TRIALS) {
        unlearn(state, REPLAY_UNKNOWN);
        log_debug("replay.differs", log_text("report", state->report->name));
        return REPLAY_NONE;
    }
    if (verdict == FILE_DIGEST_NONE) {
        give_up(state, "the repeated request brings another file than the click did");
        return REPLAY_NONE;
    }
    state->stage = REPLAY_PROVEN;
    log_info("replay.proven", log_text("report", state->report->name),
             log_text("same", verdict == FILE_DIGEST_BYTES ? "bytes" : "lines"));
    return REPLAY_TAKEN;
}

/* What no session has tried is tried; what another one has found out is taken from it. */
static enum replay_outcome prove(struct replay_strategy *strategy, struct replay_state *state,
                                 const char *path, struct error *err)
{
    struct request request;

    if (!fetch_cookies(strategy, err))
        return REPLAY_FAILED;
    template_fill(&state->template, ANY_DAY, ANY_DAY, &request);
    enum replay_outcome outcome = REPLAY_NONE;
    switch (verdicts_ask(strategy->verdicts, state->report, &request)) {
    case VERDICT_WANTED:
        outcome = try_proof(strategy, state, path, err);
        verdicts_answer(strategy->verdicts, state->report, &request,
                        outcome == REPLAY_TAKEN ? VERDICT_GIVEN
                        : state->stage == REPLAY_HOPELESS && outcome == REPLAY_NONE
                            ? VERDICT_DENIED
                            : VERDICT_WANTED);
        break;
    case VERDICT_GIVEN:
        state->stage = REPLAY_PROVEN;
        outcome = REPLAY_TAKEN;
        log_info("replay.proven", log_text("report", state->report->name),
                 log_text("same", "request as in another session"));
        break;
    case VERDICT_DENIED:
        give_up(state, "in another session the repeated request brought another file");
        break;
    case VERDICT_AWAITED:
        break;
    }
    request_done(&request);
    return outcome;
}

void replay_strategy_init(struct replay_strategy *strategy, struct page *page,
                          const struct portal *portal, const char *origin, const char *proxy,
                          struct verdicts *verdicts)
{
    *strategy = (struct replay_strategy){
        .page = page, .portal = portal, .origin = origin, .proxy = proxy, .verdicts = verdicts};
}

void replay_strategy_done(struct replay_strategy *strategy)
{
    capture_done(&strategy->capture);
    http_client_free(strategy->client);
    while (strategy->states) {
        struct replay_state *state = strategy->states;
        strategy->states = state->next;
        template_done(&state->template);
        free(state);
    }
    *strategy = (struct replay_strategy){0};
}

enum replay_outcome replay_strategy_take(struct replay_strategy *strategy,
                                         const struct report *report, const struct window *window,
                                         const char *path, struct error *err)
{
    if (!strategy->page)
        return REPLAY_NONE;
    struct replay_state *state = state_of(strategy, report);
    if (state->stage == REPLAY_SEEN && state->template.certain) {
        MEM_FREE_TEXT char *proof = mem_format("%s.proof", path);
        enum replay_outcome outcome = prove(strategy, state, proof, err);
        if (outcome != REPLAY_TAKEN)
            return outcome;
    }
    if (state->stage != REPLAY_PROVEN)
        return REPLAY_NONE;
    return ask(strategy, state, window->first, window->last, path, err);
}

void replay_strategy_watch(struct replay_strategy *strategy, const struct report *report,
                           const struct window *window)
{
    if (!strategy->page || window->first == window->last)
        return; /* one day would not tell which of the two it is */
    const struct replay_state *state = state_of(strategy, report);
    if (state->stage == REPLAY_UNKNOWN || (state->stage == REPLAY_SEEN && !state->template.certain))
        capture_begin(&strategy->capture, strategy->page, strategy->origin, window->first,
                      window->last);
}

/* The file that the click brought, as far as later answers are compared with it. */
static bool look_at(struct replay_state *state, const char *path, char start[RESPONSE_START_SIZE],
                    struct error *err)
{
    struct file_map map;

    if (!file_digest_of(path, &state->digest, err) || !file_map_open(path, &map, err))
        return false;
    memcpy(start, map.data, map.size < RESPONSE_START_SIZE ? map.size : RESPONSE_START_SIZE);
    file_map_close(&map);
    return true;
}

static void take_in(struct replay_state *state, struct capture *capture,
                    const struct window *window, const char *path)
{
    char reason[RESPONSE_WHY_SIZE];
    const char *why = reason;
    struct request request;
    struct response answer;
    struct error err;

    if (!capture_take(capture, &state->report->files, &request, &answer, reason)) {
        give_up(state, why);
        return;
    }
    bool good =
        state->stage == REPLAY_SEEN
            ? template_confirm(&state->template, &request, window->first, window->last, &why)
            : template_learn(&request, window->first, window->last, &state->template, &why);
    request_done(&request);
    if (good && !look_at(state, path, answer.start, &err)) {
        good = false;
        why = err.message;
    }
    if (!good) {
        give_up(state, why);
        return;
    }
    state->stage = REPLAY_SEEN;
    state->answer = answer;
    state->first = window->first;
    state->last = window->last;
    log_debug("replay.seen", log_text("report", state->report->name),
              log_int("certain", state->template.certain));
}

void replay_strategy_learn(struct replay_strategy *strategy, const struct report *report,
                           const struct window *window, const char *path)
{
    if (!strategy->capture.page)
        return;
    if (path)
        take_in(state_of(strategy, report), &strategy->capture, window, path);
    capture_done(&strategy->capture);
}

void replay_strategy_forget(struct replay_strategy *strategy)
{
    for (struct replay_state *state = strategy->states; state; state = state->next)
        if (state->stage != REPLAY_HOPELESS)
            unlearn(state, REPLAY_UNKNOWN);
}
