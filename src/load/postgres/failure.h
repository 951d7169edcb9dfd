/*
 * What a failure of PostgreSQL means (pure): whether it is worth another try, and what a person can
 * do about it.
 */
#ifndef LOAD_POSTGRES_FAILURE_H
#define LOAD_POSTGRES_FAILURE_H

#include <stdbool.h>

struct postgres_failure {
    bool transient;
    const char *hint; /* NULL: there is none */
};

/* By the SQLSTATE, NULL where there is none. Where it says nothing, because libpq speaks or a
 * pooler that has one code for everything, the words decide. A failure that says nothing of either
 * kind is taken for a lost connection. */
struct postgres_failure postgres_failure_of(const char *sqlstate, const char *words);

/* The SQLSTATE within a message of a failed connection in libpq's verbose form ("FATAL:  28P01:
 * …"); false if there is none. */
#define SQLSTATE_SIZE 6
bool postgres_failure_state(const char *message, char out[SQLSTATE_SIZE]);

#endif
