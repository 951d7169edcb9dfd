/* SPDX-License-Identifier: MIT */
/* etl-sigos load: CSV files that somebody exported by hand. */
#include "cli/command.h"

#include "cli/session.h"

#include <fnmatch.h>
#include <string.h>

static bool matches(const struct report *report, const char *path)
{
    const char *slash = strrchr(path, '/');

    for (size_t i = 0; i < report->files.count; i++)
        if (fnmatch(report->files.items[i], slash ? slash + 1 : path, FNM_CASEFOLD) == 0)
            return true;
    return false;
}

/* The one report that all files belong to, by --report or by their names. */
static bool choose_report(const struct session *session, const struct report **out,
                          struct error *err)
{
    const struct profile *profile = &session->profile;
    const struct options *options = &session->options;

    *out = NULL;
    if (options->report)
        return session_find_report(session, options->report, out, err);
    for (int f = 0; f < options->argument_count; f++) {
        const struct report *report = NULL;
        for (size_t i = 0; i < profile->report_count && !report; i++)
            if (matches(&profile->reports[i], options->arguments[f]))
                report = &profile->reports[i];
        if (!report)
            return error_set(
                err, ERROR_CONFIG,
                "%s: its name is that of no report's export; say which with --report NAME",
                options->arguments[f]);
        if (*out && *out != report)
            return error_set(err, ERROR_CONFIG,
                             "%s belongs to %s, the files before it to %s; load them separately",
                             options->arguments[f], report->name, (*out)->name);
        *out = report;
    }
    return true;
}

static bool check_wish(const struct options *options, struct error *err)
{
    if (options->argument_count == 0)
        return error_set(err, ERROR_CONFIG, "load: no file given; see `etl-sigos load --help`");
    if (options->plan || options->resume)
        return error_set(err, ERROR_CONFIG, "load: --plan and --resume are for cycles");
    if (options->wish.has_first != options->wish.has_last)
        return error_set(
            err, ERROR_CONFIG,
            "load: --from and --to belong together: the days that the files cover in full");
    if (options->accept_shrink && !options->wish.has_first)
        return error_set(
            err, ERROR_CONFIG,
            "load: --accept-shrink needs --from and --to: without them nothing is held");
    return true;
}

static int load_files(const struct session *session)
{
    struct cycle_options options = session_cycle_options(session, MODE_FULL);
    const struct report *report;
    struct summary summary;
    struct error err;

    if (!check_wish(&session->options, &err) || !choose_report(session, &report, &err))
        return session_refuse(&err);
    cycle_load_files(&session->settings, report, session->options.arguments,
                     (size_t)session->options.argument_count, &options, &summary);
    return session_end_run(session, &summary);
}

static int run(int argc, char **argv)
{
    struct session session;
    struct error err;

    if (!session_open(argc, argv, &session, &err))
        return session_refuse(&err);
    int code = load_files(&session);
    session_close(&session);
    return code;
}

const struct command command_load = {
    .name = "load",
    .summary = "load CSV files that were exported by hand",
    .help = "usage: etl-sigos load FILE… [OPTION…]\n"
            "\n"
            "Cleans, compares and guards like a cycle. Of rows with the same key the later one "
            "wins: the\n"
            "later file, the later line. Nothing is deleted, unless --from and --to say which days "
            "the\n"
            "files cover in full.\n"
            "\n"
            "options:\n"
            "  --report NAME     the report, where the files' names do not tell\n"
            "  --from DATE       first day that the files cover in full (yyyy-mm-dd)\n"
            "  --to DATE         last day that they cover in full\n"
            "  --accept-shrink   apply what the guard would hold\n" OPTIONS_HELP,
    .run = run,
};
