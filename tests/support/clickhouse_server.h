/*
 * Debian's ClickHouse (18.16) for one test program: a server, or two that are the shards of the
 * cluster "sigos". With CLICKHOUSE_ENGINE=LIBCHDB.SO in the environment it is today's engine behind
 * HTTP (tests/clickhouse/engine.c) instead, alone and without users.
 *
 * Each has a temporary folder and loopback ports, and ends with the test program, however that
 * ends. Functions end the test program if they fail. The user "etl" has a password with characters
 * that an address must encode; "default" has none.
 */
#ifndef TESTS_SUPPORT_CLICKHOUSE_SERVER_H
#define TESTS_SUPPORT_CLICKHOUSE_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#define CLICKHOUSE_PASSWORD_PLAIN "s3/gr@do"
#define CLICKHOUSE_PASSWORD "s3%2Fgr%40do" /* as an address has it */

enum { CLICKHOUSE_SERVERS_MAX = 2 };

/* Whether there is one to start. */
bool clickhouse_server_exists(void);
/* Whether it is today's engine. */
bool clickhouse_server_is_modern(void);

void clickhouse_server_start(size_t count);
void clickhouse_server_stop(void); /* does nothing without servers */

void clickhouse_server_kill(size_t server); /* SIGKILL */
void clickhouse_server_up(size_t server);   /* answers when this returns */

int clickhouse_server_port(size_t server);

/* Returns clickhouse://etl:…@127.0.0.1:PORT/DATABASE, and what is given behind it, owned by the
 * caller. */
char *clickhouse_server_url(size_t server, const char *database, const char *more);

/* Returns the address of the database "sigos" of all servers that run: two are a cluster. */
char *clickhouse_server_cluster_url(void);

/* Runs a statement on a connection of its own, in the database "sigos". Returns the first field of
 * the first row, owned by the caller; NULL for NULL and where there is no row. */
char *clickhouse_server_query(size_t server, const char *sql);

/* Runs an ALTER TABLE … UPDATE or DELETE on the first server, and returns when it is done. */
void clickhouse_server_change(const char *sql);
void clickhouse_server_change_on(size_t server, const char *sql);

/* Stops the first server, removes the part of a table that has rows of that condition from its
 * disk, and starts it again. */
void clickhouse_server_lose_part(const char *table, const char *condition);

/* Makes the database "sigos" empty, on all servers. */
void clickhouse_server_reset(void);

#endif
