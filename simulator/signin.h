/*
 * Handles login and logout.
 */
#ifndef SIMULATOR_SIGNIN_H
#define SIMULATOR_SIGNIN_H

#include "simulator/portal.h"

/* Each handles a route of the portal, under its lock. For the login `session` may be NULL. */
void signin_enter(struct sim_portal *portal, const struct sim_request *request,
                  struct sim_session *session, struct sim_answer *answer);
void signin_leave(struct sim_portal *portal, const struct sim_request *request,
                  struct sim_session *session, struct sim_answer *answer);

/* Returns a number for a User-Agent; 0 for none. */
uint64_t signin_agent(const char *agent);

#endif
