/* SPDX-License-Identifier: MIT */
/*
 * The DevTools connection. Any bytes of a browser, whole and in pieces, give the events and answers
 * that their messages give when they are parsed one by one, up to the first invalid message. The
 * input is the size of pieces and the bytes. Four calls wait for their answers.
 */
#include "base/clock.h"
#include "extract/browser/devtools.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CALLS = 4, PIECE_MAX = 32 * 1024, LOCK_TIMEOUT_MS = 10 * 1000, TRANSCRIPT_MAX = 64 << 20 };

static const char no_object[] = "the browser sent a message that is no JSON object";
static const char ended[] = "the browser ended unexpectedly";

static void demand(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

static void add_json(struct buf *out, const json_t *value)
{
    char *text = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;

    buf_add_text(out, text ? text : "nothing");
    buf_add_char(out, '\n');
    free(text);
}

static void add_event(void *arg, const char *session, const char *method, json_t *params)
{
    struct buf *out = arg;

    buf_addf(out, "event %s %s %s ", session ? session : "-", method,
             devtools_text(params, "name"));
    add_json(out, params);
}

static void add_answer(struct buf *out, int id, const char *refusal, const json_t *result)
{
    buf_addf(out, "answer %d %s ", id, refusal ? refusal : "-");
    add_json(out, result);
}

/* Messages one by one */

/* Parses the messages. Returns false at an invalid one. */
static bool take_message(const char *text, size_t len, json_t **answers, struct buf *out)
{
    json_t *message = json_loadb(text, len, JSON_ALLOW_NUL, NULL);
    const json_t *id = json_object_get(message, "id");
    const char *method = json_string_value(json_object_get(message, "method"));
    const bool good = json_is_object(message);

    if (json_is_integer(id)) {
        const json_int_t number = json_integer_value(id);
        if (number >= 1 && number <= CALLS && !answers[number - 1])
            answers[number - 1] = json_incref(message);
    } else if (good && method) {
        add_event(out, json_string_value(json_object_get(message, "sessionId")), method,
                  json_object_get(message, "params"));
    }
    json_decref(message);
    return good;
}

static void expect_answers(json_t **answers, struct buf *out)
{
    for (int i = 0; i < CALLS; i++) {
        const json_t *error = json_object_get(answers[i], "error");
        const json_t *result = json_object_get(answers[i], "result");
        const char *words = json_string_value(json_object_get(error, "message"));
        json_t *empty = json_object();
        if (answers[i])
            add_answer(out, i + 1, error ? words ? words : "error without a message" : NULL,
                       error    ? NULL
                       : result ? result
                                : empty);
        json_decref(empty);
        json_decref(answers[i]);
    }
}

static void expect(const char *bytes, size_t len, struct buf *out)
{
    json_t *answers[CALLS] = {0};
    const char *end, *why = ended;

    while (why == ended && (end = memchr(bytes, '\0', len))) {
        const size_t used = (size_t)(end - bytes) + 1;
        if (!take_message(bytes, used - 1, answers, out))
            why = no_object;
        bytes += used;
        len -= used;
    }
    expect_answers(answers, out);
    buf_add_text(out, why);
}

/* Through the pipe */

static bool is_empty(void *arg)
{
    const struct devtools *devtools = arg;
    int left = 0;

    return ioctl(devtools->in, FIONREAD, &left) < 0 || left == 0;
}

static bool never(void *arg)
{
    (void)arg;
    return false;
}

static void say(struct devtools *devtools, int to, const char *bytes, size_t len, size_t piece)
{
    struct error err;

    for (size_t at = 0; at < len && !devtools->broken.kind; at += piece) {
        const size_t take = len - at < piece ? len - at : piece;
        demand(write(to, bytes + at, take) == (ssize_t)take, "a pipe takes a piece");
        devtools_wait(devtools, is_empty, devtools, clock_ms() + LOCK_TIMEOUT_MS, &err);
    }
    close(to);
}

static void add_end(struct devtools *devtools, struct buf *out)
{
    struct error first = {0}, again = {0};

    demand(devtools_wait(devtools, never, NULL, clock_ms() + LOCK_TIMEOUT_MS, &first) ==
               DEVTOOLS_FAILED,
           "a pipe that ended is a failure");
    demand(devtools_wait(devtools, never, NULL, clock_ms() + LOCK_TIMEOUT_MS, &again) ==
                   DEVTOOLS_FAILED &&
               strcmp(first.message, again.message) == 0,
           "a failure stays");
    demand(first.kind == ERROR_SYSTEM && first.transient, "another browser may do better");
    buf_add_text(out, first.message);
}

static void listen_to(const char *bytes, size_t len, size_t piece, struct buf *out)
{
    struct devtools devtools;
    struct devtools_reply replies[CALLS];
    int there[2], back[2];

    demand(pipe(there) == 0 && pipe(back) == 0, "there are pipes");
    devtools_init(&devtools, back[0], there[1]);
    devtools_listen(&devtools, add_event, out);
    for (int i = 0; i < CALLS; i++)
        devtools_start(&devtools, &replies[i], NULL, "Do.it", NULL);
    say(&devtools, back[1], bytes, len, piece);
    for (int i = 0; i < CALLS; i++) {
        if (replies[i].done)
            add_answer(out, i + 1, replies[i].refusal, replies[i].result);
        demand(replies[i].done == (replies[i].result || replies[i].refusal),
               "an answer is a result or a refusal");
        devtools_forget(&devtools, &replies[i]);
    }
    add_end(&devtools, out);
    devtools_done(&devtools);
    close(there[0]);
}

static void demand_same(const struct buf *expected, const struct buf *heard)
{
    if (expected->len == heard->len &&
        memcmp(buf_text(expected), buf_text(heard), expected->len) == 0)
        return;
    fprintf(stderr, "expected:\n%s\nheard:\n%s\n", buf_text(expected), buf_text(heard));
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BUF_DONE struct buf expected = BUF_INIT(TRANSCRIPT_MAX), whole = BUF_INIT(TRANSCRIPT_MAX),
                        pieces = BUF_INIT(TRANSCRIPT_MAX);

    if (size < 1)
        return 0;
    signal(SIGPIPE, SIG_IGN);
    const char *bytes = (const char *)data + 1;
    expect(bytes, size - 1, &expected);
    listen_to(bytes, size - 1, PIECE_MAX, &whole);
    demand_same(&expected, &whole);
    /* A large input in pieces of a few bytes would take minutes. */
    listen_to(bytes, size - 1, 1 + data[0] % 32 + size / 512, &pieces);
    demand_same(&expected, &pieces);
    return 0;
}
