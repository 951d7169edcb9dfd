/*
 * A PostgreSQL server of the test's own, with TLS, and a pgbouncer in front of it.
 *
 * Made in a temporary folder, on loopback ports and a socket in that folder; ended with the test,
 * however the test ends. As root everything runs as another user, because PostgreSQL refuses to run
 * as root. The certificate is made for "localhost" and for no other name.
 */
#ifndef TESTS_SUPPORT_POSTGRES_CLUSTER_H
#define TESTS_SUPPORT_POSTGRES_CLUSTER_H

#include <stdbool.h>

#define CLUSTER_DATABASE "sigos"
#define CLUSTER_USER "etl"
#define CLUSTER_PASSWORD_PLAIN "p@ss/w?rd"
#define CLUSTER_PASSWORD "p%40ss%2Fw%3Frd" /* as a URL has it */

struct postgres_cluster {
    char *folder;
    int port, pooler_port;
    char *root, *other_root; /* certificates: of the server's authority, and of another one */
    /* A library for the server to be started with, or NULL; set before cluster_start. It finds the
     * folder in the environment, as CLUSTER_FOLDER. */
    const char *preload;
};

extern struct postgres_cluster cluster;

/* Both fail the test program if something is not as it should be. */
void cluster_start(void);
void cluster_stop(void); /* without a cluster: nothing */

/* The server ends, and with it every connection: fast, by rolling back, or at once, as in a crash.
 */
enum cluster_end { CLUSTER_FAST, CLUSTER_IMMEDIATE };
void cluster_down(enum cluster_end how);
void cluster_up(void);      /* takes connections when it returns */
void cluster_restart(void); /* fast */
void cluster_signal(int number);
void cluster_reconnect(void); /* to a server that crashed and starts by itself */

/* A setting of the server's that takes effect without a restart. */
void cluster_set(const char *name, const char *value);

/* postgres://… to `database` through `port` on localhost, verify-full; owned by the caller. For the
 * pooler's databases see postgres_pooler.h. */
char *cluster_url(int port, const char *database);
/* The same with other parameters than those of verify-full: "sslmode=require", … */
char *cluster_url_with(int port, const char *database, const char *parameters);

/* On a connection of its own that stays open: the first column of the first row, owned by the
 * caller; NULL for SQL NULL and where there is no row. Instants come as base/clock.h writes them,
 * booleans as 1 and 0. */
char *cluster_query(const char *sql);
void cluster_run(const char *sql);

/* Empties the database. */
void cluster_reset(void);

#endif
