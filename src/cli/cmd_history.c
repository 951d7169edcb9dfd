/* SPDX-License-Identifier: MIT */
/* etl-sigos changes, rejects: show what the database keeps of earlier runs. */
#include "cli/command.h"

#include "cli/history_list.h"

/* Prints one list, of the report that was named or of all reports. */
static bool show_list(const struct invocation *invocation, struct destination *dest,
                      const struct history_kind *kind, const char *empty, struct error *err)
{
    const struct report *report;

    if (!history_choose_report(invocation, &report, err))
        return false;
    const struct history_filter filter = history_filter_of(invocation, report);
    return history_show(invocation, dest, kind, &filter, empty, err);
}

static bool show_changes(const struct invocation *invocation, struct destination *dest, int *code,
                         struct error *err)
{
    (void)code;
    return !dest || show_list(invocation, dest, &history_changes, "no change", err);
}

static bool show_rejects(const struct invocation *invocation, struct destination *dest, int *code,
                         struct error *err)
{
    (void)code;
    return !dest || show_list(invocation, dest, &history_rejects, "no reject", err);
}

static int run_changes(int argc, char **argv)
{
    return history_run(argc, argv, show_changes);
}

static int run_rejects(int argc, char **argv)
{
    return history_run(argc, argv, show_rejects);
}

const struct command command_changes = {
    .name = "changes",
    .summary = "show what the portal changed in rows that were loaded before",
    .help =
        "usage: etl-sigos changes [REPORT] [OPTION…]\n"
        "\n"
        "Shows the change log, the newest change first: one line for each changed column, with\n"
        "its value before and after.\n"
        "\n"
        "options:\n"
        "  --since DATE      only changes that were found on that day or later\n"
        "  --from DATE       only of rows dated that day or later\n"
        "  --to DATE         only of rows dated that day or earlier\n" HISTORY_HELP("100"),
    .run = run_changes,
};

const struct command command_rejects = {
    .name = "rejects",
    .summary = "show the lines of the exports that could not be used, and why",
    .help = "usage: etl-sigos rejects [REPORT] [OPTION…]\n"
            "\n"
            "Shows every line that could not become a row, with its file, line number, reason and\n"
            "text, the newest first. A line that comes again is listed once.\n"
            "\n"
            "options:\n" HISTORY_HELP("100"),
    .run = run_rejects,
};
