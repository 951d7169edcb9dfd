/*
 * Reads what all commands need: options, profile, settings, time zone, log. Also runs cycles and
 * prints their outcome, for the commands that run some.
 */
#ifndef CLI_INVOCATION_H
#define CLI_INVOCATION_H

#include "base/error.h"
#include "cli/options.h"
#include "config/profile.h"
#include "config/settings.h"
#include "model/settings.h"
#include "run/cycle.h"

#include <stdbool.h>

struct invocation {
    struct options options;
    struct profile profile;
    struct settings settings;
    char *warning; /* what the user should know of the settings; owned; NULL: nothing */
    bool live;     /* show progress: standard error is a terminal, and the log is text */
};

/* Reads everything that a command needs; no database or portal is opened yet. Sets up the log and
 * the stop signals. Mostly ERROR_CONFIG; then only out->options can be used, as far as they could
 * be read, and nothing is to be closed. */
bool invocation_open(int argc, char **argv, struct invocation *out, struct error *err);

/* Does the same for a command that asks the portal, and so needs the login too. */
bool invocation_open_for_portal(int argc, char **argv, struct invocation *out, struct error *err);

void invocation_close(struct invocation *invocation); /* accepts a zeroed one; overwrites secrets */

/* Finds the report of that name. ERROR_CONFIG lists the reports that there are. */
bool invocation_find_report(const struct invocation *invocation, const char *name,
                            const struct report **out, struct error *err);

/* Finds the reports that --report and the arguments name, each once; all reports if none is named.
 * `out` has room for all reports of the profile. ERROR_CONFIG lists the reports that there are. */
bool invocation_reports(const struct invocation *invocation, const struct report **out,
                        size_t *count, struct error *err);

/* Runs one cycle of the reports that the options name, prints its outcome and returns the exit
 * code. With --plan it is a rehearsal, whose changes are printed too. */
int invocation_cycle(const struct invocation *invocation, enum cycle_mode mode);

/* Returns the options of a run by those of the command line. Without --today it is today's date in
 * the portal's time zone. */
struct cycle_options invocation_cycle_options(const struct invocation *invocation,
                                              enum cycle_mode mode);

/* Prints the summary as a table or as JSON, frees it and returns its exit code. */
int invocation_end_run(const struct invocation *invocation, struct summary *summary);

/* Prints "etl-sigos: message" on standard error and returns the error's exit code. */
int invocation_refuse(const struct error *err);

#endif
