/* SPDX-License-Identifier: MIT */
/* etl-sigos check: is everything in place, and what should be done about it? */
#include "cli/command.h"

#include "cli/session.h"
#include "load/destination.h"
#include "run/holder.h"

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
    char id[32], holder[HOLDER_SIZE];
    const struct lease lease = {
        .run_id = id, .holder = holder, .seconds = LEASE_SECONDS, .is_dead = holder_is_dead};

    snprintf(id, sizeof(id), "check-%ld", (long)getpid());
    holder_name(holder);
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

static bool check_database(const struct session *session, struct error *err)
{
    char *where = destination_describe(session->settings.database);
    struct destination *dest = NULL;
    bool ok = destination_open(session->settings.database, &dest, err) &&
              migrate(&session->profile, dest, err) &&
              destination_advise(dest, print_advice, NULL, err);

    if (ok)
        printf("ok       database %s\n", where);
    destination_close(dest);
    free(where);
    return ok;
}

static int run(int argc, char **argv)
{
    struct session session;
    struct error err;

    if (!session_open(argc, argv, &session, &err))
        return session_refuse(&err);
    if (session.options.argument_count) {
        error_set(&err, ERROR_CONFIG, "check takes no argument: it looks at all reports");
        session_close(&session);
        return session_refuse(&err);
    }
    printf("ok       profile of %s: %zu reports\n", session.profile.portal.name,
           session.profile.report_count);
    bool ok = check_database(&session, &err);
    session_close(&session);
    return ok ? EXIT_DONE : session_refuse(&err);
}

const struct command command_check = {
    .name = "check",
    .summary = "whether profile and database are in order, and what to do if not",
    .help = "usage: etl-sigos check [--profile DIR] [--env-file FILE]\n"
            "\n"
            "Reads the profile, opens the database, brings its schema up to date, and warns of "
            "what is\n"
            "allowed but unwise, with the SQL that mends it.\n",
    .run = run,
};
