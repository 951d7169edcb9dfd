/* SPDX-License-Identifier: MIT */
/* Writes rows as the table holds them. */
#include "simulator/truth.h"

#include "base/buf.h"
#include "base/date.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define TRUTH_BYTES_MAX ((size_t)16 << 30) /* the whole past at 2,000 rows a day is about 1 GB */

static void add_text(struct buf *out, const char *text)
{
    for (; *text; text += 1) {
        size_t plain = strcspn(text, "\\\t\n\r");
        buf_add(out, text, plain);
        text += plain;
        switch (*text) {
        case '\\':
            buf_add_text(out, "\\\\");
            break;
        case '\t':
            buf_add_text(out, "\\t");
            break;
        case '\n':
            buf_add_text(out, "\\n");
            break;
        case '\r':
            buf_add_text(out, "\\r");
            break;
        default:
            return;
        }
    }
}

static void add_value(struct buf *out, enum report_type type, const struct history_value *value)
{
    char date[DATE_ISO_SIZE];

    if (type == REPORT_TEXT)
        add_text(out, value->text.held);
    else if (value->number == HISTORY_NONE)
        buf_add_text(out, "\\N");
    else if (type == REPORT_DATE)
        buf_add_text(out, date_format_iso(value->number, date));
    else
        buf_addf(out, "%02d:%02d:%02d", value->number / 3600, value->number / 60 % 60,
                 value->number % 60);
}

struct lines {
    struct buf text; /* each line ends with its NUL */
    size_t *starts;
    size_t count, room;
};

static void add_row(struct lines *lines, const struct sim_report *report,
                    const struct history_row *row)
{
    if (lines->count == lines->room) {
        lines->room = lines->room ? lines->room * 2 : 1024;
        lines->starts = mem_grow(lines->starts, lines->room, sizeof *lines->starts);
    }
    lines->starts[lines->count++] = lines->text.len;
    for (size_t c = 0; c < report->column_count; c++) {
        if (c)
            buf_add_char(&lines->text, '\t');
        add_value(&lines->text, report->columns[c].type, &row->values[c]);
    }
    buf_add_char(&lines->text, '\0');
}

static int compare(const void *a, const void *b, void *text)
{
    const char *base = text;
    return strcmp(base + *(const size_t *)a, base + *(const size_t *)b);
}

bool truth_write(const struct history *history, enum report_kind kind, int32_t from, int32_t to,
                 FILE *out, struct error *err)
{
    const struct sim_report *report = sim_report_of(kind);
    struct lines lines = {.text = BUF_INIT(TRUTH_BYTES_MAX)};
    int32_t first = from > history->begin ? from : history->begin;
    int32_t last = to < history->today ? to : history->today;

    for (int32_t date = first; date <= last; date++) {
        struct history_day day;
        history_day_init(&day, history, kind, date);
        for (size_t i = 0; i < day.count; i++)
            add_row(&lines, report, &day.rows[i]);
        history_day_done(&day);
    }
    bool fits = !lines.text.full;
    if (fits && lines.count)
        qsort_r(lines.starts, lines.count, sizeof *lines.starts, compare, lines.text.data);
    for (size_t c = 0; c < report->column_count; c++)
        fprintf(out, "%s%s", c ? "\t" : "", report->columns[c].name);
    fputc('\n', out);
    for (size_t i = 0; fits && i < lines.count; i++) {
        fputs(lines.text.data + lines.starts[i], out);
        fputc('\n', out);
    }
    free(lines.starts);
    buf_done(&lines.text);
    if (!fits)
        return error_set(err, ERROR_DATA, "the truth of this period does not fit in memory");
    if (fflush(out) != 0 || ferror(out))
        return error_set_errno(err, ERROR_SYSTEM, "cannot write the truth");
    return true;
}
