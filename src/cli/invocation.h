/*
 * What every command that works does first: the profile, the settings, the time zone, the log.
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
    bool live; /* standard error is a terminal: show progress */
};

/* Reads everything that a command needs; nothing is opened yet. On false only the options can be
 * used, as far as they could be read. */
bool invocation_open(int argc, char **argv, struct invocation *out, struct error *err);

/* The same for a command that asks the portal, and so needs what only that needs. */
bool invocation_open_for_portal(int argc, char **argv, struct invocation *out, struct error *err);

void invocation_close(struct invocation *invocation); /* accepts a zeroed one; overwrites secrets */

/* The report of that name. ERROR_CONFIG lists the reports there are. */
bool invocation_find_report(const struct invocation *invocation, const char *name,
                            const struct report **out, struct error *err);

/* The reports named by the options' arguments, all of them if there are none. `out` has room for
 * all reports of the profile. ERROR_CONFIG lists the reports there are. */
bool invocation_reports(const struct invocation *invocation, const struct report **out,
                        size_t *count, struct error *err);

/* One incremental or full cycle of those reports, and its table on standard output; the exit code.
 */
int invocation_cycle(const struct invocation *invocation, enum cycle_mode mode);

/* How a run is to be made, by the options; today is now, unless --today says otherwise. */
struct cycle_options invocation_cycle_options(const struct invocation *invocation,
                                              enum cycle_mode mode);

/* Prints the outcome as the options say, releases it and returns its exit code. */
int invocation_end_run(const struct invocation *invocation, struct summary *summary);

/* Prints "etl-sigos: message" for a command that cannot start; returns the exit code. */
int invocation_refuse(const struct error *err);

#endif
