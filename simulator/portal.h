/*
 * The portal as the world sees it: login, menu, report form, export, and the tests' control
 * endpoints.
 *
 *   /sigos/                home, or a redirect to the login form without a session
 *   /sigos/login.php       GET the form, POST usuario, senha, csrf_token
 *   /sigos/sair.php        ends the session
 *   /sigos/relatorios.php  GET the form, POST it: the CSV, or the form again with a message
 *   /sigos/dist/…          style sheet and script
 *   /_sim/…                control.h
 */
#ifndef SIMULATOR_PORTAL_H
#define SIMULATOR_PORTAL_H

#include "simulator/fault.h"
#include "simulator/history.h"
#include "simulator/message.h"
#include "simulator/session.h"

struct sim_portal_counts {
    uint64_t exports; /* CSV files sent */
    uint64_t logins;
    uint64_t failed_logins;
};

struct sim_portal {
    const char *user, *password; /* borrowed */
    struct fault fault;          /* locks for itself */
    pthread_mutex_t lock;        /* of everything below */
    struct history history;
    struct sim_session_table sessions;
    struct sim_portal_counts counts;
};

void sim_portal_init(struct sim_portal *portal, const struct history *history, const char *user,
                     const char *password, uint32_t delay_ms);
void sim_portal_done(struct sim_portal *portal);

/* Answers a request; any number of threads at a time. `answer` is a zeroed one, the caller's to
 * end. */
void sim_portal_handle(struct sim_portal *portal, const struct sim_request *request,
                       struct sim_answer *answer);

#endif
