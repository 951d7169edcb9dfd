/*
 * The contract of destinations: one suite of tests for every kind of database. A kind provides
 * functions that make an empty database and query it, and runs the suite.
 */
#ifndef TESTS_SUPPORT_DESTINATION_CONTRACT_H
#define TESTS_SUPPORT_DESTINATION_CONTRACT_H

#include <stdbool.h>
#include <stdint.h>

struct contract_database {
    /* What a kind has in another way than SQL's tables; zeroed members: it does not. */
    bool without_locks; /* writers do not wait for each other: the lease alone keeps them apart */
    bool hides_columns; /* readers do not see a column that another program added */
    bool loses_reads;   /* a read fails, to be begun again, if a window is committed meanwhile */
    int32_t first_day, last_day; /* of the dates that it keeps; zeroed: all of base/date.h */
    const char *slow, *many;     /* the queries of the same names of the contract of reading */
    /* Whether the database has such a statement; NULL: it has all. */
    bool (*can)(const char *sql);
    /* SQL that makes the schema look newer than the program knows. */
    const char *newer_schema;
    /* Makes an empty database; returns its URL, valid until remove. */
    const char *(*create)(void);
    /* Runs SQL on a separate connection. Returns the first column of the first row as a text that
     * the caller frees, NULL for SQL NULL and where there is no row. Instants come as base/clock.h
     * writes them, booleans as 1 and 0. */
    char *(*query)(const char *sql);
    void (*remove)(void);
};

/* Runs the suite and returns the number of failed tests. */
int destination_contract_run(const struct contract_database *database);

#endif
