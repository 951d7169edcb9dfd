/*
 * Whole loads of a file into a database, by the program's own code from the file to the end of the
 * run, for tests that let something fail on the way.
 *
 * The old file has 12 rows. The new one has changed 3 of them, lacks 2, has 4 others, a new column
 * and a line that cannot be used: all that a window may write.
 */
#ifndef TESTS_SUPPORT_WHOLE_LOADS_H
#define TESTS_SUPPORT_WHOLE_LOADS_H

#include "tests/support/destination_contract.h"

#include <stdbool.h>

/* How a statement is made to fail. */
struct statement_fault {
    void (*arm)(int number); /* the statement of that number from now on fails; 0: none does */
    bool (*fired)(void);     /* since then */
    const char *words;       /* that the database says */
    const char *has_table;   /* SQL: 1 if general_reports is there, 0 if not */
};

/*
 * Runs four tests, each of which lets each statement of a load fail in turn, in a database of its
 * own: the table must be what it was or what it should become, and the latter if the run says that
 * it is done; if not, the run must say the database's words; and the same load must succeed
 * afterwards. With no more than `least` statements the test looks at the wrong functions, and
 * fails. Returns what cmocka returns.
 */
int whole_loads_run(const char *name, const struct contract_database *database,
                    const struct statement_fault *fault, int least);

#endif
