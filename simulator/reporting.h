/*
 * Answers the report form: by a file, a queued job, a message, or a fault.
 */
#ifndef SIMULATOR_REPORTING_H
#define SIMULATOR_REPORTING_H

#include "simulator/portal.h"

/*
 * Each handles a route of the portal, under its lock and with a session that is logged in. Files
 * are made and waited for without the lock.
 */
void reporting_form(struct sim_portal *portal, const struct sim_request *request,
                    struct sim_session *session, struct sim_answer *answer);
void reporting_status(struct sim_portal *portal, const struct sim_request *request,
                      struct sim_session *session, struct sim_answer *answer);
void reporting_file(struct sim_portal *portal, const struct sim_request *request,
                    struct sim_session *session, struct sim_answer *answer);

#endif
