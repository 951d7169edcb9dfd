/* SPDX-License-Identifier: MIT */
/* etl-sigos check --verify: are the rows those that were loaded? */
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

/* The two tables that are printed, and whether a row differed. */
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

static bool add_report(struct verification *in, const struct report *report,
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
    return table_add(&in->reports, cells, COUNTS + 1, err);
}

static bool add_examples(struct verification *in, const struct report *report,
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
        ok = table_add(&in->examples, cells, sizeof(cells) / sizeof(*cells), err);
    }
    return ok;
}

/* A table that a run would make, or adopt, has no row of ours. */
static bool verify_one(struct verification *in, const struct report *report, struct error *err)
{
    enum destination_state state;
    struct verified found = {0};

    if (!destination_inspect(in->dest, report, &state, err))
        return false;
    if (state != DESTINATION_READY) {
        fprintf(stderr, "%s: nothing was loaded yet\n", report->name);
        return true;
    }
    if (!verify_report(in->dest, report, in->invocation->options.range, &found, err))
        return false;
    in->differs = in->differs || found.differing;
    const bool ok = add_report(in, report, &found, err) && add_examples(in, report, &found, err);
    verified_done(&found);
    return ok;
}

static void print(const struct verification *in)
{
    if (in->invocation->options.json)
        return;
    table_print(&in->reports, "nothing was loaded yet");
    if (!in->differs)
        return;
    puts("\nRows that a person or a trigger changed, some of them; `etl-sigos full --verify` mends "
         "them:\n");
    table_print(&in->examples, "");
}

static bool verify_all(struct verification *in, const struct report *const *reports, size_t count,
                       struct error *err)
{
    static const char *const columns[] = {"report", "rows",    "differing", "contents",
                                          "keys",   "foreign", NULL};
    static const char *const example_columns[] = {"report", "window_date", "differs", "key", NULL};
    bool ok = true;

    table_init(&in->reports, columns, in->invocation->options.json);
    table_init(&in->examples, example_columns, in->invocation->options.json);
    for (size_t i = 0; ok && i < count; i++)
        ok = verify_one(in, reports[i], err);
    if (ok)
        print(in);
    table_done(&in->reports);
    table_done(&in->examples);
    return ok;
}

bool check_verify(const struct invocation *invocation, int *code, struct error *err)
{
    const struct report **reports = mem_array(invocation->profile.report_count, sizeof(*reports));
    struct verification in = {.invocation = invocation};
    size_t count;

    bool ok =
        invocation_reports(invocation, reports, &count, err) &&
        destination_open_existing(invocation->settings.database, DESTINATION_READ, &in.dest, err);
    if (ok && in.dest)
        ok = verify_all(&in, reports, count, err);
    else if (ok)
        fputs("nothing was loaded yet: there is no database\n", stderr);
    destination_close(in.dest);
    free(reports);
    if (ok)
        *code = in.differs ? EXIT_CODE_DATA_TEST : EXIT_CODE_DONE;
    return ok;
}
