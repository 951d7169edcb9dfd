/* SPDX-License-Identifier: MIT */
/* etl-sigos changes, rejects, status: show what the database keeps of earlier runs. */
#include "cli/command.h"

#include "cli/invocation.h"
#include "cli/table.h"
#include "load/destination.h"
#include "load/destination_open.h"
#include "load/history.h"
#include "run/exit_code.h"

#include <stdio.h>
#include <stdlib.h>

enum { LIMIT_DEFAULT = 100, STATUS_RUNS = 10 };

static struct history_filter filter_of(const struct invocation *invocation,
                                       const struct report *report)
{
    const struct options *options = &invocation->options;

    return (struct history_filter){
        .report = report ? report->name : NULL,
        .run = options->run,
        .has_since = options->has_since,
        .since = options->since,
        .has_first = options->range.has_first,
        .first = options->range.first,
        .has_last = options->range.has_last,
        .last = options->range.last,
        .limit = options->limit ? options->limit : LIMIT_DEFAULT,
    };
}

/* Finds the report that was named; *out is NULL if none was, which means all. */
static bool choose_report(const struct invocation *invocation, const struct report **out,
                          struct error *err)
{
    const struct options *options = &invocation->options;
    const char *name = options->argument_count ? options->arguments[0] : options->report;

    if (options->argument_count + (options->report && options->argument_count) > 1)
        return error_set(err, ERROR_CONFIG, "name one report, or none for all of them");
    *out = NULL;
    return !name || invocation_find_report(invocation, name, out, err);
}

/* Opens the database to be read, and creates nothing. *out is NULL if nothing was loaded yet. */
static bool open_destination(const struct invocation *invocation, struct destination **out,
                             struct error *err)
{
    enum destination_state state = DESTINATION_EMPTY;
    struct destination *dest;

    if (!destination_open_existing(invocation->settings.database, DESTINATION_READ, &dest, err))
        return false;
    bool ok = !dest || destination_inspect(dest, NULL, &state, err);
    if (!ok || state == DESTINATION_EMPTY) {
        destination_close(dest);
        dest = NULL;
    }
    if (ok)
        *out = dest;
    return ok;
}

/* Says that nothing was loaded yet; on standard error if a program reads the output as JSON. */
static void say_nothing_was_loaded(const struct invocation *invocation)
{
    char *where = destination_describe(invocation->settings.database);

    fprintf(invocation->options.json ? stderr : stdout,
            "nothing was loaded yet: %s has no tables of etl-sigos; `etl-sigos full` makes and "
            "fills them\n",
            where);
    free(where);
}

/* Prints one list. `empty` is printed in its place if it has no row. */
static bool show(const struct invocation *invocation, struct destination *dest,
                 const struct history_kind *kind, const struct history_filter *filter,
                 const char *empty, struct error *err)
{
    struct table table;

    table_init(&table, kind->columns, invocation->options.json);
    bool ok = history_read(dest, kind, filter, table_add, &table, err);
    if (ok)
        table_print(&table, empty);
    table_done(&table);
    return ok;
}

/* Prints one list, of the report that was named or of all reports. */
static bool show_list(const struct invocation *invocation, struct destination *dest,
                      const struct history_kind *kind, const char *empty, struct error *err)
{
    const struct report *report;

    if (!choose_report(invocation, &report, err))
        return false;
    const struct history_filter filter = filter_of(invocation, report);
    return show(invocation, dest, kind, &filter, empty, err);
}

static bool show_status(const struct invocation *invocation, struct destination *dest,
                        struct error *err)
{
    static const char *const columns[] = {"report", "loaded_to", "at", NULL};
    const struct report *only;
    struct table table;
    bool ok = true;

    if (!choose_report(invocation, &only, err))
        return false;
    struct history_filter filter = filter_of(invocation, only);
    table_init(&table, columns, invocation->options.json);
    for (size_t i = 0; ok && i < invocation->profile.report_count; i++) {
        const struct report *report = &invocation->profile.reports[i];
        if (!only || report == only)
            ok = history_freshness(dest, report->name, table_add, &table, err);
    }
    if (ok)
        table_print(&table, "nothing was loaded yet");
    table_done(&table);
    if (!invocation->options.limit)
        filter.limit = STATUS_RUNS;
    if (ok && !invocation->options.json)
        puts("\nlast runs");
    ok = ok && show(invocation, dest, &history_runs, &filter, "none", err);
    if (ok && !invocation->options.json)
        puts("\nlast windows that were not loaded");
    return ok && show(invocation, dest, &history_lost_windows, &filter, "none", err);
}

static bool show_changes(const struct invocation *invocation, struct destination *dest,
                         struct error *err)
{
    return show_list(invocation, dest, &history_changes, "no change", err);
}

static bool show_rejects(const struct invocation *invocation, struct destination *dest,
                         struct error *err)
{
    return show_list(invocation, dest, &history_rejects, "no reject", err);
}

static int run(int argc, char **argv,
               bool (*print)(const struct invocation *, struct destination *, struct error *))
{
    struct destination *dest = NULL;
    const struct report *report;
    struct invocation invocation;
    struct error err;

    if (!invocation_open(argc, argv, &invocation, &err))
        return invocation_refuse(&err);
    bool ok =
        choose_report(&invocation, &report, &err) && open_destination(&invocation, &dest, &err);
    if (ok && dest)
        ok = print(&invocation, dest, &err);
    else if (ok)
        say_nothing_was_loaded(&invocation);
    destination_close(dest);
    invocation_close(&invocation);
    return ok ? EXIT_CODE_DONE : invocation_refuse(&err);
}

static int run_changes(int argc, char **argv)
{
    return run(argc, argv, show_changes);
}

static int run_rejects(int argc, char **argv)
{
    return run(argc, argv, show_rejects);
}

static int run_status(int argc, char **argv)
{
    return run(argc, argv, show_status);
}

#define HISTORY_HELP(default_limit)                                                                \
    "  --run ID          only of that run\n"                                                       \
    "  --limit N         at most N rows (default: " default_limit ")\n"                            \
    "  --json            print JSON, one object a line\n"                                          \
    "  --profile DIR, --env-file FILE\n"

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

const struct command command_status = {
    .name = "status",
    .summary = "show how far the tables are loaded, the last runs, and what was not loaded",
    .help = "usage: etl-sigos status [REPORT] [OPTION…]\n"
            "\n"
            "Shows how far the tables are loaded, the last runs, and the last windows that were "
            "not\n"
            "loaded; for one report only, if it is named.\n"
            "\n"
            "options:\n" HISTORY_HELP("10"),
    .run = run_status,
};
