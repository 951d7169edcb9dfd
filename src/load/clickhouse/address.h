/*
 * The address of a ClickHouse server (pure):
 *
 *     clickhouse://USER:PASSWORD@HOST:PORT/DATABASE?cluster=NAME      HTTP, port 8123
 *     clickhouses://…                                                 HTTPS, port 8443
 *
 * With a cluster the rows are on its shards. Their tables are made by the cluster itself (ON
 * CLUSTER, which needs Keeper), or with &shards=HOST:PORT,HOST:PORT by statements to each shard.
 *
 * Without a user it is "default", without a database too, as ClickHouse's own programs have it.
 */
#ifndef LOAD_CLICKHOUSE_ADDRESS_H
#define LOAD_CLICKHOUSE_ADDRESS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

#define CLICKHOUSE_SCHEME "clickhouse"
#define CLICKHOUSES_SCHEME "clickhouses"

/* All texts are owned. */
struct clickhouse_address {
    bool tls;
    char *origin; /* "http://HOST:PORT" */
    char *user;
    char *password; /* NULL: none */
    char *database;
    char *cluster; /* NULL: one server */
    char **shards; /* "http://HOST:PORT" of each, if the address names them */
    size_t shard_count;
    char *name; /* "clickhouse HOST:PORT/DATABASE", for messages */
};

/* Reads an address with one of the two schemes. ERROR_CONFIG; the message has nothing of the
 * address, because its password may be anywhere in a wrong one. */
bool clickhouse_address_read(const char *url, struct clickhouse_address *out, struct error *err);
void clickhouse_address_copy(const struct clickhouse_address *address,
                             struct clickhouse_address *out);
void clickhouse_address_done(struct clickhouse_address *address); /* accepts a zeroed one */

#endif
