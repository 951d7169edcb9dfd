/*
 * Control of a simulator that runs as another process.
 */
#ifndef TESTS_SUPPORT_SIM_REMOTE_H
#define TESTS_SUPPORT_SIM_REMOTE_H

#include <stdint.h>

/* POSTs /_sim/… to the simulator at `url`. A failure ends the test. */
void sim_remote_tell(const char *url, const char *path_and_query);

/* Returns a number of the simulator's state, such as "logins". */
int64_t sim_remote_count(const char *url, const char *name);

#endif
