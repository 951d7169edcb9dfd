/* SPDX-License-Identifier: MIT */
/* etl-sigos copy: copies a database into another one. */
#include "cli/command.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/secret.h"
#include "cli/invocation.h"
#include "cli/table.h"
#include "config/database_url.h"
#include "load/destination_open.h"
#include "run/copy.h"
#include "run/exit_code.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The addresses of both databases; owned, because what is ignored is taken out of them. */
struct addresses {
    char *from, *to;
};

/* Takes the address of an option, or the setting. An option that has a password is refused: every
 * user of the machine sees the words of a command line. */
static bool choose(const char *option, const char *given, const char *setting, const char *variable,
                   char **out, struct error *err)
{
    char *warning = NULL;

    if (!given && !setting)
        return error_set(err, ERROR_CONFIG, "copy: from which database? Set %s, or name it with %s",
                         variable, option);
    if (given) {
        MEM_FREE_TEXT char *shown = destination_describe(given);
        if (strcmp(shown, given) != 0)
            return error_set(err, ERROR_CONFIG,
                             "copy: %s has a password, which others can read in a command line: set"
                             " %s, or %s_FILE to a file that holds it, and leave %s out",
                             option, variable, variable, option);
    }
    char *url = mem_copy(given ? given : setting);
    if (given && !database_url_accept(url, &warning, err)) {
        secret_free(url);
        return error_context(err, "copy: %s", option);
    }
    if (warning)
        log_warn("settings.warning", log_text("warning", warning));
    free(warning);
    *out = url;
    return true;
}

static bool find_addresses(const struct invocation *invocation, struct addresses *out,
                           struct error *err)
{
    const struct options *options = &invocation->options;
    const struct settings *settings = &invocation->settings;

    if (options->argument_count)
        return error_set(err, ERROR_CONFIG,
                         "copy takes no argument, found '%s': it copies all reports",
                         options->arguments[0]);
    return choose("--from", options->from_url, settings->copy_from, "COPY_FROM_URL", &out->from,
                  err) &&
           choose("--to", options->to_url, settings->database, "DATABASE_URL", &out->to, err);
}

static void addresses_done(struct addresses *addresses)
{
    secret_free(addresses->from);
    secret_free(addresses->to);
}

static bool print_table(struct table *table, const struct copied_table *copied, struct error *err)
{
    enum { TEXT = 40 };
    char rows[TEXT], from[TEXT], to[TEXT];
    const struct day_digest *a = &copied->from, *b = &copied->to;

    if (a->rows == b->rows)
        snprintf(rows, sizeof(rows), "%" PRIu64, a->rows);
    else
        snprintf(rows, sizeof(rows), "%" PRIu64 "/%" PRIu64, a->rows, b->rows);
    snprintf(from, sizeof(from), "%016" PRIx64 "%016" PRIx64, a->sum.high, a->sum.low);
    snprintf(to, sizeof(to), "%016" PRIx64 "%016" PRIx64, b->sum.high, b->sum.low);
    const struct cell cells[] = {table_text(copied->name), table_text(rows), table_text(from),
                                 table_text(to), table_text(day_digest_equal(a, b) ? "yes" : "NO")};
    return table_add(table, cells, sizeof(cells) / sizeof(*cells), err);
}

static bool print(const struct invocation *invocation, const struct addresses *addresses,
                  const struct copy_outcome *outcome, struct error *err)
{
    static const char *const columns[] = {"table", "rows", "source", "target", "equal", NULL};
    MEM_FREE_TEXT char *to = destination_describe(addresses->to);
    struct table table;
    bool ok = true;

    table_init(&table, columns, invocation->options.json);
    for (size_t i = 0; ok && i < outcome->count; i++)
        ok = print_table(&table, &outcome->tables[i], err);
    table_print(&table, "nothing");
    table_done(&table);
    if (!ok || invocation->options.json)
        return ok;
    printf("\n%" PRIu64 " rows and entries written\n", outcome->written);
    if (outcome->differs)
        puts("The databases are not equal: run the same copy again; if they stay so, copy into an "
             "empty database.");
    else
        printf("Both are equal. Next: set DATABASE_URL to %s, then `etl-sigos layers` builds the "
               "layers there.\n",
               to);
    return true;
}

static bool copy(const struct invocation *invocation, int *code, struct error *err)
{
    struct addresses addresses = {0};
    struct copy_outcome outcome = {0};

    bool ok = find_addresses(invocation, &addresses, err);
    if (ok) {
        const struct copy_order order = {.from = addresses.from,
                                         .to = addresses.to,
                                         .reports = invocation->profile.reports,
                                         .report_count = invocation->profile.report_count};
        ok = copy_database(&order, &outcome, err) && print(invocation, &addresses, &outcome, err);
    }
    *code = outcome.differs ? EXIT_CODE_DATA_TEST : EXIT_CODE_DONE;
    copy_outcome_done(&outcome);
    addresses_done(&addresses);
    return ok;
}

static int run(int argc, char **argv)
{
    struct invocation invocation;
    struct error err;
    int code = EXIT_CODE_DONE;

    if (!invocation_open(argc, argv, &invocation, &err))
        return invocation_refuse(&err);
    const bool ok = copy(&invocation, &code, &err);
    invocation_close(&invocation);
    return ok ? code : invocation_refuse(&err);
}

const struct command command_copy = {
    .name = "copy",
    .summary = "copy a database with its history into another one, of any kind",
    .help =
        "usage: etl-sigos copy [--from URL] [--to URL] [OPTION…]\n"
        "\n"
        "Copies rows, change log, ledger, rejects, runs, added columns and notes from one database "
        "into\n"
        "another: SQLite, PostgreSQL and ClickHouse in any pair. Reads both sides anew in the end "
        "and\n"
        "compares them by fingerprints; the exit code is 8 if they differ. The source is only "
        "read; no\n"
        "cycle can run on either meanwhile.\n"
        "\n"
        "A copy that was interrupted is continued by the same command, and a newer state of the "
        "source\n"
        "is copied by it too: only what differs is written. The target must be empty, or have been "
        "made\n"
        "by a copy of the same source.\n"
        "\n"
        "An address with a password is never given in the command line: COPY_FROM_URL (or "
        "COPY_FROM_URL_FILE)\n"
        "names the source, DATABASE_URL the target.\n"
        "\n"
        "options:\n"
        "  --from URL        the database that is read; without it COPY_FROM_URL\n"
        "  --to URL          the database that is written; without it DATABASE_URL\n"
        "  --profile DIR     read the reports from DIR, not the built-in profile\n"
        "  --env-file FILE   read the settings from FILE, not from .env\n"
        "  --json            print the log and the table as JSON\n",
    .run = run,
};
