/* SPDX-License-Identifier: MIT */
/* Prints lists of the etl_* tables. */
#include "cli/history_list.h"

#include "cli/table.h"
#include "load/destination_open.h"
#include "run/exit_code.h"

#include <stdio.h>
#include <stdlib.h>

enum { LIMIT_DEFAULT = 100 };

struct history_filter history_filter_of(const struct invocation *invocation,
                                        const struct report *report)
{
    const struct options *options = &invocation->options;

    return (struct history_filter){
        .report = report ? report->name : NULL,
        .run = options->run,
        .has_since = options->has_since,
        .since = options->since,
        .has_first = options->range.has_first,
        .first = options->range.first,
        .has_last = options->range.has_last,
        .last = options->range.last,
        .limit = options->limit ? options->limit : LIMIT_DEFAULT,
    };
}

bool history_choose_report(const struct invocation *invocation, const struct report **out,
                           struct error *err)
{
    const struct options *options = &invocation->options;
    const char *name = options->argument_count ? options->arguments[0] : options->report;

    if (options->argument_count + (options->report && options->argument_count) > 1)
        return error_set(err, ERROR_CONFIG, "name one report, or none for all of them");
    *out = NULL;
    return !name || invocation_find_report(invocation, name, out, err);
}

/* Opens the database to be read, and creates nothing. *out is NULL if nothing was loaded yet. */
static bool open_destination(const struct invocation *invocation, struct destination **out,
                             struct error *err)
{
    enum destination_state state = DESTINATION_EMPTY;
    struct destination *dest;

    if (!destination_open_existing(invocation->settings.database, DESTINATION_READ, &dest, err))
        return false;
    bool ok = !dest || destination_inspect(dest, NULL, &state, err);
    if (!ok || state == DESTINATION_EMPTY) {
        destination_close(dest);
        dest = NULL;
    }
    if (ok)
        *out = dest;
    return ok;
}

/* Says that nothing was loaded yet; on standard error if a program reads the output as JSON. */
static void say_nothing_was_loaded(const struct invocation *invocation)
{
    char *where = destination_describe(invocation->settings.database);

    fprintf(invocation->options.json ? stderr : stdout,
            "nothing was loaded yet: %s has no tables of etl-sigos; `etl-sigos full` makes and "
            "fills them\n",
            where);
    free(where);
}

bool history_show(const struct invocation *invocation, struct destination *dest,
                  const struct history_kind *kind, const struct history_filter *filter,
                  const char *empty, struct error *err)
{
    struct table table;

    table_init(&table, kind->columns, invocation->options.json);
    bool ok = history_read(dest, kind, filter, table_add, &table, err);
    if (ok)
        table_print(&table, empty);
    table_done(&table);
    return ok;
}

int history_run(int argc, char **argv, history_print *print)
{
    struct destination *dest = NULL;
    const struct report *report;
    struct invocation invocation;
    struct error err;
    int code = EXIT_CODE_DONE;

    if (!invocation_open(argc, argv, &invocation, &err))
        return invocation_refuse(&err);
    bool ok = history_choose_report(&invocation, &report, &err) &&
              open_destination(&invocation, &dest, &err);
    if (ok && !dest)
        say_nothing_was_loaded(&invocation);
    ok = ok && print(&invocation, dest, &code, &err);
    destination_close(dest);
    invocation_close(&invocation);
    return ok ? code : invocation_refuse(&err);
}
