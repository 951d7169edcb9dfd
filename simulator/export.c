/* SPDX-License-Identifier: MIT */
/* Writes the lines of a day and what stands around them. */
#include "simulator/export.h"

#include "base/date.h"
#include "base/mem.h"
#include "simulator/dirt.h"
#include "simulator/random.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    COPIED_PER_MILLION = 5000,
    STALE_PER_MILLION = 5000,
    RAGGED_PER_MILLION = 625,
    RAGGED_DAYS_MAX = 250000
};

/* Salts of a row's key. They differ from those of the history, which are small or 1000 to 6000. */
enum row_salt { SALT_LINE = 10000, SALT_STALE_LINE, SALT_PLACE, SALT_REPEAT, SALT_REPEAT_PLACE };

/* Salts of the key of a ragged line or of a period. */
enum frame_salt {
    SALT_RAGGED,
    SALT_RAGGED_KIND,
    SALT_RAGGED_PLACE,
    SALT_JUNK,
    SALT_HEADER,
    SALT_TOTAL
};

/* Salts of a dropped field's key. They differ from those of dirt.c, which are small. */
enum filler_salt {
    SALT_WORD = 50,
    SALT_DATED,
    SALT_DAYS,
    SALT_TIME,
    SALT_REAIS,
    SALT_CENTS,
    SALT_PAID
};

enum line_kind { LINE_STALE, LINE_ROW, LINE_COPY, LINE_TOO_FEW, LINE_TOO_MANY };

struct line {
    uint64_t place; /* the lines of a day are sorted by it */
    enum line_kind kind;
    const struct history_row *row;
    struct history_id id;
};

static void filler(struct buf *out, const struct sim_report_file_column *column, int32_t day,
                   uint64_t key)
{
    char money[32];

    switch (column->filler) {
    case FILLER_WORDS:
        dirt_text(out,
                  column->words->entries[random_below(key, SALT_WORD, column->words->count)].shown,
                  false, key);
        break;
    case FILLER_DATE:
        dirt_date(out,
                  random_chance(key, SALT_DATED, 600000)
                      ? day + (int32_t)random_below(key, SALT_DAYS, 9)
                      : HISTORY_NONE,
                  key);
        break;
    case FILLER_TIME:
        dirt_time(out, 28800 + (int32_t)random_below(key, SALT_TIME, 36000), key);
        break;
    case FILLER_MONEY:
        snprintf(money, sizeof money, "%u,%02u", random_below(key, SALT_REAIS, 999),
                 random_below(key, SALT_CENTS, 100));
        dirt_plain(out, random_chance(key, SALT_PAID, 200000) ? money : "");
        break;
    case FILLER_NONE:
        break;
    }
}

static void add_fields(struct buf *out, const struct sim_report *report,
                       const struct history_row *row, uint64_t line_key, size_t count)
{
    for (size_t f = 0; f < count; f++) {
        const struct sim_report_file_column *column = &report->file[f];
        uint64_t key = random_mix(line_key, f);
        if (f)
            buf_add_char(out, ';');
        if (column->column < 0) {
            filler(out, column, row->day, key);
            continue;
        }
        const struct sim_report_column *kept = &report->columns[column->column];
        const struct history_value *value = &row->values[column->column];
        if (kept->type == REPORT_TEXT)
            dirt_text(out, value->text.shown, kept->key, key);
        else if (kept->type == REPORT_DATE)
            dirt_date(out, value->number, key);
        else
            dirt_time(out, value->number, key);
    }
}

static void add_line(struct buf *out, const struct history *history,
                     const struct sim_report *report, const struct line *line, int32_t date)
{
    struct history_row made;
    const struct history_row *row = line->row;
    bool stale = line->kind == LINE_STALE;

    if (line->kind != LINE_ROW && line->kind != LINE_COPY) {
        history_row_fill(&made, history, report->kind, date, line->id,
                         stale ? HISTORY_STALE : HISTORY_CURRENT);
        row = &made;
    }
    uint64_t key = random_mix(row->key, stale ? SALT_STALE_LINE : SALT_LINE);
    add_fields(out, report, row, key, report->file_count - (line->kind == LINE_TOO_FEW));
    if (line->kind == LINE_TOO_MANY)
        buf_add_text(out, ";sobra");
    buf_add_text(out, report->newline);
}

static int compare(const void *a, const void *b)
{
    const struct line *x = a, *y = b;

    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    if (x->kind != y->kind) /* an older line stays before the right one */
        return x->kind < y->kind ? -1 : 1;
    return (x->id.slot > y->id.slot) - (x->id.slot < y->id.slot);
}

/* Draws the lines of a day: at most two for a row, and a ragged one. Returns their number. */
static size_t plan_day(const struct history *history, enum report_kind kind,
                       const struct history_day *day, int32_t date, struct line *lines)
{
    size_t count = 0;

    for (size_t i = 0; i < day->count; i++) {
        const struct history_row *row = &day->rows[i];
        uint64_t place = random_mix(row->key, SALT_PLACE);
        uint64_t other = random_mix(row->key, SALT_REPEAT_PLACE);
        uint32_t repeat = random_below(row->key, SALT_REPEAT, 1000000);

        lines[count++] = (struct line){place, LINE_ROW, row, day->ids[i]};
        if (repeat < COPIED_PER_MILLION)
            lines[count++] = (struct line){other, LINE_COPY, row, day->ids[i]};
        else if (repeat < COPIED_PER_MILLION + STALE_PER_MILLION)
            lines[count++] = (struct line){place ? other % place : 0, LINE_STALE, row, day->ids[i]};
    }
    uint64_t key = random_mix(random_mix(history->seed, 77 + (uint64_t)kind), (uint32_t)date);
    uint32_t slots = history_slots(history, kind, date);
    uint32_t chance = slots * RAGGED_PER_MILLION;
    if (chance > RAGGED_DAYS_MAX)
        chance = RAGGED_DAYS_MAX;
    if (day->count && random_chance(key, SALT_RAGGED, chance)) {
        struct history_id never = {0, slots};
        enum line_kind ragged =
            random_below(key, SALT_RAGGED_KIND, 2) ? LINE_TOO_FEW : LINE_TOO_MANY;
        lines[count++] = (struct line){random_mix(key, SALT_RAGGED_PLACE), ragged, NULL, never};
    }
    qsort(lines, count, sizeof *lines, compare);
    return count;
}

static size_t add_day(struct buf *out, const struct history *history,
                      const struct sim_report *report, int32_t date)
{
    struct history_day day;

    history_day_init(&day, history, report->kind, date);
    struct line *lines = mem_array(day.count * 2 + 1, sizeof *lines);
    size_t count = plan_day(history, report->kind, &day, date, lines);
    for (size_t i = 0; i < count; i++)
        add_line(out, history, report, &lines[i], date);
    free(lines);
    history_day_done(&day);
    return count;
}

static void add_junk(struct buf *out, const struct sim_report *report, int32_t from, int32_t to,
                     uint32_t kind)
{
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];

    if (kind >= 40)
        return;
    if (kind < 35) {
        dirt_plain(out, report->title);
        buf_add_text(out, report->newline);
    }
    if (kind < 15) {
        dirt_plain(out, "Filtro");
        buf_addf(out, ";%s a %s;data_execucao%s", date_format_br(from, first),
                 date_format_br(to, last), report->newline);
    }
    if (kind < 5 || kind >= 25)
        buf_add_text(out, report->newline);
}

static void add_header(struct buf *out, const struct sim_report *report, uint64_t key)
{
    uint32_t kind = random_below(key, SALT_HEADER, 100);

    for (size_t f = 0; f < report->file_count; f++) {
        bool quoted = kind < 15, padded = kind >= 15 && kind < 30 && f % 5 == 2;
        if (f)
            buf_add_char(out, ';');
        if (quoted)
            buf_add_char(out, '"');
        if (padded)
            buf_add_text(out, "  ");
        dirt_plain(out, report->file[f].header);
        if (padded)
            buf_add_char(out, ' ');
        if (quoted)
            buf_add_char(out, '"');
    }
    buf_add_text(out, report->newline);
}

void sim_export_csv(const struct history *history, enum report_kind kind, int32_t from, int32_t to,
                    struct buf *out)
{
    const struct sim_report *report = sim_report_of(kind);
    uint64_t key = random_mix(random_mix(history->seed, 99 + (uint64_t)kind),
                              (uint64_t)(uint32_t)from << 32 | (uint32_t)to);
    int32_t end = report->end_exclusive ? to - 1 : to;
    int32_t first = from > history->begin ? from : history->begin;
    int32_t last = end < history->today ? end : history->today;
    size_t count = 0;

    add_junk(out, report, from, to, random_below(key, SALT_JUNK, 100));
    add_header(out, report, key);
    for (int32_t date = first; date <= last && !out->full; date++)
        count += add_day(out, history, report, date);
    if (random_below(key, SALT_TOTAL, 100) < 30)
        buf_addf(out, "Total de registros: %zu%s", count, report->newline);
}
