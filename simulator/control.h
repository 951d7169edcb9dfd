/*
 * What tests may do to a running portal, without a session. Every answer is the state as JSON:
 * {"generation": 0, "exports": 0, "logins": 0, "failed_logins": 0, "sessions": 0, "delay_ms": 0}
 *
 *   GET  /_sim/state
 *   POST /_sim/generation?n=K      the audit generation from now on
 *   POST /_sim/delay?ms=N          every export waits that long
 *   POST /_sim/sessions/expire     drops all sessions
 */
#ifndef SIMULATOR_CONTROL_H
#define SIMULATOR_CONTROL_H

#include "simulator/portal.h"

/* Answers a request below /_sim/. */
void sim_control_handle(struct sim_portal *portal, const struct sim_request *request,
                        struct sim_answer *answer);

#endif
