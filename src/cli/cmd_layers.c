/* SPDX-License-Identifier: MIT */
/* etl-sigos layers: creates, upgrades, refills, prints and drops the layers. */
#include "cli/command.h"

#include "cli/invocation.h"
#include "run/exit_code.h"
#include "run/layers_run.h"

#include <stdio.h>

enum { SQL_MAX = 4 * 1024 * 1024 };

static void tell(const struct options *options, const struct layers_outcome *outcome)
{
    const struct layers_change *change = &outcome->change;

    if (options->json) {
        printf("{\"created\":%zu,\"replaced\":%zu,\"kept\":%zu,\"dropped\":%zu,"
               "\"refilled\":%s}\n",
               change->created, change->replaced, change->kept, change->dropped,
               outcome->refilled ? "true" : "false");
        return;
    }
    if (options->drop)
        printf("%zu layers dropped; the settings (config_*) stay\n", change->dropped);
    else
        printf("%zu layers created, %zu replaced, %zu as they were\n", change->created,
               change->replaced, change->kept);
    if (outcome->refilled)
        printf("summaries filled in %.1f s\n", outcome->seconds);
}

static bool print_models(const struct invocation *invocation, struct error *err)
{
    const struct options *options = &invocation->options;
    const struct profile *profile = &invocation->profile;
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);

    for (int i = 0; i < options->argument_count || i == 0; i++)
        if (!layers_run_print(&invocation->settings, profile->reports, profile->report_count,
                              options->argument_count ? options->arguments[i] : NULL, &sql, err))
            return false;
    fputs(buf_text(&sql), stdout);
    return true;
}

static bool change(const struct invocation *invocation, struct error *err)
{
    const struct options *options = &invocation->options;
    const struct profile *profile = &invocation->profile;
    struct layers_outcome outcome;

    if (options->argument_count)
        return error_set(err, ERROR_CONFIG,
                         "layers takes the name of a model only with --print, found '%s'",
                         options->arguments[0]);
    if (options->drop && options->refresh)
        return error_set(err, ERROR_CONFIG, "--drop and --refresh exclude each other");
    const enum layers_action action = options->drop      ? LAYERS_DROP
                                      : options->refresh ? LAYERS_REFRESH
                                                         : LAYERS_INSTALL;
    if (!layers_run(&invocation->settings, profile->reports, profile->report_count, action,
                    &outcome, err))
        return false;
    tell(options, &outcome);
    return true;
}

static int run_layers(int argc, char **argv)
{
    struct invocation invocation = {0};
    struct error err;

    if (!invocation_open(argc, argv, &invocation, &err))
        return invocation_refuse(&err);
    const bool ok =
        invocation.options.print ? print_models(&invocation, &err) : change(&invocation, &err);
    invocation_close(&invocation);
    return ok ? EXIT_CODE_DONE : invocation_refuse(&err);
}

const struct command command_layers = {
    .name = "layers",
    .summary = "create or upgrade the views and summaries that dashboards read",
    .help =
        "usage: etl-sigos layers [--refresh | --drop | --print [MODEL…]] [OPTION…]\n"
        "\n"
        "Creates the layers in the database, or brings them up to this version: settings that\n"
        "people change (config_*), silver views (servicos, retornos, historico_*), summaries\n"
        "(resumo_*) and gold views (ouro_*, teste_*). Cycles keep the summaries up to date from\n"
        "then on. Views and tables of others are never touched: where one reads a layer that\n"
        "has to be made anew, nothing is changed, and the message names it.\n"
        "\n"
        "options:\n"
        "  --refresh         fill the summaries anew, after a change of the settings for example;\n"
        "                    the next cycle does it otherwise\n"
        "  --drop            drop the views and summaries; the settings stay\n"
        "  --print           print the SQL of all models, or of those named, and change "
        "nothing\n" OPTIONS_HELP,
    .run = run_layers,
};
