/* SPDX-License-Identifier: MIT */
/* etl-sigos schedule: stays and runs cycles on the timetable. */
#include "cli/command.h"

#include "base/mem.h"
#include "cli/invocation.h"
#include "run/exit_code.h"
#include "run/schedule.h"

#include <stdlib.h>

/* Runs one cycle. Its outcome is in the ledger and the log, and does not end the schedule. */
static void run_cycle(enum cycle_mode mode, void *arg)
{
    invocation_cycle(arg, mode);
}

/* Checks the names of the reports once, before the first start. */
static bool check_reports(const struct invocation *invocation, struct error *err)
{
    const struct report **reports = mem_array(invocation->profile.report_count, sizeof(*reports));
    size_t count;
    const bool good = invocation_reports(invocation, reports, &count, err);

    free(reports);
    return good;
}

static int run(int argc, char **argv)
{
    struct invocation invocation;
    struct error err;

    if (!invocation_open_for_portal(argc, argv, &invocation, &err))
        return invocation_refuse(&err);
    if (check_reports(&invocation, &err))
        schedule_loop(&invocation.profile.portal.timetable, run_cycle, &invocation, &err);
    invocation_close(&invocation);
    return err.kind == ERROR_STOPPED ? exit_code_of(&err) : invocation_refuse(&err);
}

const struct command command_schedule = {
    .name = "schedule",
    .summary = "stay and run cycles on the timetable of the profile",
    .help =
        "usage: etl-sigos schedule [REPORT…] [OPTION…]\n"
        "\n"
        "Waits for the next start of the profile's timetable, runs that cycle, and so on, until "
        "SIGTERM\n"
        "or SIGINT stops it. A start that passes while a cycle runs is left out.\n"
        "\n"
        "options:\n" OPTIONS_EXPORT_HELP,
    .run = run,
};
