/* SPDX-License-Identifier: MIT */
/* Writes the summary of a run as JSON. */
#include "run/summary_json.h"

#include "base/json.h"

#include <inttypes.h>
#include <string.h>

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

static void add_report(struct buf *out, const struct report_summary *report, bool rehearsal)
{
    buf_addf(out,
             "{\"report\":\"%s\",\"windows\":%zu,\"loaded_windows\":%zu,\"held\":%zu,"
             "\"refused\":%zu,\"failed\":%zu,\"resumed\":%zu,\"shared\":%zu,",
             report->report, report->windows, report->loaded, report->held, report->refused,
             report->failed, report->resumed, report->shared);
    buf_addf(out,
             "\"read\":%" PRIu64 ",\"loaded\":%" PRIu64 ",\"duplicates\":%" PRIu64
             ",\"boundary\":%" PRIu64 ",\"rejected\":%" PRIu64 ",\"unreadable\":%" PRIu64
             ",\"left_out\":%" PRIu64 ",",
             report->rows.read, report->rows.loaded, report->rows.duplicates, report->rows.boundary,
             report->rows.rejected, report->rows.unreadable, report->rows.left_out);
    buf_addf(out,
             "\"inserted\":%" PRIu64 ",\"updated\":%" PRIu64 ",\"deleted\":%" PRIu64
             ",\"unchanged\":%" PRIu64 ",\"kept\":%" PRIu64 ",\"empty\":%s,\"not_kept\":%zu,"
             "\"seconds\":%.3f",
             report->changes.inserted, report->changes.updated, report->changes.deleted,
             report->changes.unchanged, report->changes.kept,
             summary_is_empty(report) ? "true" : "false", report->not_kept, report->seconds);
    add_columns(out, report, rehearsal);
    add_error(out, report->failure.kind ? &report->failure : &report->hold);
    buf_add_char(out, '}');
}

void summary_add_json(struct buf *out, const struct summary *summary)
{
    buf_addf(out, "{\"run\":\"%s\",\"exit_code\":%d,\"seconds\":%.3f", summary->run_id,
             summary_exit_code(summary), summary->seconds);
    buf_addf(out, ",\"not_sent\":%zu", summary->not_sent);
    add_error(out, &summary->error);
    buf_add_text(out, ",\"reports\":[");
    for (size_t i = 0; i < summary->report_count; i++) {
        if (i)
            buf_add_char(out, ',');
        add_report(out, &summary->reports[i], summary->rehearsal);
    }
    buf_add_text(out, "]}");
}
