/*
 * The contract of destinations: one suite of tests for every kind of database. A kind provides
 * functions that make an empty database and query it, and runs the suite.
 */
#ifndef TESTS_SUPPORT_DESTINATION_CONTRACT_H
#define TESTS_SUPPORT_DESTINATION_CONTRACT_H

struct contract_database {
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
