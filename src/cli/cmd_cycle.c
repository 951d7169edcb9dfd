/* SPDX-License-Identifier: MIT */
/* etl-sigos incremental, etl-sigos full: one cycle, now. */
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
    "  --verify          compare with the rows as they stand in the table: mends what was "        \
    "edited\n"

const struct command command_incremental = {
    .name = "incremental",
    .summary = "export the last months of the reports and write what changed",
    .help = "usage: etl-sigos incremental [REPORT…] [OPTION…]\n"
            "\n"
            "Logs in, exports the recent windows of the reports (all of them if none is named), "
            "compares\n"
            "them with the tables and writes the difference. Ends with a table of what was done.\n"
            "\n"
            "options:\n" VERIFY_HELP OPTIONS_CYCLE_HELP,
    .run = run_incremental,
};

const struct command command_full = {
    .name = "full",
    .summary = "the same for the whole history, because audits change the past",
    .help =
        "usage: etl-sigos full [REPORT…] [OPTION…]\n"
        "\n"
        "Like incremental, from the first day of the reports' history to today. Only a full cycle "
        "in\n"
        "which every window was loaded removes rows without a date that the portal shows no more.\n"
        "\n"
        "options:\n" VERIFY_HELP OPTIONS_CYCLE_HELP,
    .run = run_full,
};
