/*
 * Coordinates several sessions of one user: does the portal allow them at the same time?
 *
 * A portal may end a user's session when the same user logs in once more. Then all but the last of
 * several sessions are lost, and beginning a lost one anew would only end another. A session may
 * also have expired, and then it is begun anew. What a session has done tells which of the two it
 * is: if an export that began after the first logins of all sessions has worked in it, the portal
 * allows the sessions, so a session that ends has expired. If not, it was evicted, and its thread
 * leaves the work to the others. One session always stays. So as many sessions remain as the portal
 * allows, and nobody has to configure how many these are.
 *
 * First logins happen one after the other, between sessions_begin_login and sessions_end_login.
 * After one that the portal refused, no other is tried. All functions may be called by any thread.
 */
#ifndef EXTRACT_SESSIONS_H
#define EXTRACT_SESSIONS_H

#include "base/error.h"

#include <stdbool.h>

struct sessions;

/* Returns the state that all sessions share, owned by the caller. It is freed after the last
 * session has left. */
struct sessions *sessions_new(void);
void sessions_free(struct sessions *sessions); /* accepts NULL */

/* One session, used by one thread. Zero is valid: not logged in yet. */
struct session {
    bool open, evicted;
    /* Number of first logins that were over when it logged in, or when its last export that worked
     * began: none of them has ended this session. */
    unsigned last_seen_login;
    unsigned begun; /* number of first logins that were over when its present export began */
};

/* Begins a first login. Until sessions_end_login no other session logs in for the first time. Fails
 * with the earlier error if the portal has refused a session; then sessions_end_login must not be
 * called. */
bool sessions_begin_login(struct sessions *all, struct error *err);
/* Ends a first login, whatever came of it. `refusal` is its error; NULL: it succeeded. */
void sessions_end_login(struct sessions *all, struct session *session, const struct error *refusal);

/* Notes that an export begins in the session. */
void sessions_begin_export(struct sessions *all, struct session *session);
/* Notes that the export that began last has worked. */
void sessions_export_worked(struct session *session);

/* Decides what to do with a session to which the portal shows its login page. True: it was
 * evicted and has left the work. False: it is to be begun anew. Waits for a first login that is
 * under way. */
bool sessions_is_evicted(struct sessions *all, struct session *session);

/* Notes that the portal refused to begin a session anew: it leaves the work, and no further first
 * login is tried. After a refused first login sessions_end_login does this. */
void sessions_refuse(struct sessions *all, struct session *session, const struct error *refusal);

/* Takes the session out of the work; does nothing if it is out already. */
void sessions_leave(struct sessions *all, struct session *session);

#endif
