/*
 * The one way to fail: a function returns false and fills the caller's `struct error`.
 *
 * The lowest function that knows what went wrong calls error_set; every layer above that knows
 * something new prepends it with error_context, so that a person reads "report: window: what: why".
 * Only the top (run/, cli/) logs or prints. `kind` decides policy in one place: whether the other
 * windows go on, and the exit code (run/exit_code.c); the other members say what may help: the same
 * thing once more (`transient`), after a while (`retry_after_s`), or less at once (`divisible`).
 * Outputs of a failed function are untouched.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

enum error_kind {
    ERROR_NONE = 0,
    ERROR_CONFIG,   /* the command line, the environment or the profile; found before anything is
                       opened */
    ERROR_LOGIN,    /* the portal refused the credentials, in its own words */
    ERROR_PORTAL,   /* the portal did not answer, or not as the profile says it does */
    ERROR_DATA,     /* a file or a window is not what it claims to be; the table stays as it was */
    ERROR_HELD,     /* the guard held a window back; a person may let it through */
    ERROR_LOCKED,   /* another run holds the lease */
    ERROR_DATABASE, /* the destination failed */
    ERROR_SYSTEM,   /* this machine failed: files, processes, limits */
    ERROR_STOPPED,  /* a signal asked us to stop */
};

struct error {
    enum error_kind kind;
    bool transient; /* the same thing, tried again a little later, may well work */
    bool
        divisible; /* if not (any more): the same thing in smaller parts may, as a shorter window */
    int retry_after_s; /* the other side asked to be left alone for so long; 0: it did not say */
    char message[1024];
};

/* Fills err and returns false, so that callers may write `return error_set(...)`. Cuts long
 * messages. */
bool error_set(struct error *err, enum error_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Like error_set with ": " and the text of errno appended. */
bool error_set_errno(struct error *err, enum error_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Prepends "context: " to an error that is already set; returns false. */
bool error_context(struct error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Appends to the message of an error that is already set; returns false. What does not fit is cut,
 * so that what was said first stays. */
bool error_append(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Mark an error that is already set; return false. */
bool error_mark_transient(struct error *err);
bool error_mark_divisible(struct error *err);

/* What they return is always false. The analyzer of `make lint` sees one file at a time and would
 * follow a failure into what only a success comes to. */
#if defined(__clang_analyzer__) && !defined(BASE_ERROR_DEFINE)
#define error_set(...) ((void)error_set(__VA_ARGS__), false)
#define error_set_errno(...) ((void)error_set_errno(__VA_ARGS__), false)
#define error_context(...) ((void)error_context(__VA_ARGS__), false)
#define error_append(...) ((void)error_append(__VA_ARGS__), false)
#define error_mark_transient(err) ((void)error_mark_transient(err), false)
#define error_mark_divisible(err) ((void)error_mark_divisible(err), false)
#endif

/* The lower-case word for a kind, as logs and the ledger show it. */
const char *error_kind_name(enum error_kind kind);

#endif
