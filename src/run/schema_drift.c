/* SPDX-License-Identifier: MIT */
/* Adds columns to a report and its table that an export brings and the profile does not know. */
#include "run/schema_drift.h"

#include "base/buf.h"
#include "base/log.h"
#include "load/history.h"

#include <string.h>

enum { LIST_MAX = 512 };

void schema_drift_init(struct schema_drift *drift, const struct report *profile,
                       struct report_summary *summary)
{
    *drift = (struct schema_drift){.summary = summary, .retry = &retry_database};
    grown_report_init(&drift->grown, profile);
}

void schema_drift_done(struct schema_drift *drift)
{
    grown_report_done(&drift->grown);
    arena_done(&drift->names);
    *drift = (struct schema_drift){0};
}

/* Adds a column of etl_columns to the report. One that the report cannot add is a column of the
 * profile by now. */
static bool recall_column(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct schema_drift *drift = arg;
    char name[COLUMN_NAME_MAX + 1] = "";

    (void)count;
    (void)err;
    if (cells[1].len > COLUMN_NAME_MAX)
        return true;
    memcpy(name, cells[1].text, cells[1].len);
    if (!report_cannot_add(&drift->grown.report, name))
        grown_report_add(&drift->grown, name);
    return true;
}

bool schema_drift_recall(struct schema_drift *drift, struct destination *dest, struct error *err)
{
    const struct history_filter filter = {.report = drift->grown.report.name};

    return history_read(dest, &history_columns, &filter, recall_column, drift, err);
}

static bool is_taken(const struct schema_drift *drift, const char *name)
{
    for (size_t i = 0; i < drift->taken_count; i++)
        if (strcmp(drift->taken[i], name) == 0)
            return true;
    return false;
}

/* Remembers a column name of the table that is not ours, so that the table is asked only once. Of
 * more than REPORT_ADDED_MAX such names the table is asked again. */
static void note_taken(struct schema_drift *drift, const char *name)
{
    if (drift->taken_count < REPORT_ADDED_MAX)
        drift->taken[drift->taken_count++] = arena_copy(&drift->names, name, strlen(name));
}

/* Returns why a column is not added; NULL: it is to be added. */
static const char *reason_to_ignore(const struct schema_drift *drift,
                                    const struct unknown_column *column)
{
    if (drift->grown.report.new_columns != NEW_COLUMNS_ADD)
        return "the report says new_columns: ignore";
    if (column->twice)
        return "the header has it twice";
    if (is_taken(drift, column->name))
        return "the table has a column of that name that etl-sigos did not add";
    const char *reason = report_cannot_add(&drift->grown.report, column->name);
    if (!reason && drift->postponed)
        return "the table could not be locked: the next run tries again";
    return reason;
}

static bool refuse(const struct batch *batch, struct error *err)
{
    BUF_DONE struct buf names = BUF_INIT(LIST_MAX);

    for (size_t i = 0; i < batch->unknown_count && !names.full; i++)
        buf_addf(&names, "%s%s", i ? ", " : "", batch->unknown[i].name);
    return error_set(err, ERROR_DATA,
                     "%s: columns that the profile does not know: %s%s; the report says "
                     "new_columns: refuse",
                     batch->unknown[0].file, buf_text(&names), names.full ? ", …" : "");
}

bool schema_drift_judge(const struct schema_drift *drift, const struct batch *batch, bool *wanted,
                        struct error *err)
{
    bool any = false;

    if (batch->unknown_count && drift->grown.report.new_columns == NEW_COLUMNS_REFUSE)
        return refuse(batch, err);
    for (size_t i = 0; i < batch->unknown_count; i++)
        any = any || !reason_to_ignore(drift, &batch->unknown[i]);
    *wanted = any;
    return true;
}

/* Adds a column to the table; tries again while the table is locked. */
static bool add_to_table(const struct schema_drift *drift, struct destination *dest,
                         const struct run *run, const char *name, bool *added, struct error *err)
{
    for (int attempt = 1;; attempt++) {
        if (destination_add_column(dest, &drift->grown.report, name, run, added, err))
            return true;
        if (!retry_again(drift->retry, attempt, err))
            return error_context(err, "new column %s", name);
    }
}

/* Leaves new columns to the next run: adding another one would wait for the same lock. */
static void postpone(struct schema_drift *drift, const struct unknown_column *column,
                     const struct error *why)
{
    drift->postponed = true;
    log_warn("columns.postponed", log_text("report", drift->grown.report.name),
             log_text("file", column->file), log_text("postponed", column->name),
             log_text("error", why->message));
}

bool schema_drift_add(struct schema_drift *drift, struct destination *dest, const struct run *run,
                      const struct batch *batch, bool *grown, struct error *err)
{
    *grown = false;
    for (size_t i = 0; i < batch->unknown_count; i++) {
        const struct unknown_column *column = &batch->unknown[i];
        struct error why;
        bool added;
        if (reason_to_ignore(drift, column))
            continue;
        if (!add_to_table(drift, dest, run, column->name, &added, &why)) {
            if (!why.transient) {
                *err = why;
                return false;
            }
            postpone(drift, column, &why);
            continue;
        }
        if (!added) {
            note_taken(drift, column->name);
            continue;
        }
        grown_report_add(&drift->grown, column->name);
        *grown = true;
        summary_note_column(drift->summary, column->name);
        log_warn("columns.added", log_text("report", drift->grown.report.name),
                 log_text("file", column->file), log_text("added", column->name),
                 log_text("type", "text"));
    }
    return true;
}

/* Logs why a column is not added, or that a real run would add it. */
static void tell_column(struct schema_drift *drift, const struct unknown_column *column)
{
    const struct log_field report = log_text("report", drift->grown.report.name);
    const struct log_field file = log_text("file", column->file);
    const char *reason = reason_to_ignore(drift, column);

    if (reason)
        log_warn("columns.unknown", report, file, log_text("ignored", column->name),
                 log_text("reason", reason));
    else if (summary_note_column(drift->summary, column->name))
        log_warn("columns.new", report, file, log_text("would_add", column->name));
}

void schema_drift_tell(struct schema_drift *drift, const struct batch *batch)
{
    for (size_t i = 0; i < batch->unknown_count; i++)
        tell_column(drift, &batch->unknown[i]);
    if (batch->unknown_more)
        log_warn("columns.unknown", log_text("report", drift->grown.report.name),
                 log_text("ignored", "…"), log_text("reason", "too many columns are new"));
}
