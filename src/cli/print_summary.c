/* SPDX-License-Identifier: MIT */
/* Prints the summary of a run, as a table or as JSON. */
#include "cli/print_summary.h"

#include "base/buf.h"
#include "run/summary_json.h"

#include <inttypes.h>
#include <stdio.h>

/* Prints one report's line of the table. */
static void print_numbers(const struct report_summary *report)
{
    printf("%-18s %4zu/%-4zu %9" PRIu64 " %9" PRIu64 " %10" PRIu64 " %8" PRIu64 " %9" PRIu64
           " %8" PRIu64 " %8" PRIu64 " %10" PRIu64 " %8.1f\n",
           report->report, report->loaded, report->windows, report->rows.read,
           report->rows.boundary, report->rows.duplicates, report->rows.rejected,
           report->changes.inserted, report->changes.updated, report->changes.deleted,
           report->changes.unchanged, report->seconds);
}

static void print_columns(const struct report_summary *report, bool rehearsal)
{
    if (!report->column_count)
        return;
    printf("%s: new column%s, %s as text: ", report->report, report->column_count == 1 ? "" : "s",
           rehearsal ? "to be added" : "added");
    for (size_t i = 0; i < report->column_count; i++)
        printf("%s\"%s\"", i ? ", " : "", report->columns[i]);
    putchar('\n');
}

/* Prints the numbers that are seldom above zero and so have no column in the table. */
static void print_notes(const struct report_summary *report)
{
    if (report->changes.kept)
        printf("%s: %" PRIu64 " rows were kept although the exports do not show them: they may be "
               "lines that could not be read (`etl-sigos rejects %s`) or rows with a broken "
               "character in their key\n",
               report->report, report->changes.kept, report->report);
    if (report->rows.unreadable)
        printf("%s: %" PRIu64
               " cells held no date or time where there should be one and are NULL\n",
               report->report, report->rows.unreadable);
    if (report->rows.left_out)
        printf("%s: %" PRIu64 " lines left out: headers again, totals, footers, blank ones\n",
               report->report, report->rows.left_out);
}

static void print_troubles(const struct report_summary *report)
{
    const size_t lost = report->windows - report->loaded - report->held;

    if (summary_is_empty(report))
        printf("%s: warning: there was no record in any export: is that so at the portal?\n",
               report->report);
    if (report->not_kept)
        printf("%s: warning: %zu export%s not kept in the bronze archive; the log says why "
               "(bronze.failed)\n",
               report->report, report->not_kept, report->not_kept == 1 ? " was" : "s were");
    if (report->resumed)
        printf("%s: %zu window%s skipped, loaded by a run before\n", report->report,
               report->resumed, report->resumed == 1 ? "" : "s");
    if (report->shared)
        printf("%s: %zu window%s loaded by the other runs of this cycle\n", report->report,
               report->shared, report->shared == 1 ? "" : "s");
    if (report->held)
        printf("%s: %zu window%s held: %s\n", report->report, report->held,
               report->held == 1 ? "" : "s", report->hold.message);
    if (report->failure.kind != ERROR_NONE)
        printf("%s: %zu window%s not loaded: %s\n", report->report, lost, lost == 1 ? "" : "s",
               report->failure.message);
}

void print_summary(const struct summary *summary)
{
    printf("\n%-18s %9s %9s %9s %10s %8s %9s %8s %8s %10s %8s\n", "report", "windows", "read",
           "boundary", "duplicates", "rejected", "inserted", "updated", "deleted", "unchanged",
           "seconds");
    for (size_t i = 0; i < summary->report_count; i++)
        print_numbers(&summary->reports[i]);
    for (size_t i = 0; i < summary->report_count; i++)
        print_columns(&summary->reports[i], summary->rehearsal);
    for (size_t i = 0; i < summary->report_count; i++)
        print_notes(&summary->reports[i]);
    for (size_t i = 0; i < summary->report_count; i++)
        print_troubles(&summary->reports[i]);
    if (summary->not_sent)
        printf("warning: the bucket of the bronze archive lacks %zu export%s, which the next run "
               "sends; the log says why (bronze.not_sent)\n",
               summary->not_sent, summary->not_sent == 1 ? "" : "s");
    if (summary->error.kind != ERROR_NONE)
        printf("the run ended early: %s\n", summary->error.message);
    printf("run %s, %.1f s\n", summary->run_id, summary->seconds);
    fflush(stdout);
}

void print_summary_json(const struct summary *summary)
{
    BUF_DONE struct buf out = BUF_INIT(1024 * 1024);

    summary_add_json(&out, summary);
    puts(buf_text(&out));
    fflush(stdout);
}
