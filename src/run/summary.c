/* SPDX-License-Identifier: MIT */
/* The table at the end of a run. */
#include "run/summary.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/stop.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int exit_code_of(const struct error *err)
{
    switch (err->kind) {
    case ERROR_NONE:
        return EXIT_CODE_DONE;
    case ERROR_CONFIG:
        return EXIT_CODE_USAGE;
    case ERROR_LOGIN:
    case ERROR_PORTAL:
        return EXIT_CODE_PORTAL;
    case ERROR_HELD:
        return EXIT_CODE_HELD;
    case ERROR_LOCKED:
        return EXIT_CODE_LOCKED;
    case ERROR_DATABASE:
        return EXIT_CODE_DATABASE;
    case ERROR_STOPPED:
        return 128 + stop_signal();
    case ERROR_DATA:
    case ERROR_SYSTEM:
        break;
    }
    return EXIT_CODE_FAILED;
}

static void forget_columns(struct report_summary *report)
{
    for (size_t i = 0; i < report->column_count; i++)
        free(report->columns[i]);
    free(report->columns);
}

void summary_done(struct summary *summary)
{
    for (size_t i = 0; i < summary->report_count; i++)
        forget_columns(&summary->reports[i]);
    free(summary->reports);
    *summary = (struct summary){0};
}

void summary_add(struct report_summary *report, const struct ledger_entry *entry,
                 const struct error *err)
{
    switch (entry->status) {
    case WINDOW_LOADED:
        report->loaded++;
        break;
    case WINDOW_HELD:
        report->held++;
        break;
    case WINDOW_REFUSED:
        report->refused++;
        break;
    case WINDOW_FAILED:
        report->failed++;
        break;
    }
    if (entry->status != WINDOW_LOADED) {
        struct error *first = entry->status == WINDOW_HELD ? &report->hold : &report->failure;
        if (first->kind == ERROR_NONE)
            *first = *err;
        return;
    }
    report->rows.read += entry->rows.read;
    report->rows.loaded += entry->rows.loaded;
    report->rows.duplicates += entry->rows.duplicates;
    report->rows.boundary += entry->rows.boundary;
    report->rows.rejected += entry->rows.rejected;
    report->rows.foreign += entry->rows.foreign;
    report->rows.unreadable += entry->rows.unreadable;
    report->rows.left_out += entry->rows.left_out;
    report->changes.inserted += entry->changes.inserted;
    report->changes.updated += entry->changes.updated;
    report->changes.deleted += entry->changes.deleted;
    report->changes.unchanged += entry->changes.unchanged;
    report->changes.kept += entry->changes.kept;
}

bool summary_note_column(struct report_summary *report, const char *name)
{
    for (size_t i = 0; i < report->column_count; i++)
        if (strcmp(report->columns[i], name) == 0)
            return false;
    report->columns = mem_grow(report->columns, report->column_count + 1, sizeof(*report->columns));
    report->columns[report->column_count++] = mem_copy(name);
    return true;
}

bool summary_is_empty(const struct report_summary *report)
{
    return report->loaded > 0 && report->resumed == 0 && report->rows.read == 0;
}

int summary_exit_code(const struct summary *summary)
{
    size_t loaded = 0, held = 0;
    const struct error *failure = NULL;

    if (summary->error.kind != ERROR_NONE)
        return exit_code_of(&summary->error);
    for (size_t i = 0; i < summary->report_count; i++) {
        const struct report_summary *report = &summary->reports[i];
        loaded += report->loaded;
        held += report->held;
        if (!failure && report->failure.kind != ERROR_NONE)
            failure = &report->failure;
    }
    if (failure && (loaded || held))
        return EXIT_CODE_SOME_FAILED;
    if (failure)
        return exit_code_of(failure);
    return held ? EXIT_CODE_HELD : EXIT_CODE_DONE;
}

struct line {
    const char *name;
    size_t windows, loaded;
    const struct batch_counts *rows;
    const struct change_counts *changes;
    double seconds;
};

static void print_line(const struct line *line)
{
    printf("%-18s %4zu/%-4zu %9" PRIu64 " %9" PRIu64 " %10" PRIu64 " %8" PRIu64 " %9" PRIu64
           " %8" PRIu64 " %8" PRIu64 " %10" PRIu64 " %8.1f\n",
           line->name, line->loaded, line->windows, line->rows->read, line->rows->boundary,
           line->rows->duplicates, line->rows->rejected, line->changes->inserted,
           line->changes->updated, line->changes->deleted, line->changes->unchanged, line->seconds);
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

/* What the table of numbers has no column for: it is rare. */
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
    if (report->resumed)
        printf("%s: %zu window%s skipped, loaded by a run before\n", report->report,
               report->resumed, report->resumed == 1 ? "" : "s");
    if (report->held)
        printf("%s: %zu window%s held: %s\n", report->report, report->held,
               report->held == 1 ? "" : "s", report->hold.message);
    if (report->failure.kind != ERROR_NONE)
        printf("%s: %zu window%s not loaded: %s\n", report->report, lost, lost == 1 ? "" : "s",
               report->failure.message);
}

void summary_print(const struct summary *summary)
{
    printf("\n%-18s %9s %9s %9s %10s %8s %9s %8s %8s %10s %8s\n", "report", "windows", "read",
           "boundary", "duplicates", "rejected", "inserted", "updated", "deleted", "unchanged",
           "seconds");
    for (size_t i = 0; i < summary->report_count; i++) {
        const struct report_summary *report = &summary->reports[i];
        print_line(&(struct line){.name = report->report,
                                  .windows = report->windows,
                                  .loaded = report->loaded,
                                  .rows = &report->rows,
                                  .changes = &report->changes,
                                  .seconds = report->seconds});
    }
    for (size_t i = 0; i < summary->report_count; i++)
        print_columns(&summary->reports[i], summary->rehearsal);
    for (size_t i = 0; i < summary->report_count; i++)
        print_notes(&summary->reports[i]);
    for (size_t i = 0; i < summary->report_count; i++)
        print_troubles(&summary->reports[i]);
    if (summary->error.kind != ERROR_NONE)
        printf("the run ended early: %s\n", summary->error.message);
    printf("run %s, %.1f s\n", summary->run_id, summary->seconds);
    fflush(stdout);
}

static void add_error(struct buf *out, const struct error *err)
{
    if (err->kind == ERROR_NONE)
        return;
    buf_addf(out, ",\"error_kind\":\"%s\",\"error\":", error_kind_name(err->kind));
    json_add_string(out, err->message, strlen(err->message));
}

static void add_columns(struct buf *out, const struct report_summary *report, bool rehearsal)
{
    buf_addf(out, ",\"%s\":[", rehearsal ? "columns_to_add" : "columns_added");
    for (size_t i = 0; i < report->column_count; i++) {
        if (i)
            buf_add_char(out, ',');
        json_add_string(out, report->columns[i], strlen(report->columns[i]));
    }
    buf_add_char(out, ']');
}

void summary_print_json(const struct summary *summary)
{
    BUF_DONE struct buf out = BUF_INIT(1024 * 1024);

    buf_addf(&out, "{\"run\":\"%s\",\"exit_code\":%d,\"seconds\":%.3f", summary->run_id,
             summary_exit_code(summary), summary->seconds);
    add_error(&out, &summary->error);
    buf_add_text(&out, ",\"reports\":[");
    for (size_t i = 0; i < summary->report_count; i++) {
        const struct report_summary *report = &summary->reports[i];
        buf_addf(&out,
                 "%s{\"report\":\"%s\",\"windows\":%zu,\"loaded_windows\":%zu,\"held\":%zu,"
                 "\"refused\":%zu,\"failed\":%zu,\"resumed\":%zu,",
                 i ? "," : "", report->report, report->windows, report->loaded, report->held,
                 report->refused, report->failed, report->resumed);
        buf_addf(&out,
                 "\"read\":%" PRIu64 ",\"loaded\":%" PRIu64 ",\"duplicates\":%" PRIu64
                 ",\"boundary\":%" PRIu64 ",\"rejected\":%" PRIu64 ",\"unreadable\":%" PRIu64
                 ",\"left_out\":%" PRIu64 ",",
                 report->rows.read, report->rows.loaded, report->rows.duplicates,
                 report->rows.boundary, report->rows.rejected, report->rows.unreadable,
                 report->rows.left_out);
        buf_addf(&out,
                 "\"inserted\":%" PRIu64 ",\"updated\":%" PRIu64 ",\"deleted\":%" PRIu64
                 ",\"unchanged\":%" PRIu64 ",\"kept\":%" PRIu64 ",\"empty\":%s,\"seconds\":%.3f",
                 report->changes.inserted, report->changes.updated, report->changes.deleted,
                 report->changes.unchanged, report->changes.kept,
                 summary_is_empty(report) ? "true" : "false", report->seconds);
        add_columns(&out, report, summary->rehearsal);
        add_error(&out, report->failure.kind ? &report->failure : &report->hold);
        buf_add_char(&out, '}');
    }
    buf_add_text(&out, "]}");
    puts(buf_text(&out));
    fflush(stdout);
}
