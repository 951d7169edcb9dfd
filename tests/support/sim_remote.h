/*
 * Talking to a simulator that runs as a process of its own, about itself.
 */
#ifndef TESTS_SUPPORT_SIM_REMOTE_H
#define TESTS_SUPPORT_SIM_REMOTE_H

#include <stdint.h>

/* POSTs /_sim/… to the simulator at `url`; what cannot be done ends the test. */
void sim_remote_tell(const char *url, const char *path_and_query);

/* A number of its state, such as "logins". */
int64_t sim_remote_count(const char *url, const char *name);

#endif
