/* SPDX-License-Identifier: MIT */
/* Adds up what became of the windows of a run. */
#include "run/summary.h"

#include "base/mem.h"
#include "run/exit_code.h"

#include <stdlib.h>
#include <string.h>

static void free_columns(struct report_summary *report)
{
    for (size_t i = 0; i < report->column_count; i++)
        free(report->columns[i]);
    free(report->columns);
}

void summary_done(struct summary *summary)
{
    for (size_t i = 0; i < summary->report_count; i++)
        free_columns(&summary->reports[i]);
    free(summary->reports);
    *summary = (struct summary){0};
}

/* Adds the counts of one load, or of several. */
static void add_counts(struct report_summary *report, const struct batch_counts *rows,
                       const struct change_counts *changes)
{
    report->rows.read += rows->read;
    report->rows.loaded += rows->loaded;
    report->rows.duplicates += rows->duplicates;
    report->rows.boundary += rows->boundary;
    report->rows.rejected += rows->rejected;
    report->rows.foreign += rows->foreign;
    report->rows.unreadable += rows->unreadable;
    report->rows.left_out += rows->left_out;
    report->changes.inserted += changes->inserted;
    report->changes.updated += changes->updated;
    report->changes.deleted += changes->deleted;
    report->changes.unchanged += changes->unchanged;
    report->changes.kept += changes->kept;
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
    add_counts(report, &entry->rows, &entry->changes);
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

void summary_merge(struct report_summary *report, const struct report_summary *other)
{
    add_counts(report, &other->rows, &other->changes);
    report->loaded += other->loaded;
    report->held += other->held;
    report->refused += other->refused;
    report->failed += other->failed;
    report->not_kept += other->not_kept;
    report->seconds += other->seconds;
    for (size_t i = 0; i < other->column_count; i++)
        summary_note_column(report, other->columns[i]);
    if (report->failure.kind == ERROR_NONE)
        report->failure = other->failure;
    if (report->hold.kind == ERROR_NONE)
        report->hold = other->hold;
}

bool summary_is_empty(const struct report_summary *report)
{
    return report->loaded > 0 && report->resumed == 0 && report->shared == 0 &&
           report->rows.read == 0;
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
