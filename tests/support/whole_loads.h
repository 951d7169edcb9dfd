/*
 * Loads of a file into a database with the program's own code, from the file to the end of the run,
 * for tests in which a statement fails.
 *
 * The old file has 12 rows. The new one has 3 of them changed, lacks 2, and has 4 new rows, a new
 * column and a line that is rejected: everything that a window may write.
 */
#ifndef TESTS_SUPPORT_WHOLE_LOADS_H
#define TESTS_SUPPORT_WHOLE_LOADS_H

#include "tests/support/destination_contract.h"

#include <stdbool.h>

/* Functions that make a statement fail. */
struct statement_fault {
    void (*arm)(int number); /* the statement of that number fails, counted from now on; 0: none */
    bool (*fired)(void);     /* whether it failed since then */
    const char *words;       /* in the database's message */
    const char *has_table;   /* SQL: 1 if general_reports is there, 0 if not */
};

/*
 * Runs four tests and returns what cmocka returns. Each test lets each statement of a load fail in
 * turn, in a new database. The table must then be the old one or the new one, and the new one if
 * the run succeeds. Otherwise the run must quote the database's message. The same load must succeed
 * afterwards. With fewer than the expected number of statements the test replaces the wrong
 * functions, and fails.
 */
int whole_loads_run(const char *name, const struct contract_database *database,
                    const struct statement_fault *fault, int least);

#endif
