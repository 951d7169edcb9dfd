/*
 * Several sessions of one user, side by side: whether the portal lets them be.
 *
 * A portal may end a user's session when the same user logs in once more. Then all but the last of
 * several sessions are lost, and beginning a lost one anew would only end another. A session may
 * also have ended because its time was over, and then it is begun anew. The two are told apart by
 * what a session has last_seen_login: if an export that began after everybody's first login has
 * worked in it, the portal minds nobody, and a session that ends has expired; if not, it was
 * evicted, and who had it leaves the work to the others. One always stays. So as many sessions
 * remain as the portal allows, without a word about how many these are.
 *
 * First logins happen one after the other, in the order of sessions_begin_login; after one that
 * the portal refused, no other is tried.
 */
#ifndef EXTRACT_SESSIONS_H
#define EXTRACT_SESSIONS_H

#include "base/error.h"

#include <stdbool.h>

struct sessions;

/* Shared by all members and freed after the last has left. */
struct sessions *sessions_new(void);
void sessions_free(struct sessions *sessions); /* accepts NULL */

/* One of them, used by one thread. Zero is valid: not logged in yet. */
struct session {
    bool open, evicted;
    unsigned last_seen_login; /* first logins after which an export has worked in it */
    unsigned begun;           /* first logins that were over when the export in work began */
};

/* Around a first login, whatever becomes of it. Between the two calls nobody else logs in for the
 * first time. False, with the reason, if the portal has refused somebody's already; then nothing is
 * begun. */
bool sessions_begin_login(struct sessions *all, struct error *err);
void sessions_end_login(struct sessions *all, struct session *session, const struct error *refusal);

void sessions_begin_export(struct sessions *all, struct session *session);
void sessions_export_worked(struct session *session);

/* The portal shows its login page. True: the session was evicted, and is out of the work. False:
 * it is to be begun anew. Waits for a first login that is going on. */
bool sessions_is_evicted(struct sessions *all, struct session *session);

/* A session that had ended was to be begun anew, and the portal refused that: it is out of the
 * work, and no further first login is tried. Of a first login sessions_end_login tells. */
void sessions_refuse(struct sessions *all, struct session *session, const struct error *refusal);

void sessions_leave(struct sessions *all, struct session *session);

#endif
