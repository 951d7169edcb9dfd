/*
 * What ClickHouse's error codes mean (pure).
 */
#ifndef LOAD_CLICKHOUSE_FAILURE_H
#define LOAD_CLICKHOUSE_FAILURE_H

#include <stdbool.h>
#include <stddef.h>

enum {
    CLICKHOUSE_TIMEOUT = 159, /* TIMEOUT_EXCEEDED: max_execution_time */
    CLICKHOUSE_UNKNOWN_TABLE = 60,
    CLICKHOUSE_LOGICAL_ERROR = 49,   /* ON CLUSTER without Keeper, in a server of 2018 */
    CLICKHOUSE_NOT_CONFIGURED = 139, /* the same in a later one */
    CLICKHOUSE_ILLEGAL_COLUMN = 44,  /* also one that is there already */
};

struct clickhouse_failure {
    int code;           /* 0: the answer has none; it is not ClickHouse's */
    const char *words;  /* the server's own, within the answer */
    size_t words_len;   /* without the parts that repeat code and version */
    bool transient;     /* the same may succeed a little later */
    const char *advice; /* for the user, or NULL */
};

/* Reads the body of an answer with that HTTP status that is not 2xx. */
struct clickhouse_failure clickhouse_failure_read(long status, const char *body);

#endif
