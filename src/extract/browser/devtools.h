/*
 * The browser's DevTools protocol over two pipes: JSON messages, each ended by a NUL.
 *
 * One thread, one conversation. Nothing is read outside devtools_wait and devtools_call; while they
 * wait, every event goes to the one listener, which may start and send calls but must not wait.
 * Both end at once when stop.h says so. After the first failure of the pipe (the browser died, a
 * message that is no JSON or larger than DEVTOOLS_MESSAGE_MAX) every further wait reports that same
 * failure, ERROR_SYSTEM. SIGPIPE must be ignored (stop_install does it).
 */
#ifndef EXTRACT_BROWSER_DEVTOOLS_H
#define EXTRACT_BROWSER_DEVTOOLS_H

#include "base/buf.h"
#include "base/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DEVTOOLS_MESSAGE_MAX ((size_t)64 << 20)

/* What came of one call. Zero is valid: nothing under way. */
struct devtools_reply {
    int id;
    bool done;
    json_t *result; /* owned; NULL if the browser refused */
    char *refusal;  /* owned; the browser's words */
    struct devtools_reply *next;
};

/* `session` is NULL for events of the browser itself. All arguments live until the return. */
typedef void devtools_listener(void *arg, const char *session, const char *method, json_t *params);
typedef bool devtools_condition(void *arg);

struct devtools {
    int in, out; /* owned; -1 when closed */
    struct buf inbox, outbox;
    size_t searched; /* bytes of the inbox known to hold no NUL */
    int last_id;
    struct devtools_reply *waiting;
    devtools_listener *listener;
    void *listener_arg;
    bool listening; /* inside the listener */
    struct error broken;
};

enum devtools_outcome {
    DEVTOOLS_MET,
    DEVTOOLS_LATE,   /* the deadline passed; err untouched */
    DEVTOOLS_FAILED, /* err is set */
};

/* Takes both descriptors; the struct must not move until devtools_done. */
void devtools_init(struct devtools *devtools, int in, int out);
void devtools_done(struct devtools *devtools); /* accepts a zeroed one */
void devtools_listen(struct devtools *devtools, devtools_listener *listener, void *arg);

/* Calls `method` and waits. Takes params, which may be NULL. *result is owned by the caller;
 * `result` itself may be NULL. Deadlines are instants of clock_ms(). Fails with ERROR_PORTAL when
 * the browser refuses or is late. Only for calls that can be blamed on nobody but the browser. */
bool devtools_call(struct devtools *devtools, const char *session, const char *method,
                   json_t *params, int64_t deadline, json_t **result, struct error *err);

/* Sends a call whose answer fills `reply` later; until it is done or forgotten `reply` must not
 * move. */
void devtools_start(struct devtools *devtools, struct devtools_reply *reply, const char *session,
                    const char *method, json_t *params);
void devtools_forget(struct devtools *devtools,
                     struct devtools_reply *reply); /* leaves it zeroed */

/* Sends a call whose answer interests nobody. */
void devtools_send(struct devtools *devtools, const char *session, const char *method,
                   json_t *params);

/* Takes in messages until `until(arg)` is true; it is asked first of all, and after each reading.
 */
enum devtools_outcome devtools_wait(struct devtools *devtools, devtools_condition *until, void *arg,
                                    int64_t deadline, struct error *err);

/* The text under a key of an event or a result; empty if there is none. Borrowed. */
const char *devtools_text(const json_t *object, const char *key);

#endif
