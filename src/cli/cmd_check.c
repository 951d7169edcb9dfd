/* SPDX-License-Identifier: MIT */
/* etl-sigos check: checks the profile and the database, and advises. */
#include "cli/command.h"

#include "cli/check_verify.h"
#include "cli/invocation.h"
#include "load/destination.h"
#include "load/destination_open.h"
#include "run/exit_code.h"
#include "run/lease_holder.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LEASE_SECONDS = 300 };

/* Prints one advice: what is wrong, and what to do. */
static bool print_advice(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    (void)arg;
    (void)count;
    (void)err;
    printf("warning  %.*s\n         %.*s\n", (int)cells[0].len, cells[0].text, (int)cells[1].len,
           cells[1].text);
    return true;
}

/* Brings the tables up to date under the lease, as a run does. If another run holds the lease, that
 * run has done so. */
static bool migrate(const struct profile *profile, struct destination *dest, struct error *err)
{
    char id[32], holder[LEASE_HOLDER_SIZE];
    const struct lease lease = {
        .run_id = id, .holder = holder, .seconds = LEASE_SECONDS, .is_dead = lease_holder_is_dead};

    snprintf(id, sizeof(id), "check-%ld", (long)getpid());
    lease_holder_name(holder);
    if (!destination_migrate(dest, NULL, err))
        return false;
    if (!destination_take_lease(dest, &lease, err)) {
        if (err->kind != ERROR_LOCKED)
            return false;
        printf("note     the tables were left as they are: %s\n", err->message);
        return true;
    }
    bool ok = true;
    for (size_t i = 0; ok && i < profile->report_count; i++)
        ok = destination_migrate(dest, &profile->reports[i], err);
    destination_release_lease(dest);
    return ok;
}

static bool check_database(const struct invocation *invocation, struct error *err)
{
    char *where = destination_describe(invocation->settings.database);
    struct destination *dest = NULL;
    bool ok = destination_open(invocation->settings.database, &dest, err) &&
              migrate(&invocation->profile, dest, err) &&
              destination_advise(dest, print_advice, NULL, err);

    if (ok)
        printf("ok       database %s\n", where);
    destination_close(dest);
    free(where);
    return ok;
}

static bool check(const struct invocation *invocation, struct error *err)
{
    if (invocation->options.argument_count)
        return error_set(err, ERROR_CONFIG,
                         "check takes no argument without --verify: it looks at all reports");
    printf("ok       profile of %s: %zu reports\n", invocation->profile.portal.name,
           invocation->profile.report_count);
    return check_database(invocation, err);
}

static int run(int argc, char **argv)
{
    struct invocation invocation;
    struct error err;
    int code = EXIT_CODE_DONE;

    if (!invocation_open(argc, argv, &invocation, &err))
        return invocation_refuse(&err);
    const bool ok = invocation.options.verify ? check_verify(&invocation, &code, &err)
                                              : check(&invocation, &err);
    invocation_close(&invocation);
    return ok ? code : invocation_refuse(&err);
}

const struct command command_check = {
    .name = "check",
    .summary = "check the profile and the database, and say what to do",
    .help =
        "usage: etl-sigos check [--profile DIR] [--env-file FILE]\n"
        "       etl-sigos check --verify [REPORT…] [OPTION…]\n"
        "\n"
        "Reads the profile, opens the database and brings its tables up to date. Warns of settings "
        "that\n"
        "are allowed but unwise, and prints the SQL that corrects them.\n"
        "\n"
        "With --verify it reads the tables, writes nothing, and lists the rows that a person or a "
        "trigger\n"
        "changed after they were loaded. The exit code is 8 if there are any. `etl-sigos full "
        "--verify`\n"
        "corrects them.\n"
        "\n"
        "options:\n"
        "  --verify          find rows that were changed after they were loaded\n"
        "  --from DATE       only rows dated that day or later\n"
        "  --to DATE         only rows dated that day or earlier\n"
        "  --json            print JSON, one object a line: reports, then examples\n",
    .run = run,
};
