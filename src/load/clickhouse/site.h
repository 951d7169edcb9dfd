/*
 * What all statements depend on: how numbers are made, and the server.
 */
#ifndef LOAD_CLICKHOUSE_SITE_H
#define LOAD_CLICKHOUSE_SITE_H

#include <stdbool.h>

/* _id is tx << ROW_BITS | number of the row; tx is token << WINDOW_BITS | number of the window. */
enum { CLICKHOUSE_ROW_BITS = 24, CLICKHOUSE_WINDOW_BITS = 20 };

/* What the statements have to be made for. */
struct clickhouse_site {
    bool modern;         /* the server is 24.3 or newer */
    const char *cluster; /* whose shards have the rows; NULL: the server alone */
    bool has_keeper;     /* DDL goes to all shards by itself (ON CLUSTER) */
    const char *database;
};

#endif
