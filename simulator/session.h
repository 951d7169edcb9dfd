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
    bool logged_in;
    uint64_t used;
};

struct sim_session_table {
    struct sim_session sessions[SESSION_MAX];
    uint64_t clock; /* counts uses */
};

struct sim_session *sim_session_find(struct sim_session_table *table,
                                     const char *id); /* NULL; id may be NULL */
struct sim_session *sim_session_new(struct sim_session_table *table);
void sim_session_rename(
    struct sim_session *session); /* a new id and token: nobody may fix one before login */
void sim_session_drop(struct sim_session *session);
void sim_session_drop_all(struct sim_session_table *table);
size_t sim_session_count(const struct sim_session_table *table); /* logged in */

/* Whether `token` is the session's, compared in constant time; NULL is not. */
bool sim_session_token_matches(const struct sim_session *session, const char *token);

#endif
