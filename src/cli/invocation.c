/* SPDX-License-Identifier: MIT */
/* Reads what all commands need, and runs cycles for those that ask for one. */
#include "cli/invocation.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "cli/print_summary.h"
#include "cli/table.h"
#include "cli/tell.h"
#include "load/history.h"
#include "run/exit_code.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Sets level, form and file of the log. The words in the settings were checked when they were read.
 * The file gets JSON unless LOG_FORMAT says otherwise, because programs read it. */
static bool setup_log(const struct options *options, const struct settings *settings, bool *live,
                      struct error *err)
{
    const char *format_name = settings->log_format;
    const bool terminal = isatty(STDERR_FILENO);
    enum log_format format = terminal ? LOG_TEXT : LOG_JSON;
    enum log_level level = LOG_INFO;

    if (settings->log_level)
        log_level_from_name(settings->log_level, &level);
    if (format_name)
        format = strcmp(format_name, "text") == 0 ? LOG_TEXT : LOG_JSON;
    if (options->json)
        format = LOG_JSON;
    log_setup(level, format);
    *live = terminal && format == LOG_TEXT;
    return log_to_file(settings->log_file, format_name ? format : LOG_JSON, err);
}

static bool read_settings(struct invocation *invocation, bool for_portal, struct error *err)
{
    char *warning = NULL;

    if (!settings_load(invocation->options.env_file, &invocation->profile.portal, for_portal,
                       &invocation->settings, &warning, err))
        return false;
    const bool ok = setup_log(&invocation->options, &invocation->settings, &invocation->live, err);
    if (warning)
        log_warn("settings.warning", log_text("warning", warning));
    invocation->warning = warning;
    return ok;
}

static bool open_invocation(int argc, char **argv, bool for_portal, struct invocation *out,
                            struct error *err)
{
    *out = (struct invocation){0};
    if (options_parse(argc, argv, &out->options, err) &&
        profile_load(out->options.profile, &out->profile, err) &&
        clock_set_zone(out->profile.portal.zone, err) && read_settings(out, for_portal, err) &&
        stop_install(err))
        return true;
    invocation_close(out);
    return false;
}

bool invocation_open(int argc, char **argv, struct invocation *out, struct error *err)
{
    return open_invocation(argc, argv, false, out, err);
}

bool invocation_open_for_portal(int argc, char **argv, struct invocation *out, struct error *err)
{
    return open_invocation(argc, argv, true, out, err);
}

void invocation_close(struct invocation *invocation)
{
    settings_done(&invocation->settings);
    free(invocation->warning);
    invocation->warning = NULL;
    profile_done(&invocation->profile);
}

/* Fails because there is no such report, and lists the reports that there are. */
static bool refuse_report(const struct invocation *invocation, const char *name, struct error *err)
{
    BUF_DONE struct buf known = BUF_INIT(512);

    for (size_t i = 0; i < invocation->profile.report_count; i++)
        buf_addf(&known, "%s%s", i ? ", " : "", invocation->profile.reports[i].name);
    return error_set(err, ERROR_CONFIG, "there is no report '%s'; the profile has: %s", name,
                     buf_text(&known));
}

static bool is_chosen(const struct report *const *chosen, size_t count, const struct report *report)
{
    for (size_t i = 0; i < count; i++)
        if (chosen[i] == report)
            return true;
    return false;
}

bool invocation_find_report(const struct invocation *invocation, const char *name,
                            const struct report **out, struct error *err)
{
    const struct report *found =
        report_find(invocation->profile.reports, invocation->profile.report_count, name);

    if (!found)
        return refuse_report(invocation, name, err);
    *out = found;
    return true;
}

bool invocation_reports(const struct invocation *invocation, const struct report **out,
                        size_t *count, struct error *err)
{
    const struct profile *profile = &invocation->profile;
    const struct options *options = &invocation->options;
    const bool all = options->argument_count == 0 && !options->report;

    *count = 0;
    for (size_t i = 0; all && i < profile->report_count; i++)
        out[(*count)++] = &profile->reports[i];
    for (int i = options->report ? -1 : 0; i < options->argument_count; i++) {
        const char *name = i < 0 ? options->report : options->arguments[i];
        const struct report *found = NULL;
        if (!invocation_find_report(invocation, name, &found, err))
            return false;
        if (!is_chosen(out, *count, found))
            out[(*count)++] = found;
    }
    return true;
}

struct cycle_options invocation_cycle_options(const struct invocation *invocation,
                                              enum cycle_mode mode)
{
    const struct options *options = &invocation->options;

    return (struct cycle_options){
        .mode = mode,
        .today = options->has_today ? options->today : clock_today(),
        .range = options->range,
        .accept_shrink = options->accept_shrink,
        .verify = options->verify,
        .keep_files = options->keep_files,
        .resume = options->resume,
        .live = invocation->live,
    };
}

int invocation_end_run(const struct invocation *invocation, struct summary *summary)
{
    int code = summary_exit_code(summary);

    if (summary->error.kind == ERROR_CONFIG) /* nothing was run: a table would have only zeros */
        invocation_refuse(&summary->error);
    else if (invocation->options.json)
        print_summary_json(summary);
    else
        print_summary(summary);
    summary_done(summary);
    return code;
}

int invocation_refuse(const struct error *err)
{
    fprintf(stderr, "etl-sigos: %s\n", err->message);
    return exit_code_of(err);
}

/* Whether --accept-shrink names one report and its days: a person has looked at the window that the
 * guard held, and at no other. */
static bool check_accept(const struct options *options, size_t reports, struct error *err)
{
    if (!options->accept_shrink ||
        (reports == 1 && options->range.has_first && options->range.has_last))
        return true;
    return error_set(
        err, ERROR_CONFIG,
        "--accept-shrink lets one window through: name the report and its days, as the "
        "message of the held window does (REPORT --from DATE --to DATE)");
}

/* Prints the changes that a rehearsal found. */
static void print_plan(const struct table *sample)
{
    puts("\nA plan: nothing was written. Of what would change in rows loaded before, a sample:\n");
    table_print(sample, "nothing");
}

/* Runs a cycle, and tells of it if it is a whole one: a person who runs a part of one looks on. */
static void run_and_tell(const struct invocation *invocation, enum cycle_mode mode,
                         const struct report *const *reports, size_t count,
                         const struct cycle_options *options, struct summary *summary)
{
    const bool is_whole = !options->some_reports && !options->sample && !options->range.has_first &&
                          !options->range.has_last;
    struct telling telling = {0};

    if (is_whole)
        tell_start(&telling, &invocation->settings);
    cycle_run(&invocation->profile.portal, &invocation->settings, reports, count, options, summary);
    if (is_whole)
        tell_end(&telling, &invocation->settings, mode, summary);
}

int invocation_cycle(const struct invocation *invocation, enum cycle_mode mode)
{
    const struct report **reports = mem_array(invocation->profile.report_count, sizeof(*reports));
    struct cycle_options options = invocation_cycle_options(invocation, mode);
    char today[DATE_ISO_SIZE];
    struct summary summary;
    struct table sample;
    struct error err;
    size_t count;
    int code;

    table_init(&sample, history_changes.columns, invocation->options.json);
    if (invocation->options.plan) {
        options.sample = table_add;
        options.sample_arg = &sample;
    }
    date_format_iso(options.today, today);
    if (invocation->options.share)
        options.share = invocation->options.share_name ? invocation->options.share_name : today;
    if (invocation_reports(invocation, reports, &count, &err) &&
        check_accept(&invocation->options, count, &err)) {
        options.some_reports = count < invocation->profile.report_count;
        run_and_tell(invocation, mode, reports, count, &options, &summary);
        code = invocation_end_run(invocation, &summary);
        if (invocation->options.plan && !invocation->options.json)
            print_plan(&sample);
    } else {
        code = invocation_refuse(&err);
    }
    table_done(&sample);
    free(reports);
    return code;
}
