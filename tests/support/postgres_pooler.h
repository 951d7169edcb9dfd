/*
 * The pgbouncer in front of a cluster. It knows the databases "session" and "transaction", which
 * are CLUSTER_DATABASE by its two modes, and "pgbouncer", its own console.
 */
#ifndef TESTS_SUPPORT_POSTGRES_POOLER_H
#define TESTS_SUPPORT_POSTGRES_POOLER_H

void pooler_start(void); /* after the server, by cluster_start */
void pooler_stop(void);  /* at once, with all connections */

/* Restarts the pooler with further lines of settings. */
void pooler_restart(const char *settings);

/* Runs a command on the pooler's console, such as "PAUSE transaction". */
void pooler_run(const char *command);

#endif
