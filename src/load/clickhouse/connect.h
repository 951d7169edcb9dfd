/*
 * The connected ClickHouse destination: what its files share.
 *
 * Nothing is changed in place and there are no transactions. A window has a number, `tx`; its rows,
 * marks and log entries are appended with it, and readers see them once etl_ledger has a row of
 * that number (sql/clickhouse/views.sql).
 */
#ifndef LOAD_CLICKHOUSE_CONNECT_H
#define LOAD_CLICKHOUSE_CONNECT_H

#include "base/clock.h"
#include "load/clickhouse/client.h"
#include "load/clickhouse/sender.h"
#include "load/clickhouse/sql.h"
#include "load/destination_ops.h"

#include <stdint.h>

/* A row that lives in the open window: a mark with its _id ends it. */
struct clickhouse_living {
    struct hash128 key;
    uint64_t id;
    bool ends; /* the plan that is applied updates or deletes it */
};

struct clickhouse_destination {
    struct destination base;
    struct clickhouse ch;
    char *warning;     /* what base.warning points to, or NULL */
    bool rehearses;    /* windows are rolled back: of their changes only the log is sent */
    uint64_t token;    /* that the numbers of windows begin with: the lease's, or a reserved one */
    uint64_t reserved; /* without a lease; 0: none yet */
    uint64_t number;   /* of the last window under that token */
    uint64_t undated_token; /* of the lease of undated rows, in the open window; 0: none */
    int patience_ms;        /* how long a window waits for another run's undated rows */
    uint64_t read_commit;   /* the last commit that the open read sees */
    uint64_t unsettled;     /* a window whose commit had no answer; 0: none */
    uint64_t unsettled_statement;
    /* of the open window */
    uint64_t tx;
    struct clickhouse_sender sender;  /* of rows */
    uint64_t births, deaths, changes; /* rows that were sent, by kind */
    struct clickhouse_living *living;
    size_t living_count;
    bool living_read, living_sorted; /* sorted by key */
    char begun_at[CLOCK_STAMP_SIZE];
};

/* Returns the ClickHouse destination that `dest` is part of. */
static inline struct clickhouse_destination *clickhouse_of(struct destination *dest)
{
    return (struct clickhouse_destination *)dest;
}

/* Returns what statements have to be made for. */
static inline struct clickhouse_site clickhouse_site(const struct clickhouse_destination *dest)
{
    const struct clickhouse_address *address = &dest->ch.address;

    return (struct clickhouse_site){
        .modern = clickhouse_is_modern(&dest->ch),
        .cluster = address->cluster,
        .has_keeper = address->cluster && !address->shard_count,
        .database = address->database,
    };
}

/* Connects: asks the server for its version and sets what that version knows. Refuses a server
 * before 18.16. */
bool clickhouse_connect(struct clickhouse_destination *dest, struct error *err);

/* Ends the connections; a piece of rows on its way is waited for. Accepts a zeroed one. */
void clickhouse_disconnect(struct clickhouse_destination *dest);

#endif
