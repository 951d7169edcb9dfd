/*
 * A PostgreSQL server for one test program, with TLS, and a pgbouncer in front of it.
 *
 * The server has a temporary folder, loopback ports, and a socket in the folder. It ends with the
 * test program, however that ends. For root the servers run as another user, because PostgreSQL
 * refuses to run as root. The certificate is only for the name "localhost".
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
    /* A library that is preloaded into the server, or NULL. Set it before cluster_start. The
     * library finds the folder in the environment variable CLUSTER_FOLDER. */
    const char *preload;
};

extern struct postgres_cluster cluster;

/* Start and stop the servers. A failure ends the test program. */
void cluster_start(void);
void cluster_stop(void); /* does nothing without a cluster */

/* Stops the server and all connections: fast, by rolling back, or immediately, as in a crash. */
enum cluster_end { CLUSTER_FAST, CLUSTER_IMMEDIATE };
void cluster_down(enum cluster_end how);
void cluster_up(void);      /* the server takes connections when this returns */
void cluster_restart(void); /* fast */
void cluster_signal(int number);
void cluster_reconnect(void); /* after a crash of which the server recovers by itself */

/* Changes a setting of the server that takes effect without a restart. */
void cluster_set(const char *name, const char *value);

/* Returns a URL postgres://… of `database` through `port` on localhost, verify-full, owned by the
 * caller. For the pooler's databases see postgres_pooler.h. */
char *cluster_url(int port, const char *database);
/* The same with other parameters than those of verify-full: "sslmode=require", … */
char *cluster_url_with(int port, const char *database, const char *parameters);

/* Runs SQL on a separate connection that stays open. Returns the first column of the first row,
 * owned by the caller, NULL for SQL NULL and where there is no row. Instants come as base/clock.h
 * writes them, booleans as 1 and 0. */
char *cluster_query(const char *sql);
void cluster_run(const char *sql);

/* Empties the database. */
void cluster_reset(void);

#endif
