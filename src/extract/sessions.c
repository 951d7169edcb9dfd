/* SPDX-License-Identifier: MIT */
/* Counts first logins and tells evicted sessions from expired ones. */
#include "extract/sessions.h"

#include "base/mem.h"

#include <pthread.h>
#include <stdlib.h>

struct sessions {
    pthread_mutex_t login_lock; /* held through a first login */
    struct error refusal;       /* protected by login_lock; kind 0: none */

    pthread_mutex_t lock; /* protects the members below */
    unsigned logins;      /* first logins that have begun */
    unsigned ended;       /* first logins that are over */
    unsigned open;        /* sessions at work */
};

struct sessions *sessions_new(void)
{
    struct sessions *all = mem_alloc(sizeof(*all));

    *all = (struct sessions){.login_lock = PTHREAD_MUTEX_INITIALIZER,
                             .lock = PTHREAD_MUTEX_INITIALIZER};
    return all;
}

void sessions_free(struct sessions *all)
{
    if (!all)
        return;
    pthread_mutex_destroy(&all->login_lock);
    pthread_mutex_destroy(&all->lock);
    free(all);
}

/* Counts the login from its beginning, because the portal may end another session before this one
 * is told that it is logged in. */
bool sessions_begin_login(struct sessions *all, struct error *err)
{
    pthread_mutex_lock(&all->login_lock);
    if (all->refusal.kind != ERROR_NONE) {
        *err = all->refusal;
        pthread_mutex_unlock(&all->login_lock);
        return false;
    }
    pthread_mutex_lock(&all->lock);
    all->logins++;
    pthread_mutex_unlock(&all->lock);
    return true;
}

void sessions_end_login(struct sessions *all, struct session *session, const struct error *refusal)
{
    pthread_mutex_lock(&all->lock);
    all->ended++;
    if (!refusal) {
        all->open++;
        *session = (struct session){.open = true, .last_seen_login = all->logins};
    } else if (refusal->kind == ERROR_LOGIN) {
        all->refusal = *refusal;
    }
    pthread_mutex_unlock(&all->lock);
    pthread_mutex_unlock(&all->login_lock);
}

void sessions_begin_export(struct sessions *all, struct session *session)
{
    pthread_mutex_lock(&all->lock);
    session->begun = all->ended;
    pthread_mutex_unlock(&all->lock);
}

void sessions_export_worked(struct session *session)
{
    session->last_seen_login = session->begun;
}

/* Takes login_lock, and so waits for a first login that is under way, because that may have ended
 * this session. */
bool sessions_is_evicted(struct sessions *all, struct session *session)
{
    pthread_mutex_lock(&all->login_lock);
    pthread_mutex_lock(&all->lock);
    session->evicted = session->open && session->last_seen_login < all->logins && all->open > 1;
    if (session->evicted) {
        session->open = false;
        all->open--;
    }
    session->last_seen_login = all->logins; /* if it is begun anew, it is the youngest session */
    pthread_mutex_unlock(&all->lock);
    pthread_mutex_unlock(&all->login_lock);
    return session->evicted;
}

void sessions_refuse(struct sessions *all, struct session *session, const struct error *refusal)
{
    if (!session->open)
        return;
    pthread_mutex_lock(&all->login_lock);
    all->refusal = *refusal;
    pthread_mutex_unlock(&all->login_lock);
    sessions_leave(all, session);
}

void sessions_leave(struct sessions *all, struct session *session)
{
    pthread_mutex_lock(&all->lock);
    all->open -= session->open;
    session->open = false;
    pthread_mutex_unlock(&all->lock);
}
