/*
 * Answers the endpoints by which tests change a running portal, without a session. Every answer is
 * the state as JSON.
 *
 *   GET  /_sim/state
 *   POST /_sim/generation?n=K          sets the audit generation
 *   POST /_sim/delay?ms=N              every export waits that long
 *   POST /_sim/variant?NAME=VALUE&…    changes how the portal is built; names of variant.h
 *   POST /_sim/fault?spec=SPEC         adds a fault; fault_spec.h says how it is written
 *   POST /_sim/fault/clear             removes all faults
 *   POST /_sim/sessions/expire         drops all sessions
 *
 * {"generation": 0, "exports": 0, "logins": 0, "failed_logins": 0, "sessions": 0, "delay_ms": 0,
 *  "login_attempts": 0, "running": 0, "running_max": 0, "variant": {"export": "form", …},
 *  "faults": [{"spec": "cut@1", "seen": 0, "applied": 0}],
 *  "asked": [{"n": 1, "report": "general", "from": "2026-08-25", "to": "2026-09-24", "session": 1,
 *             "status": 200, "fault": "", "done": true}]}
 *
 * exports: how many were asked for; "asked" has their details (journal.h). sessions: how many are
 * logged in. running: exports that are not completely sent; running_max: the most at one time.
 */
#ifndef SIMULATOR_CONTROL_H
#define SIMULATOR_CONTROL_H

#include "simulator/portal.h"

/* Answers a request below /_sim/. */
void sim_control_handle(struct sim_portal *portal, const struct sim_request *request,
                        struct sim_answer *answer);

#endif
