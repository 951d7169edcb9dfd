/* SPDX-License-Identifier: MIT */
/* Decides which windows are clicked, and proves requests. */
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
    REPLAY_PROVEN,   /* the request can be repeated */
    REPLAY_HOPELESS, /* the request cannot be repeated */
};

/* The day for which requests of different sessions are compared. */
enum { ANY_DAY = 0 };

/* What is known of the request of a report. */
struct replay_state {
    struct replay_state *next;
    const struct report *report;
    enum replay_stage stage;
    struct template template;
    struct response answer;    /* the answer to the click */
    struct file_digest digest; /* of the click's file */
    int32_t first, last;       /* the click's days, inclusive */
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

static void reset_state(struct replay_state *state, enum replay_stage stage)
{
    template_done(&state->template);
    state->stage = stage;
}

/* Notes that the request cannot be repeated. It has never been used, so this is no warning. */
static void rule_out(struct replay_state *state, const char *why)
{
    reset_state(state, REPLAY_HOPELESS);
    log_info("replay.none", log_text("report", state->report->name), log_text("why", why));
}

/* Ends the repeating of a request that was used, or was about to be, with a warning. */
static enum replay_outcome stop_replaying(struct replay_state *state, const char *why)
{
    reset_state(state, REPLAY_HOPELESS);
    log_warn("replay.left", log_text("report", state->report->name), log_text("why", why));
    return REPLAY_LEFT;
}

/* Forgets a proven request because the session has ended, or stops after too many times. */
static enum replay_outcome renew(struct replay_state *state, const char *why)
{
    if (++state->renewals > REPLAY_RENEWALS)
        return stop_replaying(state, why);
    reset_state(state, REPLAY_UNKNOWN);
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

/* Sends the request for a window. REPLAY_TAKEN only if the answer is like that to the click. */
static enum replay_outcome send_request(struct replay_strategy *strategy,
                                        struct replay_state *state, int32_t first, int32_t last,
                                        const char *path, struct error *err)
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
        return stop_replaying(state, why);
    if (response_is_like(&response, &state->answer, &state->report->files, why))
        return REPLAY_TAKEN;
    unlink(path);
    return proven && response_is_elsewhere(&response) ? renew(state, why)
                                                      : stop_replaying(state, why);
}

/* Repeats the request of the clicked window and compares the file with that of the click.
 * REPLAY_TAKEN: they are the same, and the request is proven. */
static enum replay_outcome compare_with_click(struct replay_strategy *strategy,
                                              struct replay_state *state, const char *path,
                                              struct error *err)
{
    struct file_digest digest;

    enum replay_outcome outcome =
        send_request(strategy, state, state->first, state->last, path, err);
    if (outcome != REPLAY_TAKEN)
        return outcome;
    bool read = file_digest_of(path, &digest, err);
    unlink(path);
    if (!read)
        return REPLAY_FAILED;
    enum file_digest_match verdict = file_digest_compare(&digest, &state->digest);
    if (verdict == FILE_DIGEST_NONE && ++state->trials < REPLAY_TRIALS) {
        reset_state(state, REPLAY_UNKNOWN);
        log_debug("replay.differs", log_text("report", state->report->name));
        return REPLAY_NONE;
    }
    if (verdict == FILE_DIGEST_NONE) {
        rule_out(state, "the repeated request brings another file than the click did");
        return REPLAY_NONE;
    }
    state->stage = REPLAY_PROVEN;
    log_info("replay.proven", log_text("report", state->report->name),
             log_text("same", verdict == FILE_DIGEST_BYTES ? "bytes" : "lines"));
    return REPLAY_TAKEN;
}

/* Finds out whether the request is proven: by another session's verdict, or by trying if no session
 * has tried. */
static enum replay_outcome find_verdict(struct replay_strategy *strategy,
                                        struct replay_state *state, const char *path,
                                        struct error *err)
{
    struct request request;

    if (!fetch_cookies(strategy, err))
        return REPLAY_FAILED;
    template_fill(&state->template, ANY_DAY, ANY_DAY, &request);
    enum replay_outcome outcome = REPLAY_NONE;
    switch (verdicts_ask(strategy->verdicts, state->report, &request)) {
    case VERDICT_WANTED:
        outcome = compare_with_click(strategy, state, path, err);
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
        rule_out(state, "in another session the repeated request brought another file");
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
        MEM_FREE_TEXT char *trial_path = mem_format("%s.proof", path);
        enum replay_outcome outcome = find_verdict(strategy, state, trial_path, err);
        if (outcome != REPLAY_TAKEN)
            return outcome;
    }
    if (state->stage != REPLAY_PROVEN)
        return REPLAY_NONE;
    return send_request(strategy, state, window->first, window->last, path, err);
}

void replay_strategy_watch(struct replay_strategy *strategy, const struct report *report,
                           const struct window *window)
{
    if (!strategy->page || window->first == window->last)
        return; /* in a window of one day the two days cannot be told apart */
    const struct replay_state *state = state_of(strategy, report);
    if (state->stage == REPLAY_UNKNOWN || (state->stage == REPLAY_SEEN && !state->template.certain))
        capture_begin(&strategy->capture, strategy->page, strategy->origin, window->first,
                      window->last);
}

/* Remembers the digest and the first bytes of the file that the click brought, for comparisons. */
static bool remember_file(struct replay_state *state, const char *path,
                          char start[RESPONSE_START_SIZE], struct error *err)
{
    struct file_map map;

    if (!file_digest_of(path, &state->digest, err) || !file_map_open(path, &map, err))
        return false;
    memcpy(start, map.data, map.size < RESPONSE_START_SIZE ? map.size : RESPONSE_START_SIZE);
    file_map_close(&map);
    return true;
}

/* Makes a template of the request that was caught, or notes why that is not possible. */
static void learn_request(struct replay_state *state, struct capture *capture,
                          const struct window *window, const char *path)
{
    char reason[RESPONSE_WHY_SIZE];
    const char *why = reason;
    struct request request;
    struct response answer;
    struct error err;

    if (!capture_take(capture, &state->report->files, &request, &answer, reason)) {
        rule_out(state, why);
        return;
    }
    bool good =
        state->stage == REPLAY_SEEN
            ? template_confirm(&state->template, &request, window->first, window->last, &why)
            : template_learn(&request, window->first, window->last, &state->template, &why);
    request_done(&request);
    if (good && !remember_file(state, path, answer.start, &err)) {
        good = false;
        why = err.message;
    }
    if (!good) {
        rule_out(state, why);
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
        learn_request(state_of(strategy, report), &strategy->capture, window, path);
    capture_done(&strategy->capture);
}

void replay_strategy_forget(struct replay_strategy *strategy)
{
    for (struct replay_state *state = strategy->states; state; state = state->next)
        if (state->stage != REPLAY_HOPELESS)
            reset_state(state, REPLAY_UNKNOWN);
}
