/* SPDX-License-Identifier: MIT */
/* etl-sigos check: tries all that a cycle needs, and says what is wrong and what to do. */
#include "cli/command.h"

#include "base/clock.h"
#include "base/log.h"
#include "cli/check_compact.h"
#include "cli/check_lease.h"
#include "cli/check_machine.h"
#include "cli/check_verify.h"
#include "cli/findings.h"
#include "cli/invocation.h"
#include "load/destination.h"
#include "load/destination_open.h"
#include "run/exit_code.h"
#include "run/portal_check.h"

#include <stdlib.h>

/* Brings the tables up to date under the lease, as a run does. If another run holds the lease, that
 * run has done so. */
static bool migrate(const struct profile *profile, struct destination *dest,
                    struct findings *findings, struct error *err)
{
    struct check_lease lease = {0};

    if (!destination_migrate(dest, NULL, err))
        return false;
    if (!check_lease_take(&lease, dest, err)) {
        if (err->kind != ERROR_LOCKED)
            return false;
        findings_addf(findings, FINDING_NOTE, "database", NULL,
                      "the tables were left as they are: %s", err->message);
        return true;
    }
    bool ok = true;
    for (size_t i = 0; ok && i < profile->report_count; i++)
        ok = destination_migrate(dest, &profile->reports[i], err) &&
             destination_repair(dest, &profile->reports[i], findings_advise, findings, err);
    destination_release_lease(dest);
    return ok;
}

static void check_database(const struct invocation *invocation, struct findings *findings)
{
    char *where = destination_describe(invocation->settings.database);
    struct destination *dest = NULL;
    struct error err;

    if (destination_open(invocation->settings.database, &dest, &err) &&
        migrate(&invocation->profile, dest, findings, &err) &&
        destination_advise(dest, findings_advise, findings, &err))
        findings_add(findings, FINDING_OK, "database", where, NULL);
    else
        findings_fail(findings, "database", &err);
    destination_close(dest);
    free(where);
}

static void tell_passed(void *arg, const char *what, const char *found)
{
    findings_add(arg, FINDING_OK, what, found, NULL);
}

static void tell_warned(void *arg, const char *what, const char *found, const char *advice)
{
    findings_add(arg, FINDING_WARNING, what, found, advice);
}

static void tell_failed(void *arg, const char *what, const struct error *err)
{
    findings_fail(arg, what, err);
}

static void check_portal(const struct invocation *invocation, struct findings *findings)
{
    const struct portal_check check = {
        .passed = tell_passed, .warned = tell_warned, .failed = tell_failed, .arg = findings};

    portal_check(&invocation->profile.portal, &invocation->settings, invocation->profile.reports,
                 invocation->profile.report_count, clock_today() - 1, &check);
}

/* Checks everything, and goes on after what has failed. What is found is printed, so of the log
 * only errors are shown, unless LOG_LEVEL asks for more. */
static bool check(const struct invocation *invocation, int *code, struct error *err)
{
    struct findings findings = {.json = invocation->options.json};

    if (!invocation->settings.log_level)
        log_set_level(LOG_ERROR);
    if (invocation->options.argument_count || invocation->options.report)
        return error_set(err, ERROR_CONFIG,
                         "check takes no argument without --verify or --compact: it looks at all"
                         " reports");
    findings_addf(&findings, FINDING_OK, "profile", NULL, "%s: %zu reports, from %s",
                  invocation->profile.portal.name, invocation->profile.report_count,
                  invocation->options.profile ? invocation->options.profile : "the program itself");
    if (invocation->warning)
        findings_add(&findings, FINDING_WARNING, "settings", invocation->warning, NULL);
    check_settings(invocation, &findings);
    check_machine(invocation, &findings);
    if (!invocation->options.offline)
        check_portal(invocation, &findings);
    check_database(invocation, &findings);
    *code = findings.code;
    return true;
}
static int run(int argc, char **argv)
{
    struct invocation invocation;
    struct error err;
    int code = EXIT_CODE_DONE;

    if (!invocation_open(argc, argv, &invocation, &err))
        return invocation_refuse(&err);
    const bool ok = invocation.options.verify    ? check_verify(&invocation, &code, &err)
                    : invocation.options.compact ? check_compact(&invocation, &code, &err)
                                                 : check(&invocation, &code, &err);
    invocation_close(&invocation);
    return ok ? code : invocation_refuse(&err);
}

const struct command command_check = {
    .name = "check",
    .summary = "try all that a cycle needs, and say what is wrong and what to do",
    .help =
        "usage: etl-sigos check [--offline] [--profile DIR] [--env-file FILE] [--json]\n"
        "       etl-sigos check --verify [REPORT…] [OPTION…]\n"
        "       etl-sigos check --compact [REPORT…] [OPTION…]\n"
        "\n"
        "Shows where each setting came from; looks at clock, disk and memory; starts the browser, "
        "logs in,\n"
        "exports one day of each report and reads it; opens the database and brings its tables up "
        "to date.\n"
        "Warns of what is allowed but unwise, and says how to correct it. It goes on after what "
        "has failed;\n"
        "the exit code is that of the first failure.\n"
        "\n"
        "With --verify it reads the tables, writes nothing, and lists the rows that a person or a "
        "trigger\n"
        "changed after they were loaded. The exit code is 8 if there are any. `etl-sigos full "
        "--verify`\n"
        "corrects them.\n"
        "\n"
        "With --compact it removes from ClickHouse the rows that later loads have replaced and the "
        "leftovers of\n"
        "windows that failed; other databases do so by themselves. No query sees a difference. A "
        "whole "
        "cycle\n"
        "(`etl-sigos full`) does so too, once they are two in a hundred rows. It waits up to five "
        "minutes for\n"
        "queries that are running, and may be stopped and called again.\n"
        "\n"
        "options:\n"
        "  --offline         do not ask the portal\n"
        "  --verify          find rows that were changed after they were loaded\n"
        "  --compact         remove rows that nobody sees any more\n"
        "  --from DATE       only rows dated that day or later\n"
        "  --to DATE         only rows dated that day or earlier\n"
        "  --json            print JSON, one object a line\n",
    .run = run,
};
