/* SPDX-License-Identifier: MIT */
/* etl-sigos schedule: stay and run on the timetable. */
#include "cli/command.h"

#include "base/mem.h"
#include "cli/session.h"
#include "run/schedule.h"

#include <stdlib.h>

static void run_cycle(enum cycle_mode mode, void *arg)
{
    session_cycle(arg,
                  mode); /* its outcome is in the ledger and the log; the next one comes anyway */
}

/* A name that is wrong is told now, and not at each start. */
static bool check_reports(const struct session *session, struct error *err)
{
    const struct report **reports = mem_array(session->profile.report_count, sizeof(*reports));
    size_t count;
    const bool good = session_reports(session, reports, &count, err);

    free(reports);
    return good;
}

static int run(int argc, char **argv)
{
    struct session session;
    struct error err;

    if (!session_open_for_portal(argc, argv, &session, &err))
        return session_refuse(&err);
    if (check_reports(&session, &err))
        schedule_loop(&session.profile.portal.timetable, run_cycle, &session, &err);
    session_close(&session);
    return err.kind == ERROR_STOPPED ? exit_code_of(&err) : session_refuse(&err);
}

const struct command command_schedule = {
    .name = "schedule",
    .summary = "stay and run on the timetable of the profile",
    .help = "usage: etl-sigos schedule [REPORT…] [OPTION…]\n"
            "\n"
            "Waits for the next start of the profile's timetable, runs that cycle, and so on until "
            "it is\n"
            "stopped by SIGTERM or SIGINT. A start that passes while a cycle runs is left out.\n"
            "\n"
            "options:\n" OPTIONS_HELP,
    .run = run,
};
