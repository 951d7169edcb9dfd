/*
 * Transactions: the settings that hold in each of them, one writer at a time, and commits in doubt.
 */
#ifndef LOAD_POSTGRES_TRANSACTION_H
#define LOAD_POSTGRES_TRANSACTION_H

#include "load/postgres/client.h"

enum writer { ANY_WRITER, ONLY_WRITER, ONE_STATE_READER };

/* Begins a transaction, on a new connection if there is none or the old one failed meanwhile.
 * ONLY_WRITER waits for every other transaction that is begun with it. ONE_STATE_READER only reads,
 * sees one state of the database, and has dest->read_timeout for each statement. `query` (or NULL)
 * is sent along; its result goes into *out if out is not NULL, and the caller owns it. */
bool postgres_transaction_begin(struct postgres_destination *dest, const char *purpose,
                                enum writer writer, const char *query, PGresult **out,
                                struct error *err);

/* Shortens the wait for locks (timeouts.reshape) for the rest of the transaction, which changes a
 * table that people read. All who come after a transaction that waits for such a lock wait behind
 * it, readers too: to fail and try later is better than to block dashboards. */
bool postgres_shorten_lock_wait(struct postgres_destination *dest, struct error *err);

/* Rolls back the open transaction; does nothing if there is none. */
void postgres_transaction_rollback(struct postgres_destination *dest);

/* A query that returns a row if and only if the transaction was committed. */
struct commit_proof {
    const char *sql;
    const struct parameters *parameters;
};

/* Commits. If the answer is lost, runs `proof` to find out the outcome. With NULL for proof the
 * outcome stays unknown and the call fails, so the transaction must be one that may be repeated. */
bool postgres_transaction_commit(struct postgres_destination *dest, const char *purpose,
                                 const struct commit_proof *proof, struct error *err);

/* Runs one statement in a transaction of its own; fails unless it touches exactly one row. */
bool postgres_write_one(struct postgres_destination *dest, const char *purpose, const char *sql,
                        const struct parameters *p, const struct commit_proof *proof,
                        struct error *err);

#endif
