/*
 * Says what a failure of PostgreSQL means (pure): whether another try is worth it, and what a
 * person can do about it.
 */
#ifndef LOAD_POSTGRES_FAILURE_H
#define LOAD_POSTGRES_FAILURE_H

#include <stdbool.h>

struct postgres_failure {
    bool transient;
    const char *hint; /* what a person can do; NULL: unknown */
};

/* Judges a failure by its SQLSTATE, or NULL where there is none. The words of the message decide
 * where the SQLSTATE is missing or vague, because the message is libpq's or that of a pooler with
 * one code for everything. A failure without SQLSTATE and without known words counts as a lost
 * connection: transient. */
struct postgres_failure postgres_failure_of(const char *sqlstate, const char *words);

/* Finds the SQLSTATE in the message of a failed connection in libpq's verbose form ("FATAL: 28P01:
 * …"); false if there is none. */
#define SQLSTATE_SIZE 6
bool postgres_failure_state(const char *message, char out[SQLSTATE_SIZE]);

#endif
