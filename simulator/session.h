/*
 * Keeps sessions on the server, as PHP does: the cookie holds an id, and everything else is here.
 *
 * A session begins with the login form (it has the form's token) and may then be logged in. The
 * table is small and fixed: a new session takes the place of the one that was used least recently.
 * The caller locks.
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
    char nonce[SESSION_ID_SIZE]; /* of the last login form */
    uint64_t serial; /* its number; kept when the session is renamed, and never used again */
    bool logged_in;
    bool busy; /* one of its requests is being answered, and others wait (variant lock-session) */
    bool noticed;    /* the notice was clicked away (variant notice) */
    uint64_t agent;  /* signin_agent of the User-Agent that logged in */
    uint32_t begun;  /* number of exports that have begun */
    int64_t used_ns; /* when its last request came or was answered, sim_clock_ns() */
    uint64_t used;
};

struct sim_session_table {
    struct sim_session sessions[SESSION_MAX];
    uint64_t clock;  /* counts uses of sessions */
    uint64_t serial; /* the last serial that was given */
};

/* Returns the session of an id, which may be NULL; NULL: there is none. */
struct sim_session *sim_session_find(struct sim_session_table *table, const char *id);
/* Returns the session of a serial; NULL: it is gone. */
struct sim_session *sim_session_of(struct sim_session_table *table, uint64_t serial);
struct sim_session *sim_session_new(struct sim_session_table *table);
/* Gives the session a new id and token, so that nobody can choose them before a login. */
void sim_session_rename(struct sim_session *session);
void sim_session_draw_nonce(struct sim_session *session);
void sim_session_drop(struct sim_session *session);
/* Drops all sessions but `kept`; NULL: all. */
void sim_session_drop_others(struct sim_session_table *table, const struct sim_session *kept);
/* Returns the number of sessions that are logged in. */
size_t sim_session_count(const struct sim_session_table *table);

/* Whether `token` is the session's; NULL is not. Compares in constant time. */
bool sim_session_token_matches(const struct sim_session *session, const char *token);

#endif
