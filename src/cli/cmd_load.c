/* SPDX-License-Identifier: MIT */
/* etl-sigos load: loads CSV files that were downloaded by hand. */
#include "cli/command.h"

#include "cli/file_list.h"
#include "cli/invocation.h"
#include "base/mem.h"
#include "base/scratch.h"
#include "run/bucket.h"
#include "run/rebuild.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Finds the report to which all files belong, by --report or by their names. */
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

/* Whether the options can be used together. */
static bool check_options(const struct options *options, struct error *err)
{
    if (options->bronze && options->argument_count > 1)
        return error_set(err, ERROR_CONFIG,
                         "load: --bronze takes one folder; choose a report with --report NAME");
    if (!options->bronze && options->argument_count == 0)
        return error_set(err, ERROR_CONFIG, "load: no file given; see `etl-sigos load --help`");
    if (options->range.has_first != options->range.has_last)
        return error_set(
            err, ERROR_CONFIG,
            options->bronze
                ? "load: --from and --to belong together: the days that are rebuilt"
                : "load: --from and --to belong together: the days that the files cover in full");
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

    if (check_options(&invocation->options, &err) &&
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

/* Whether the archive is to be fetched from the bucket: asked for by the word s3, or because
 * BRONZE_DIR, which a new container finds empty, has no manifest. */
static bool is_in_bucket(const struct invocation *invocation)
{
    const struct options *options = &invocation->options;
    const struct settings *settings = &invocation->settings;

    if (options->argument_count)
        return strcmp(options->arguments[0], "s3") == 0;
    if (!settings->bucket.name)
        return false;
    MEM_FREE_TEXT char *manifest = mem_format("%s/manifest.jsonl", settings->bronze);
    return access(manifest, F_OK) < 0;
}

/* Finds the archive: *bucket and its scratch folder, or only a folder. *dir is borrowed. */
static bool open_archive(const struct invocation *invocation, struct scratch *scratch,
                         struct bucket **bucket, const char **dir, struct error *err)
{
    const struct options *options = &invocation->options;
    const struct settings *settings = &invocation->settings;

    if (is_in_bucket(invocation)) {
        if (!settings->bucket.name)
            return error_set(err, ERROR_CONFIG,
                             "load: --bronze s3 needs BRONZE_S3_BUCKET; a folder of that name is "
                             "./s3");
        if (!scratch_open("bucket", scratch, err))
            return false;
        *dir = scratch->path;
        *bucket = bucket_open(&settings->bucket, *dir);
        return true;
    }
    *dir = options->argument_count ? options->arguments[0] : settings->bronze;
    return *dir || error_set(err, ERROR_CONFIG,
                             "load: --bronze needs the archive's folder: load --bronze FOLDER, or "
                             "BRONZE_DIR");
}

static int load_archive(const struct invocation *invocation)
{
    const struct profile *profile = &invocation->profile;
    const struct cycle_options options = invocation_cycle_options(invocation, MODE_FULL);
    const struct report **reports = mem_array(profile->report_count, sizeof(*reports));
    struct scratch scratch = {0};
    struct bucket *bucket = NULL;
    const char *dir = NULL;
    size_t count = 0;
    struct summary summary;
    struct error err;
    int code;

    for (size_t i = 0; !invocation->options.report && i < profile->report_count; i++)
        reports[count++] = &profile->reports[i];
    if (check_options(&invocation->options, &err) &&
        (count ||
         invocation_find_report(invocation, invocation->options.report, &reports[count++], &err)) &&
        open_archive(invocation, &scratch, &bucket, &dir, &err)) {
        rebuild_tables(&invocation->settings, dir, bucket, reports, count, &options, &summary);
        code = invocation_end_run(invocation, &summary);
    } else {
        code = invocation_refuse(&err);
    }
    bucket_close(bucket);
    scratch_close(&scratch);
    free(reports);
    return code;
}

static int run(int argc, char **argv)
{
    struct invocation invocation;
    struct error err;

    if (!invocation_open(argc, argv, &invocation, &err)) {
        if (!invocation.options.bronze)
            file_list_explain_missing(&invocation.options, &err);
        return invocation_refuse(&err);
    }
    int code = invocation.options.bronze ? load_archive(&invocation) : load_files(&invocation);
    invocation_close(&invocation);
    return code;
}

const struct command command_load = {
    .name = "load",
    .summary = "load CSV files that were downloaded by hand",
    .help =
        "usage: etl-sigos load FILE|FOLDER… [OPTION…]\n"
        "       etl-sigos load --bronze [FOLDER|s3] [OPTION…]\n"
        "\n"
        "Cleans the rows, compares them with the table and asks the guard, as a cycle does. "
        "Nothing is\n"
        "deleted, unless --from and --to say for which days the files have all rows.\n"
        "\n"
        "A folder stands for the CSV files in it. A file may be a pipe, gzip, a zip of one or more "
        "CSVs,\n"
        "or UTF-16. Of rows with the same key the last one is loaded: files are read in the given "
        "order,\n"
        "but x.csv before x (1).csv, and that before x (2).csv.\n"
        "\n"
        "With --bronze the tables are rebuilt without the portal: every export of the archive in "
        "FOLDER\n"
        "(else BRONZE_DIR) is verified and loaded again, in order, as the window that it was, and "
        "DATA_EXTRACAO\n"
        "becomes what it was. Load into an empty database. With the word s3, or if BRONZE_DIR is "
        "empty, the\n"
        "exports come from the bucket BRONZE_S3_BUCKET.\n"
        "\n"
        "options:\n"
        "  --bronze          load the exports of the bronze archive; with --from and --to only "
        "those days\n"
        "  --report NAME     the report, if the files' names do not show it\n"
        "  --from DATE       first day of which the files have all rows (yyyy-mm-dd or "
        "dd/mm/yyyy)\n"
        "  --to DATE         last day of which the files have all rows\n"
        "  --accept-shrink   load what the guard would hold\n" OPTIONS_HELP,
    .run = run,
};
