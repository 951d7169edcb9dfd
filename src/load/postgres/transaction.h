/*
 * Transactions: the settings that hold in each of them, one writer at a time, and commits in doubt.
 */
#ifndef LOAD_POSTGRES_TRANSACTION_H
#define LOAD_POSTGRES_TRANSACTION_H

#include "load/postgres/client.h"

enum writer { ANY_WRITER, ONLY_WRITER };

/* Begins a transaction, on a new connection if there is none or the old one died meanwhile.
 * ONLY_WRITER waits for all others that ask for the same. `look` (or NULL) is a query that is sent
 * along and whose result is put into *out, if out is not NULL. */
bool postgres_transaction_begin(struct postgres_destination *dest, const char *purpose,
                                enum writer writer, const char *look, PGresult **out,
                                struct error *err);

/* Shortens the wait for locks in the rest of the transaction, which changes a table that people
 * read. Whoever waits for such a lock makes all who come later wait behind it, readers too: better
 * another try, later, than a dashboard that stands still. */
bool postgres_shorten_lock_wait(struct postgres_destination *dest, struct error *err);

/* Rolls back the open transaction; without one it does nothing. */
void postgres_transaction_rollback(struct postgres_destination *dest);

/* A query that finds a row if and only if the transaction was committed. */
struct commit_proof {
    const char *sql;
    const struct parameters *parameters;
};

/* Commits. If the answer is lost, asks the database by `proof`; without one the outcome stays
 * unknown, and the transaction must be one that may be repeated. */
bool postgres_transaction_commit(struct postgres_destination *dest, const char *purpose,
                                 const struct commit_proof *proof, struct error *err);

/* Runs one statement that changes one row, in a transaction of its own. */
bool postgres_write_one(struct postgres_destination *dest, const char *purpose, const char *sql,
                        const struct parameters *p, const struct commit_proof *proof,
                        struct error *err);

#endif
