/* SPDX-License-Identifier: MIT */
/* etl-sigos load: CSV files that somebody exported by hand. */
#include "cli/command.h"

#include "cli/file_list.h"
#include "cli/invocation.h"

/* The one report that all files belong to, by --report or by their names. */
static bool choose_report(const struct invocation *invocation, const struct file_list *files,
                          const struct report **out, struct error *err)
{
    const struct report *chosen = NULL;

    if (invocation->options.report)
        return invocation_find_report(invocation, invocation->options.report, out, err);
    for (size_t f = 0; f < files->count; f++) {
        const char *path = files->paths[f];
        const struct report *report = file_list_report(&invocation->profile, path);
        if (!report)
            return error_set(
                err, ERROR_CONFIG,
                "%s: its name is that of no report's export; say which with --report NAME", path);
        if (chosen && chosen != report)
            return error_set(err, ERROR_CONFIG,
                             "%s belongs to %s, the files before it to %s; load them separately, "
                             "or say which with --report NAME",
                             path, report->name, chosen->name);
        chosen = report;
    }
    *out = chosen;
    return true;
}

static bool check_wish(const struct options *options, struct error *err)
{
    if (options->argument_count == 0)
        return error_set(err, ERROR_CONFIG, "load: no file given; see `etl-sigos load --help`");
    if (options->range.has_first != options->range.has_last)
        return error_set(
            err, ERROR_CONFIG,
            "load: --from and --to belong together: the days that the files cover in full");
    if (options->accept_shrink && !options->range.has_first)
        return error_set(
            err, ERROR_CONFIG,
            "load: --accept-shrink needs --from and --to: without them nothing is held");
    return true;
}

static int load_files(const struct invocation *invocation)
{
    struct cycle_options options = invocation_cycle_options(invocation, MODE_FULL);
    const struct report *report;
    struct file_list files = {0};
    struct summary summary;
    struct error err;
    int code;

    if (check_wish(&invocation->options, &err) &&
        file_list_make(&invocation->options, &invocation->profile, &files, &err) &&
        choose_report(invocation, &files, &report, &err)) {
        cycle_load_files(&invocation->settings, report, files.paths, files.count, &options,
                         &summary);
        code = invocation_end_run(invocation, &summary);
    } else {
        code = invocation_refuse(&err);
    }
    file_list_done(&files);
    return code;
}

static int run(int argc, char **argv)
{
    struct invocation invocation;
    struct error err;

    if (!invocation_open(argc, argv, &invocation, &err)) {
        file_list_blame_missing(&invocation.options, &err);
        return invocation_refuse(&err);
    }
    int code = load_files(&invocation);
    invocation_close(&invocation);
    return code;
}

const struct command command_load = {
    .name = "load",
    .summary = "load CSV files that were exported by hand",
    .help =
        "usage: etl-sigos load FILE|FOLDER… [OPTION…]\n"
        "\n"
        "Cleans, compares and guards like a cycle. Of rows with the same key the later one "
        "wins: the\n"
        "later file, the later line; x.csv is before x (1).csv, and that before x (2).csv. A "
        "folder\n"
        "stands for the CSV files in it, a pipe for what comes out of it. A file may be gzip, a "
        "zip of one\n"
        "or several CSVs, or UTF-16. Nothing is deleted, unless --from and --to say which days "
        "the\n"
        "files cover in full.\n"
        "\n"
        "options:\n"
        "  --report NAME     the report, where the files' names do not tell\n"
        "  --from DATE       first day that the files cover in full (yyyy-mm-dd or dd/mm/yyyy)\n"
        "  --to DATE         last day that they cover in full\n"
        "  --accept-shrink   apply what the guard would hold\n" OPTIONS_HELP,
    .run = run,
};
