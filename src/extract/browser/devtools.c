/* SPDX-License-Identifier: MIT */
/* Sends DevTools calls, reads replies and events. */
#include "extract/browser/devtools.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { READ_SIZE = 64 * 1024 };

static void set_nonblocking(int fd)
{
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

static void mark_broken(struct devtools *devtools, const char *why)
{
    if (devtools->broken.kind)
        return;
    error_set(&devtools->broken, ERROR_SYSTEM, "%s", why);
    error_mark_transient(&devtools->broken); /* a new browser may work */
}

/* Writes only what the pipe takes at once. If both sides wrote and waited, neither would read, and
 * no deadline would end that. */
static void flush(struct devtools *devtools)
{
    while (devtools->outbox.len && !devtools->broken.kind) {
        ssize_t sent = write(devtools->out, devtools->outbox.data, devtools->outbox.len);
        if (sent > 0)
            buf_drop_front(&devtools->outbox, (size_t)sent);
        else if (sent < 0 && errno == EAGAIN)
            return;
        else if (sent < 0 && errno != EINTR)
            mark_broken(devtools, "the browser ended unexpectedly");
    }
}

static int send_message(struct devtools *devtools, const char *session, const char *method,
                        json_t *params)
{
    json_t *message = json_pack("{s:i, s:s, s:o*, s:s*}", "id", ++devtools->last_id, "method",
                                method, "params", params, "sessionId", session);
    char *text = json_dumps(message, JSON_COMPACT);

    assert(text); /* only a mistake of this program makes it NULL */
    buf_add(&devtools->outbox, text, strlen(text) + 1);
    if (devtools->outbox.full)
        mark_broken(devtools, "the browser stopped reading");
    free(text);
    json_decref(message);
    flush(devtools);
    return devtools->last_id;
}

/* Fills the reply that waits for this id. The id is not cut to an int, because the rest could be
 * the id of another call. */
static void complete_reply(struct devtools *devtools, json_int_t id, json_t *message)
{
    struct devtools_reply **at = &devtools->waiting;

    while (*at && (*at)->id != id)
        at = &(*at)->next;
    struct devtools_reply *reply = *at;
    if (!reply)
        return; /* sent by devtools_send, or forgotten */
    *at = reply->next;
    reply->next = NULL;
    reply->done = true;
    const json_t *refusal = json_object_get(message, "error");
    if (refusal) {
        const char *words = json_string_value(json_object_get(refusal, "message"));
        reply->refusal = mem_copy(words ? words : "error without a message");
    } else {
        json_t *result = json_object_get(message, "result");
        reply->result = result ? json_incref(result) : json_object();
    }
}

static void dispatch(struct devtools *devtools, const char *text, size_t len)
{
    json_t *message = json_loadb(text, len, JSON_ALLOW_NUL, NULL);

    if (!json_is_object(message)) {
        mark_broken(devtools, "the browser sent a message that is no JSON object");
        json_decref(message);
        return;
    }
    const json_t *id = json_object_get(message, "id");
    const char *method = json_string_value(json_object_get(message, "method"));
    if (json_is_integer(id)) {
        complete_reply(devtools, json_integer_value(id), message);
    } else if (method && devtools->listener) {
        devtools->listening = true;
        devtools->listener(devtools->listener_arg,
                           json_string_value(json_object_get(message, "sessionId")), method,
                           json_object_get(message, "params"));
        devtools->listening = false;
    }
    json_decref(message);
}

/* Dispatches every complete message of the inbox and keeps the beginning of the next one. */
static void dispatch_all(struct devtools *devtools)
{
    struct buf *inbox = &devtools->inbox;
    size_t start = 0, from = devtools->searched;

    while (from < inbox->len && !devtools->broken.kind) {
        const char *end = memchr(inbox->data + from, '\0', inbox->len - from);
        if (!end)
            break;
        size_t stop = (size_t)(end - inbox->data);
        dispatch(devtools, inbox->data + start, stop - start);
        start = from = stop + 1;
    }
    if (start)
        buf_drop_front(inbox, start);
    devtools->searched = inbox->len;
}

static void read_pipe(struct devtools *devtools)
{
    char bytes[READ_SIZE];
    ssize_t got = read(devtools->in, bytes, sizeof(bytes));

    if (got == 0)
        mark_broken(devtools, "the browser ended unexpectedly");
    if (got < 0 && errno != EAGAIN && errno != EINTR)
        mark_broken(devtools, "the browser cannot be read from");
    if (got <= 0)
        return;
    buf_add(&devtools->inbox, bytes, (size_t)got);
    if (devtools->inbox.full)
        mark_broken(devtools, "the browser sent a message larger than 64 MiB");
    dispatch_all(devtools);
}

static void poll_once(struct devtools *devtools, int64_t left)
{
    struct pollfd fds[] = {
        {.fd = devtools->in, .events = POLLIN},
        {.fd = stop_fd(), .events = POLLIN}, /* poll skips a descriptor of -1 */
        {.fd = devtools->outbox.len ? devtools->out : -1, .events = POLLOUT},
    };

    if (poll(fds, sizeof(fds) / sizeof(*fds), left > INT_MAX ? INT_MAX : (int)left) <= 0)
        return;
    if (fds[2].revents)
        flush(devtools);
    if (fds[0].revents)
        read_pipe(devtools);
}

static bool is_done(void *arg)
{
    const struct devtools_reply *reply = arg;

    return reply->done;
}

void devtools_init(struct devtools *devtools, int in, int out)
{
    *devtools = (struct devtools){
        .in = in,
        .out = out,
        .inbox = BUF_INIT(DEVTOOLS_MESSAGE_MAX),
        .outbox = BUF_INIT(DEVTOOLS_MESSAGE_MAX),
    };
    set_nonblocking(in);
    set_nonblocking(out);
}

void devtools_done(struct devtools *devtools)
{
    if (!devtools->inbox.max)
        return;
    while (devtools->waiting)
        devtools_forget(devtools, devtools->waiting);
    close(devtools->in);
    close(devtools->out);
    buf_done(&devtools->inbox);
    buf_done(&devtools->outbox);
    *devtools = (struct devtools){.in = -1, .out = -1};
}

void devtools_listen(struct devtools *devtools, devtools_listener *listener, void *arg)
{
    devtools->listener = listener;
    devtools->listener_arg = arg;
}

bool devtools_call(struct devtools *devtools, const char *session, const char *method,
                   json_t *params, int64_t deadline, json_t **result, struct error *err)
{
    struct devtools_reply reply = {0};
    bool good = false;

    devtools_start(devtools, &reply, session, method, params);
    switch (devtools_wait(devtools, is_done, &reply, deadline, err)) {
    case DEVTOOLS_FAILED:
        break;
    case DEVTOOLS_LATE:
        error_set(err, ERROR_PORTAL, "the browser did not answer %s in time", method);
        break;
    case DEVTOOLS_MET:
        good = reply.result != NULL;
        if (!good)
            error_set(err, ERROR_PORTAL, "the browser refused %s: %s", method, reply.refusal);
        else if (result)
            *result = json_incref(reply.result);
        break;
    }
    devtools_forget(devtools, &reply);
    return good;
}

void devtools_start(struct devtools *devtools, struct devtools_reply *reply, const char *session,
                    const char *method, json_t *params)
{
    *reply = (struct devtools_reply){.next = devtools->waiting};
    devtools->waiting = reply;
    reply->id = send_message(devtools, session, method, params);
    log_debug("browser.call", log_text("method", method), log_int("id", reply->id));
}

void devtools_forget(struct devtools *devtools, struct devtools_reply *reply)
{
    for (struct devtools_reply **at = &devtools->waiting; *at; at = &(*at)->next) {
        if (*at == reply) {
            *at = reply->next;
            break;
        }
    }
    json_decref(reply->result);
    free(reply->refusal);
    *reply = (struct devtools_reply){0};
}

void devtools_send(struct devtools *devtools, const char *session, const char *method,
                   json_t *params)
{
    send_message(devtools, session, method, params);
}

enum devtools_outcome devtools_wait(struct devtools *devtools, devtools_condition *until, void *arg,
                                    int64_t deadline, struct error *err)
{
    assert(!devtools->listening); /* the listener must not wait */
    for (;;) {
        if (until(arg))
            return DEVTOOLS_MET;
        if (!stop_check(err))
            return DEVTOOLS_FAILED;
        if (devtools->broken.kind) {
            *err = devtools->broken;
            return DEVTOOLS_FAILED;
        }
        int64_t left = deadline - clock_ms();
        if (left <= 0)
            return DEVTOOLS_LATE;
        poll_once(devtools, left);
    }
}

const char *devtools_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}
