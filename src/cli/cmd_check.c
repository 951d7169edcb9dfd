/* SPDX-License-Identifier: MIT */
/* etl-sigos check: is everything in place, and what should be done about it? */
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

/* Advice comes as (what is wrong, what to do). */
static bool print_advice(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    (void)arg;
    (void)count;
    (void)err;
    printf("warning  %.*s\n         %.*s\n", (int)cells[0].len, cells[0].text, (int)cells[1].len,
           cells[1].text);
    return true;
}

/* As a run does, with the lease. Another run that has it has brought all up to date itself. */
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
    .summary = "whether profile and database are in order, and what to do if not",
    .help =
        "usage: etl-sigos check [--profile DIR] [--env-file FILE]\n"
        "       etl-sigos check --verify [REPORT…] [OPTION…]\n"
        "\n"
        "Reads the profile, opens the database, brings its schema up to date, and warns of what "
        "is\n"
        "allowed but unwise, with the SQL that mends it.\n"
        "\n"
        "With --verify it reads the tables instead, writes nothing, and tells which rows are not "
        "what\n"
        "was loaded, because a person or a trigger changed them: exit code 8 if there are any. "
        "`etl-sigos\n"
        "full --verify` mends them.\n"
        "\n"
        "options:\n"
        "  --verify          compute the fingerprints of all rows anew\n"
        "  --from DATE       of rows dated that day or later\n"
        "  --to DATE         of rows dated that day or earlier\n"
        "  --json            one JSON object a line: reports, then examples\n",
    .run = run,
};
