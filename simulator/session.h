/*
 * Server-side sessions, as PHP keeps them: an id in a cookie, everything else here.
 *
 * A session begins with the login form (it carries the form's token) and may then be logged in. The
 * table is small and fixed: a new session takes the place of the one idle for longest. The caller
 * locks.
 */
#ifndef SIMULATOR_SESSION_H
#define SIMULATOR_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SESSION_MAX = 512, SESSION_ID_SIZE = 33 }; /* 128 random bits in hexadecimal, and NUL */

struct sim_session {
    char id[SESSION_ID_SIZE]; /* empty: the place is free */
    char token[SESSION_ID_SIZE];
    char nonce[SESSION_ID_SIZE]; /* of the login form shown last */
    uint64_t serial;             /* its number; stays when it is renamed, and is never used again */
    bool logged_in;
    bool busy;       /* a request of it is being served, and others wait (variant lock-session) */
    bool noticed;    /* the notice was clicked away (variant notice) */
    uint64_t agent;  /* fingerprint of the User-Agent that logged in */
    uint32_t begun;  /* exports */
    int64_t used_ns; /* when a request came last */
    uint64_t used;
};

struct sim_session_table {
    struct sim_session sessions[SESSION_MAX];
    uint64_t clock;  /* counts uses */
    uint64_t serial; /* the last one given */
};

struct sim_session *sim_session_find(struct sim_session_table *table,
                                     const char *id); /* NULL; id may be NULL */
struct sim_session *sim_session_of(struct sim_session_table *table,
                                   uint64_t serial); /* NULL: it is gone */
struct sim_session *sim_session_new(struct sim_session_table *table);
void sim_session_rename(
    struct sim_session *session); /* a new id and token: nobody may fix one before login */
void sim_session_draw_nonce(struct sim_session *session);
void sim_session_drop(struct sim_session *session);
/* All but one; NULL: all. */
void sim_session_drop_others(struct sim_session_table *table, const struct sim_session *kept);
size_t sim_session_count(const struct sim_session_table *table); /* logged in */

/* Whether `token` is the session's, compared in constant time; NULL is not. */
bool sim_session_token_matches(const struct sim_session *session, const char *token);

#endif
