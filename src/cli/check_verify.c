/* SPDX-License-Identifier: MIT */
/* etl-sigos check --verify: finds and prints rows that are not what was loaded. */
#include "cli/check_verify.h"

#include "base/mem.h"
#include "cli/table.h"
#include "load/destination.h"
#include "load/destination_open.h"
#include "run/exit_code.h"
#include "run/verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is verified, the two tables that are printed, and whether a row differs. */
struct verification {
    const struct invocation *invocation;
    struct destination *dest;
    struct table reports, examples;
    bool differs;
};

static bool add_report(struct verification *verification, const struct report *report,
                       const struct verified *found, struct error *err)
{
    const uint64_t counts[] = {found->rows, found->differing, found->contents, found->keys,
                               found->foreign};
    enum { COUNTS = sizeof(counts) / sizeof(*counts) };
    char texts[COUNTS][24];
    struct cell cells[COUNTS + 1] = {table_text(report->name)};

    for (size_t i = 0; i < COUNTS; i++) {
        snprintf(texts[i], sizeof(texts[i]), "%" PRIu64, counts[i]);
        cells[i + 1] = table_text(texts[i]);
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
            table_text(report->name),
            table_text(example->date),
            table_text(!example->key_differs       ? "contents"
                       : !example->contents_differ ? "key"
                                                   : "key and contents"),
            table_text(example->key),
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

bool check_verify(const struct invocation *invocation, int *code, struct error *err)
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
