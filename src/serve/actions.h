/*
 * What people may do besides looking, if the server was started so: start a cycle, and let a window
 * through that the guard held.
 */
#ifndef SERVE_ACTIONS_H
#define SERVE_ACTIONS_H

#include "serve/visit.h"

/* Whether the address is one of these, and switched on. */
bool actions_has(const struct serve_options *options, const char *path);

/* Answers a POST to one. The request comes from a page of this server (Origin) and its form has the
 * token for this address. Redirects to /pipeline; 409 if a run is going on. */
void actions_answer(const struct visit *visit, struct reply *out);

/* Finds in the reason of a held window how many rows would go or change if it were let through
 * (pure). False if the reason has no such number; such a window is let through on the command line
 * only. */
bool actions_rows_at_stake(const char *reason, long *out);

#endif
