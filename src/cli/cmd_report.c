/* SPDX-License-Identifier: MIT */
/* etl-sigos report: the pages in one file. */
#include "cli/command.h"

#include "base/buf.h"
#include "base/mem.h"
#include "cli/invocation.h"
#include "load/destination_open.h"
#include "pages/report_file.h"
#include "run/exit_code.h"
#include "serve/assets.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAX = 64 * 1024 * 1024, FILTERS_MAX = 32, QUERY_MS = 60 * 1000 };

/* Splits "regional=SUL" in place. */
static bool read_filters(const struct options *options, struct request_value *out,
                         struct error *err)
{
    if (options->argument_count > FILTERS_MAX)
        return error_set(err, ERROR_CONFIG, "report: more than %d filters", FILTERS_MAX);
    for (int i = 0; i < options->argument_count; i++) {
        char *equals = strchr(options->arguments[i], '=');
        if (!equals)
            return error_set(err, ERROR_CONFIG,
                             "report: '%s' is no filter; write it as in the address of a page, such"
                             " as regional=SUL",
                             options->arguments[i]);
        *equals = '\0';
        out[i] = (struct request_value){options->arguments[i], equals + 1};
    }
    return true;
}

/* What the file is made from. */
struct writing {
    const struct site *site;
    const struct request_value *values;
    size_t value_count;
    const struct report_assets *assets;
    struct buf *out;
};

static bool write_in_read(void *arg, struct destination *dest, struct error *err)
{
    const struct writing *writing = arg;

    buf_reset(writing->out);
    return report_file_write(dest, writing->site, writing->values, writing->value_count,
                             writing->assets, writing->out, err);
}

static bool write_html(const struct invocation *invocation, struct buf *out, struct error *err)
{
    struct request_value values[FILTERS_MAX];
    const struct options *options = &invocation->options;
    const struct site site = {
        .version = program_version,
        .portal_name = invocation->profile.portal.name,
        .single_file = true,
    };
    struct assets paths;
    struct report_assets assets;
    const char *type;
    struct destination *dest;

    assets_init(&paths);
    assets.style = assets_find(&paths, paths.paths[ASSET_STYLE], &assets.style_len, &type);
    assets.script = assets_find(&paths, paths.paths[ASSET_SCRIPT], &assets.script_len, &type);
    assets.chart = assets_find(&paths, paths.paths[ASSET_CHART], &assets.chart_len, &type);
    if (!read_filters(options, values, err) ||
        !destination_open_existing(invocation->settings.database, DESTINATION_READ, &dest, err))
        return false;
    if (!dest)
        return error_set(err, ERROR_CONFIG,
                         "there is no database yet; run `etl-sigos full` and `etl-sigos layers`"
                         " first");
    struct writing writing = {&site, values, (size_t)options->argument_count, &assets, out};
    const bool ok = destination_read(dest, QUERY_MS, write_in_read, &writing, err);
    destination_close(dest);
    return ok;
}

/* Writes beside the file and renames: whoever opens it sees the old one or the new one. */
static bool write_file(const char *path, const struct buf *html, struct error *err)
{
    MEM_FREE_TEXT char *part = mem_format("%s.part", path);
    FILE *file = fopen(part, "wb");

    if (!file)
        return error_set_errno(err, ERROR_SYSTEM, "cannot write %s", part);
    const bool written = fwrite(html->data, 1, html->len, file) == html->len && fflush(file) == 0;
    const int why = errno;
    if (fclose(file) == 0 && written && rename(part, path) == 0)
        return true;
    if (!written)
        errno = why;
    error_set_errno(err, ERROR_SYSTEM, "cannot write %s", path);
    unlink(part);
    return false;
}

static bool write_report(const struct invocation *invocation, struct error *err)
{
    BUF_DONE struct buf html = BUF_INIT(FILE_MAX);
    const char *path = invocation->options.out;

    if (!path)
        return error_set(err, ERROR_CONFIG, "report: say where, with --out FILE.html");
    if (!write_html(invocation, &html, err) || !write_file(path, &html, err))
        return false;
    printf("%s: %zu kB\n", path, html.len / 1000);
    return true;
}

static int run(int argc, char **argv)
{
    struct invocation invocation = {0};
    struct error err = {0};

    if (!invocation_open(argc, argv, &invocation, &err))
        return invocation_refuse(&err);
    const bool ok = write_report(&invocation, &err);
    invocation_close(&invocation);
    return ok ? EXIT_CODE_DONE : invocation_refuse(&err);
}

const struct command command_report = {
    .name = "report",
    .summary = "write the pages that analysts read into one file",
    .help =
        "usage: etl-sigos report --out FILE.html [FILTER=VALUE…] [OPTION…]\n"
        "\n"
        "Writes all pages, with their charts, into one file that is read without a server or\n"
        "network, and printed. Filters are those of the pages' addresses; each page uses those\n"
        "that it has:\n"
        "\n"
        "    etl-sigos report --out sul.html regional=SUL de=01/09/2026 ate=30/09/2026\n"
        "\n"
        "options:\n"
        "  --out FILE        write this file; it is replaced only by a whole one\n" OPTIONS_HELP,
    .run = run,
};
