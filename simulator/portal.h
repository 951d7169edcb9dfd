/*
 * Answers requests as the portal does: login, menu, report form, export; and the control endpoints
 * of the tests.
 *
 *   /sigos/                        home, or a redirect to the login form without a session
 *   /sigos/login.php               GET the form, POST usuario, senha, csrf_token
 *   /sigos/sair.php                ends the session
 *   /sigos/aviso.php               the notice of variant `notice`, and the post that ends it
 *   /sigos/relatorios.php          GET the form, POST it: the CSV, or the form with a message
 *   /sigos/relatorios_status.php   whether a queued export is ready, as JSON
 *   /sigos/relatorios_arquivo.php  the file of a queued export
 *   /sigos/dist/…                  style sheet and scripts
 *   /_sim/…                        control.h
 */
#ifndef SIMULATOR_PORTAL_H
#define SIMULATOR_PORTAL_H

#include "simulator/fault.h"
#include "simulator/history.h"
#include "simulator/job.h"
#include "simulator/journal.h"
#include "simulator/message.h"
#include "simulator/pause.h"
#include "simulator/session.h"
#include "simulator/variant.h"

#include <pthread.h>

struct sim_portal_counts {
    uint64_t attempts; /* logins that were tried, with the right token */
    uint64_t logins;
    uint64_t failed_logins; /* logins that were refused: wrong password, blocked account */
};

struct sim_portal {
    const char *user, *password; /* borrowed */
    struct pause pause;          /* for all waits without the lock */
    pthread_mutex_t lock;        /* protects all members below */
    pthread_cond_t
        released; /* a session is not busy any more, an export began, or the portal stops */
    bool stopping;
    struct history history;
    struct variant variant;
    struct fault_table faults;
    struct sim_session_table sessions;
    struct journal journal;
    struct job_table jobs;
    struct sim_portal_counts counts;
};

/* Makes a portal without variants and faults; the caller may set them before the first request.
 * `user` and `password` are borrowed. */
void sim_portal_init(struct sim_portal *portal, const struct history *history, const char *user,
                     const char *password);
void sim_portal_done(struct sim_portal *portal);

/* Answers a request. `answer` must be zeroed, and the caller ends it. May wait for a file, or for
 * another request of the session. May be called by any number of threads. */
void sim_portal_handle(struct sim_portal *portal, const struct sim_request *request,
                       struct sim_answer *answer);

/* Releases what an answer holds. Must be called when the answer has been sent, or its client has
 * gone. */
void sim_portal_finish(struct sim_portal *portal, const struct sim_hold *hold);

void sim_portal_stop(struct sim_portal *portal); /* ends every wait, now and later */

#endif
