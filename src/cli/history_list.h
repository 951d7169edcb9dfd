/*
 * Opens the database to be read, and prints lists of what earlier runs left in it, for the commands
 * that show them.
 */
#ifndef CLI_HISTORY_LIST_H
#define CLI_HISTORY_LIST_H

#include "cli/invocation.h"
#include "load/destination.h"
#include "load/history.h"

#include <stdbool.h>

/* The help text of the options of these commands. */
#define HISTORY_HELP(default_limit)                                                                \
    "  --run ID          only of that run\n"                                                       \
    "  --limit N         at most N rows (default: " default_limit ")\n"                            \
    "  --json            print JSON, one object a line\n"                                          \
    "  --profile DIR, --env-file FILE\n"

/* Finds the report that was named; *out is NULL if none was, which means all. ERROR_CONFIG: two are
 * named, or there is none of that name. */
bool history_choose_report(const struct invocation *invocation, const struct report **out,
                           struct error *err);

/* Returns the filter of the options, for one report or, with NULL, for all. */
struct history_filter history_filter_of(const struct invocation *invocation,
                                        const struct report *report);

/* Prints one list. `empty` is printed in its place if it has no row. */
bool history_show(const struct invocation *invocation, struct destination *dest,
                  const struct history_kind *kind, const struct history_filter *filter,
                  const char *empty, struct error *err);

/* What a command prints of an open database. `dest` is NULL if nothing was loaded yet, which was
 * said already. *code is the exit code; it begins as EXIT_CODE_DONE. */
typedef bool history_print(const struct invocation *invocation, struct destination *dest, int *code,
                           struct error *err);

/* Reads the command line, opens the database, prints, and returns the exit code. */
int history_run(int argc, char **argv, history_print *print);

#endif
