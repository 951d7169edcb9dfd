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
