/* SPDX-License-Identifier: MIT */
/* etl-sigos incremental, etl-sigos full: run one cycle. */
#include "cli/command.h"

#include "cli/invocation.h"

static int run(int argc, char **argv, enum cycle_mode mode)
{
    struct invocation invocation;
    struct error err;

    if (!invocation_open_for_portal(argc, argv, &invocation, &err))
        return invocation_refuse(&err);
    int code = invocation_cycle(&invocation, mode);
    invocation_close(&invocation);
    return code;
}

static int run_incremental(int argc, char **argv)
{
    return run(argc, argv, MODE_INCREMENTAL);
}

static int run_full(int argc, char **argv)
{
    return run(argc, argv, MODE_FULL);
}

#define VERIFY_HELP                                                                                \
    "  --verify          read all cells of the tables, and correct rows that were edited there\n"

const struct command command_incremental = {
    .name = "incremental",
    .summary = "export the last months of the reports and write what changed",
    .help = "usage: etl-sigos incremental [REPORT…] [OPTION…]\n"
            "\n"
            "Logs in, exports the recent windows of the named reports, or of all reports, compares "
            "them\n"
            "with the tables and writes the difference. Then prints a table of what was done.\n"
            "\n"
            "options:\n" VERIFY_HELP OPTIONS_CYCLE_HELP,
    .run = run_incremental,
};

const struct command command_full = {
    .name = "full",
    .summary = "export the whole history of the reports and write what changed",
    .help = "usage: etl-sigos full [REPORT…] [OPTION…]\n"
            "\n"
            "Like incremental, but from the first day of the reports' history on, because audits "
            "change the\n"
            "past. Rows without a date that the portal no longer shows are removed only by a full "
            "cycle "
            "of all\n"
            "days in which every window was loaded.\n"
            "\n"
            "options:\n" OPTIONS_SHARE_HELP VERIFY_HELP OPTIONS_CYCLE_HELP,
    .run = run_full,
};
