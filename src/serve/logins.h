/*
 * Who is logged in, and how often an address has failed to. Sessions are kept in memory, so a
 * restart logs everybody out. Several threads may use one; times are of clock_ms.
 */
#ifndef SERVE_LOGINS_H
#define SERVE_LOGINS_H

#include <stdbool.h>
#include <stdint.h>

enum {
    SESSION_KEY_SIZE = 32,   /* bytes of what is kept of a session: the SHA-256 of its token */
    SESSION_TOKEN_SIZE = 65, /* 64 digits and a NUL */
    SESSION_SECONDS = 12 * 60 * 60,
    SESSIONS_MAX = 256, /* with more, the oldest ends */
    LOGIN_FAILURES_MAX = 5,
    LOGIN_PERIOD_SECONDS = 60,
};

struct logins;

struct logins *logins_new(void);
void logins_free(struct logins *logins); /* accepts NULL */

/* Begins a session and writes its token. False if the system has no random bytes. */
bool logins_begin(struct logins *logins, int64_t now, char token[SESSION_TOKEN_SIZE]);
/* Whether the token (may be NULL) is of a session that has not ended; writes its key. */
bool logins_find(struct logins *logins, const char *token, int64_t now,
                 unsigned char key[SESSION_KEY_SIZE]);
void logins_end(struct logins *logins, const char *token);

/* Notes that a client tries to log in, before its password is looked at, so that tries at the same
 * time count too. Returns 0, or after how many seconds it may try again, if it has failed
 * LOGIN_FAILURES_MAX times within LOGIN_PERIOD_SECONDS. */
int logins_try(struct logins *logins, const char *client, int64_t now);
/* Forgets the failures of a client that has logged in. */
void logins_forgive(struct logins *logins, const char *client);

#endif
