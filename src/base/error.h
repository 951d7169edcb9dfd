/*
 * The one way to report a failure: a function returns false and fills the caller's `struct error`.
 *
 * The lowest function that knows what went wrong calls error_set. Each caller that knows more
 * prepends it with error_context, so that a person reads "report: window: what: why". It is
 * logged or printed once, above all that may add to it. `kind` decides whether the other windows go
 * on, and the exit code (run/exit_code.c). The other members say what may help: the same call once
 * more (`transient`), after a while (`retry_after_s`), or with less at once (`divisible`). A
 * function that fails leaves its outputs untouched.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

enum error_kind {
    ERROR_NONE = 0,
    /* The command line, the environment or the profile is wrong; found before anything is
     * opened. */
    ERROR_CONFIG,
    ERROR_LOGIN,    /* the portal refused the credentials, in its own words */
    ERROR_PORTAL,   /* the portal did not answer, or not as the profile says it does */
    ERROR_DATA,     /* a file or a window is not what it claims to be; the table stays as it was */
    ERROR_HELD,     /* the guard held a window back; a person may let it through */
    ERROR_LOCKED,   /* another run holds the lease */
    ERROR_DATABASE, /* the destination failed */
    ERROR_SYSTEM,   /* this machine failed: files, processes, limits */
    ERROR_STOPPED,  /* a signal asked the process to stop */
};

struct error {
    enum error_kind kind;
    bool transient; /* the same call may succeed a little later */
    /* If trying again does not help: the same work in smaller parts may succeed, as a shorter
     * window. */
    bool divisible;
    int retry_after_s; /* seconds that the server asked to wait; 0: it did not say */
    char message[1024];
};

/* Fills err and returns false, so that callers may write `return error_set(...)`. Long messages are
 * cut. */
bool error_set(struct error *err, enum error_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Does what error_set does, with ": " and the text of errno appended. */
bool error_set_errno(struct error *err, enum error_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Prepends "context: " to an error that is already set; returns false. */
bool error_context(struct error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Appends to the message of an error that is already set; returns false. Text that does not fit is
 * cut off, so that the earlier text stays. */
bool error_append(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Mark an error that is already set; return false. */
bool error_mark_transient(struct error *err);
bool error_mark_divisible(struct error *err);

/* These functions always return false. The analyzer of `make lint` reads one file at a time and
 * does not know that; without the macros it would go on after a failure as after a success. */
#if defined(__clang_analyzer__) && !defined(BASE_ERROR_DEFINE)
#define error_set(...) ((void)error_set(__VA_ARGS__), false)
#define error_set_errno(...) ((void)error_set_errno(__VA_ARGS__), false)
#define error_context(...) ((void)error_context(__VA_ARGS__), false)
#define error_append(...) ((void)error_append(__VA_ARGS__), false)
#define error_mark_transient(err) ((void)error_mark_transient(err), false)
#define error_mark_divisible(err) ((void)error_mark_divisible(err), false)
#endif

/* Returns the lower-case word for a kind, as logs and the ledger show it; static. */
const char *error_kind_name(enum error_kind kind);

#endif
