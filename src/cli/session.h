/*
 * What every command that works does first: the profile, the settings, the time zone, the log.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "base/error.h"
#include "cli/options.h"
#include "config/profile.h"
#include "config/settings.h"
#include "model/settings.h"
#include "run/cycle.h"

#include <stdbool.h>

struct session {
    struct options options;
    struct profile profile;
    struct settings settings;
    bool live; /* standard error is a terminal: show progress */
};

/* Reads everything that a command needs; nothing is opened yet. On false only the options can be
 * used, as far as they could be read. */
bool session_open(int argc, char **argv, struct session *out, struct error *err);

/* The same for a command that asks the portal, and so needs what only that needs. */
bool session_open_for_portal(int argc, char **argv, struct session *out, struct error *err);

void session_close(struct session *session); /* accepts a zeroed one; overwrites secrets */

/* The report of that name. ERROR_CONFIG lists the reports there are. */
bool session_find_report(const struct session *session, const char *name, const struct report **out,
                         struct error *err);

/* The reports named by the options' arguments, all of them if there are none. `out` has room for
 * all reports of the profile. ERROR_CONFIG lists the reports there are. */
bool session_reports(const struct session *session, const struct report **out, size_t *count,
                     struct error *err);

/* One incremental or full cycle of those reports, and its table on standard output; the exit code.
 */
int session_cycle(const struct session *session, enum cycle_mode mode);

/* How a run is to be made, by the options; today is now, unless --today says otherwise. */
struct cycle_options session_cycle_options(const struct session *session, enum cycle_mode mode);

/* Prints the outcome as the options wish, releases it and returns its exit code. */
int session_end_run(const struct session *session, struct summary *summary);

/* Prints "etl-sigos: message" for a command that cannot start; returns the exit code. */
int session_refuse(const struct error *err);

#endif
