/*
 * Speaks the browser's DevTools protocol over two pipes: JSON messages, each ended by a NUL.
 *
 * One thread uses it. Messages are read only inside devtools_wait and devtools_call. While these
 * wait, every event goes to the one listener, which may start and send calls but must not wait. A
 * stop signal (base/stop.h) ends both waits at once. After the first failure of the pipe (the
 * browser died, a message is no JSON object or larger than DEVTOOLS_MESSAGE_MAX) every further wait
 * fails with the same ERROR_SYSTEM. SIGPIPE must be ignored (stop_install does it).
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

/* The answer to one call. Zero is valid: no call is under way. */
struct devtools_reply {
    int id;
    bool done;
    json_t *result; /* owned; NULL if the browser refused */
    char *refusal;  /* owned; why the browser refused, in its words; else NULL */
    struct devtools_reply *next;
};

/* Receives one event. `session` is NULL for events of the browser itself. The arguments are valid
 * until the listener returns. */
typedef void devtools_listener(void *arg, const char *session, const char *method, json_t *params);
typedef bool devtools_condition(void *arg);

struct devtools {
    int in, out; /* owned; -1 when closed */
    struct buf inbox, outbox;
    size_t searched; /* bytes of the inbox that hold no NUL */
    int last_id;
    struct devtools_reply *waiting;
    devtools_listener *listener;
    void *listener_arg;
    bool listening; /* the listener is running */
    struct error broken;
};

/* How a wait ended. */
enum devtools_outcome {
    DEVTOOLS_MET,    /* the condition became true */
    DEVTOOLS_LATE,   /* the deadline passed; err is untouched */
    DEVTOOLS_FAILED, /* err is set */
};

/* Takes both descriptors, to read from and to write to. The struct must not move until
 * devtools_done. */
void devtools_init(struct devtools *devtools, int in, int out);
void devtools_done(struct devtools *devtools); /* accepts a zeroed one */
void devtools_listen(struct devtools *devtools, devtools_listener *listener, void *arg);

/* Calls `method` and waits for the answer. Takes `params`, which may be NULL. *result is owned by
 * the caller; `result` itself may be NULL. The deadline is an instant of clock_ms(). Fails with
 * ERROR_PORTAL if the browser refuses or is late, else as devtools_wait. A call that may also fail
 * because of the portal, such as a navigation, goes through devtools_start. */
bool devtools_call(struct devtools *devtools, const char *session, const char *method,
                   json_t *params, int64_t deadline, json_t **result, struct error *err);

/* Sends a call and takes `params`. The answer fills `reply` later, inside a wait. Until it is done
 * or forgotten, `reply` must not move. */
void devtools_start(struct devtools *devtools, struct devtools_reply *reply, const char *session,
                    const char *method, json_t *params);
/* Frees what came and ignores what has not come yet; leaves `reply` zeroed. */
void devtools_forget(struct devtools *devtools, struct devtools_reply *reply);

/* Sends a call whose answer is ignored. Takes `params`. */
void devtools_send(struct devtools *devtools, const char *session, const char *method,
                   json_t *params);

/* Reads messages until `until(arg)` is true. It is asked before the first reading and after each
 * one. Fails with ERROR_STOPPED, or with ERROR_SYSTEM (transient) once the pipe has failed. */
enum devtools_outcome devtools_wait(struct devtools *devtools, devtools_condition *until, void *arg,
                                    int64_t deadline, struct error *err);

/* Returns the text under a key of an event or a result, borrowed; "" if there is none. */
const char *devtools_text(const json_t *object, const char *key);

#endif
