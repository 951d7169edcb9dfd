/* SPDX-License-Identifier: MIT */
/* etl-sigos check: is everything in place, and what should be done about it? */
#include "cli/command.h"

#include "cli/session.h"
#include "load/destination.h"

#include <stdio.h>
#include <stdlib.h>

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

static bool check_database(const struct session *session, struct error *err)
{
    const struct profile *profile = &session->profile;
    char *where = destination_describe(session->settings.database);
    struct destination *dest = NULL;
    bool ok = destination_open(session->settings.database, &dest, err);

    for (size_t i = 0; ok && i < profile->report_count; i++)
        ok = destination_migrate(dest, &profile->reports[i], err);
    ok = ok && destination_advise(dest, print_advice, NULL, err);
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
