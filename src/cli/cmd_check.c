/* SPDX-License-Identifier: MIT */
/* etl-sigos check: checks the profile and the database, and advises; with --verify finds and prints
 * the rows that are not what was loaded. */
#include "cli/command.h"

#include "base/mem.h"
#include "cli/invocation.h"
#include "cli/table.h"
#include "load/destination.h"
#include "load/destination_open.h"
#include "run/exit_code.h"
#include "run/lease_holder.h"
#include "run/verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* What is verified, the two tables that are printed, and whether a row differs. */
struct verification {
    const struct invocation *invocation;
    struct destination *dest;
    struct table reports, examples;
    bool differs;
};

static struct cell cell_of(const char *text)
{
    return (struct cell){.text = text, .len = text ? strlen(text) : 0};
}

static bool add_report(struct verification *verification, const struct report *report,
                       const struct verified *found, struct error *err)
{
    const uint64_t counts[] = {found->rows, found->differing, found->contents, found->keys,
                               found->foreign};
    enum { COUNTS = sizeof(counts) / sizeof(*counts) };
    char texts[COUNTS][24];
    struct cell cells[COUNTS + 1] = {cell_of(report->name)};

    for (size_t i = 0; i < COUNTS; i++) {
        snprintf(texts[i], sizeof(texts[i]), "%" PRIu64, counts[i]);
        cells[i + 1] = cell_of(texts[i]);
    }
    return table_add(&verification->reports, cells, COUNTS + 1, err);
}

static bool add_examples(struct verification *verification, const struct report *report,
                         const struct verified *found, struct error *err)
{
    bool ok = true;

    for (size_t i = 0; ok && i < found->example_count; i++) {
        const struct verify_example *example = &found->examples[i];
        const struct cell cells[] = {
            cell_of(report->name),
            cell_of(example->date),
            cell_of(!example->key_differs       ? "contents"
                    : !example->contents_differ ? "key"
                                                : "key and contents"),
            cell_of(example->key),
        };
        ok = table_add(&verification->examples, cells, sizeof(cells) / sizeof(*cells), err);
    }
    return ok;
}

/* Verifies the table of one report. A table that a run would create or adopt has no row that was
 * loaded. */
static bool verify_one(struct verification *verification, const struct report *report,
                       struct error *err)
{
    enum destination_state state;
    struct verified found = {0};

    if (!destination_inspect(verification->dest, report, &state, err))
        return false;
    if (state != DESTINATION_READY) {
        fprintf(stderr, "%s: nothing was loaded yet\n", report->name);
        return true;
    }
    if (!verify_report(verification->dest, report, verification->invocation->options.range, &found,
                       err))
        return false;
    verification->differs = verification->differs || found.differing;
    const bool ok = add_report(verification, report, &found, err) &&
                    add_examples(verification, report, &found, err);
    verified_done(&found);
    return ok;
}

static void print(const struct verification *verification)
{
    if (verification->invocation->options.json)
        return;
    table_print(&verification->reports, "nothing was loaded yet");
    if (!verification->differs)
        return;
    puts("\nRows that a person or a trigger changed, some of them; `etl-sigos full --verify` mends "
         "them:\n");
    table_print(&verification->examples, "");
}

static bool verify_all(struct verification *verification, const struct report *const *reports,
                       size_t count, struct error *err)
{
    static const char *const columns[] = {"report", "rows",    "differing", "contents",
                                          "keys",   "foreign", NULL};
    static const char *const example_columns[] = {"report", "window_date", "differs", "key", NULL};
    bool ok = true;

    table_init(&verification->reports, columns, verification->invocation->options.json);
    table_init(&verification->examples, example_columns, verification->invocation->options.json);
    for (size_t i = 0; ok && i < count; i++)
        ok = verify_one(verification, reports[i], err);
    if (ok)
        print(verification);
    table_done(&verification->reports);
    table_done(&verification->examples);
    return ok;
}

/* Reads the tables of the chosen reports, prints which rows are not what was loaded, and sets
 * *code: EXIT_CODE_DATA_TEST if there are any, else EXIT_CODE_DONE. The database is only read. */
static bool verify(const struct invocation *invocation, int *code, struct error *err)
{
    const struct report **reports = mem_array(invocation->profile.report_count, sizeof(*reports));
    struct verification verification = {.invocation = invocation};
    size_t count;

    bool ok = invocation_reports(invocation, reports, &count, err) &&
              destination_open_existing(invocation->settings.database, DESTINATION_READ,
                                        &verification.dest, err);
    if (ok && verification.dest)
        ok = verify_all(&verification, reports, count, err);
    else if (ok)
        fputs("nothing was loaded yet: there is no database\n", stderr);
    destination_close(verification.dest);
    free(reports);
    if (ok)
        *code = verification.differs ? EXIT_CODE_DATA_TEST : EXIT_CODE_DONE;
    return ok;
}

static int run(int argc, char **argv)
{
    struct invocation invocation;
    struct error err;
    int code = EXIT_CODE_DONE;

    if (!invocation_open(argc, argv, &invocation, &err))
        return invocation_refuse(&err);
    const bool ok =
        invocation.options.verify ? verify(&invocation, &code, &err) : check(&invocation, &err);
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
