/*
 * The exit codes of the program (README, "Exit codes"). A run that a signal stopped exits with 128
 * plus the signal's number instead, as a shell reports it.
 */
#ifndef RUN_EXIT_CODE_H
#define RUN_EXIT_CODE_H

#include "base/error.h"

enum exit_code {
    EXIT_CODE_DONE = 0,
    EXIT_CODE_FAILED = 1,
    EXIT_CODE_USAGE = 2,
    EXIT_CODE_SOME_FAILED = 3,
    EXIT_CODE_HELD = 4,
    EXIT_CODE_LOCKED = 5,
    EXIT_CODE_PORTAL = 6,
    EXIT_CODE_DATABASE = 7,
    EXIT_CODE_DATA_TEST = 8, /* `check --verify` found rows that are not what was loaded */
    EXIT_CODE_STALE = 9,     /* `status`: a report's data is too old, or was never loaded */
    EXIT_CODE_SIGNAL = 128,  /* plus the number of the signal that stopped it */
};

/* Returns the code for an error that ended a command; EXIT_CODE_DONE for ERROR_NONE. */
int exit_code_of(const struct error *err);

/* Returns what the code means, in a few words. */
const char *exit_code_meaning(int code);

#endif
