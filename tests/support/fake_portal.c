/* SPDX-License-Identifier: MIT */
/* The fake portal: its rows, its files, and the faults that damage them. */
#include "tests/support/fake_portal.h"

#include "base/buf.h"
#include "base/date.h"
#include "base/log.h"
#include "base/mem.h"
#include "tests/support/unit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 1 << 20 };

uint64_t chance_next(struct chance *chance)
{
    uint64_t z = chance->state += 0x9E3779B97F4A7C15U;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

int chance_between(struct chance *chance, int least, int most)
{
    return least + (int)(chance_next(chance) % (uint64_t)(most - least + 1));
}

bool chance_is(struct chance *chance, int percent)
{
    return chance_between(chance, 0, 99) < percent;
}

/* ---------------------------------------------------------------------------------------- rows */

void fake_portal_add(struct fake_portal *portal, struct portal_row row)
{
    if (portal->count == portal->room) {
        portal->room = portal->room ? portal->room * 2 : 256;
        portal->rows = mem_grow(portal->rows, portal->room, sizeof(*portal->rows));
    }
    portal->rows[portal->count++] = row;
}

static int compare_rows(const void *one, const void *other)
{
    const struct portal_row *a = one, *b = other;

    if (a->date != b->date)
        return a->date < b->date ? -1 : 1;
    return a->place != b->place ? (a->place < b->place ? -1 : 1) : a->id - b->id;
}

void fake_portal_sort(struct fake_portal *portal)
{
    if (portal->count)
        qsort(portal->rows, portal->count, sizeof(*portal->rows), compare_rows);
}

struct portal_row *fake_portal_find(const struct fake_portal *portal, int32_t date, int id)
{
    size_t least = 0, most = portal->count;

    while (least < most) {
        const size_t middle = least + (most - least) / 2;
        if (portal->rows[middle].date < date)
            least = middle + 1;
        else
            most = middle;
    }
    for (; least < portal->count && portal->rows[least].date == date; least++)
        if (portal->rows[least].id == id)
            return &portal->rows[least];
    return NULL;
}

/* --------------------------------------------------------------------------------------- files */

struct line {
    struct portal_row *row;
    size_t start, last_cell, text_end, end; /* end: after its line end */
};

/* A file without a fault, and the places of its lines. */
struct draft {
    struct buf text;
    struct line *lines;
    size_t count, header_end;
};

/* The orders of columns. In some of them the key comes last, where a cut makes the id or date of
 * another row. */
static const int layouts[][4] = {{0, 1, 2, 3}, {3, 2, 0, 1}, {1, 3, 2, 0}, {2, 0, 3, 1}};
static const char *const names[] = {"Data", "Cod", "Equipe", "Status"};

static void add_line(const struct fake_portal *portal, struct draft *draft,
                     const char *const cells[4])
{
    const int *order = layouts[portal->layout];

    for (int i = 0; i < 4; i++)
        buf_addf(&draft->text, "%s%s", i ? ";" : "", cells[order[i]]);
}

static void end_line(const struct fake_portal *portal, struct draft *draft)
{
    buf_add_text(&draft->text, portal->crlf ? "\r\n" : "\n");
}

static void add_row(const struct fake_portal *portal, struct draft *draft, struct line *line)
{
    const struct portal_row *row = line->row;
    char date[16], id[16], status[16];
    const char *const cells[] = {date, id, row->id % 3 ? "RS-PEL-F001M" : "POA2A001", status};

    date_format_br(row->date, date);
    snprintf(id, sizeof(id), "%d", row->id);
    snprintf(status, sizeof(status), "V%d", row->version);
    line->start = draft->text.len;
    add_line(portal, draft, cells);
    line->text_end = line->last_cell = draft->text.len;
    while (buf_text(&draft->text)[line->last_cell - 1] != ';')
        line->last_cell--;
    if (portal->ends_lines || portal->has_footer || line + 1 < draft->lines + draft->count)
        end_line(portal, draft);
    line->end = draft->text.len;
}

static void add_footer(const struct fake_portal *portal, struct draft *draft)
{
    buf_addf(&draft->text, "Total de registros: %zu", draft->count);
    if (portal->ends_lines)
        end_line(portal, draft);
}

/* Writes the file of those days without the day `lost` (0: with all days). */
static struct draft write_draft(const struct fake_portal *portal, int32_t first, int32_t last,
                                int32_t lost, bool empty)
{
    struct draft draft = {.text = BUF_INIT(FILE_MAX),
                          .lines = mem_array(portal->count + 1, sizeof(struct line))};

    add_line(portal, &draft, names);
    end_line(portal, &draft);
    draft.header_end = draft.text.len;
    for (size_t i = 0; i < portal->count && !empty; i++) {
        struct portal_row *row = &portal->rows[i];
        if (row->there && row->date >= first && row->date <= last && row->date != lost)
            draft.lines[draft.count++].row = row;
    }
    for (size_t i = 0; i < draft.count; i++)
        add_row(portal, &draft, &draft.lines[i]);
    if (portal->has_footer)
        add_footer(portal, &draft);
    return draft;
}

static void draft_done(struct draft *draft)
{
    buf_done(&draft->text);
    free(draft->lines);
}

/* ------------------------------------------------------------------------------------- damage */

/* The damage of a file. */
struct damage {
    size_t length; /* the bytes that arrive */
    int32_t lost;  /* the day that is missing; 0: none */
    bool empty;
};

static size_t cut_at_day_end(const struct draft *draft, size_t at)
{
    while (at > 0 && draft->lines[at - 1].row->date == draft->lines[at].row->date)
        at--;
    return draft->lines[at].start;
}

static struct damage damage_by_chance(const struct draft *draft, bool loses_end,
                                      struct chance *chance)
{
    const size_t at = (size_t)chance_between(chance, 0, (int)draft->count - 1);
    const struct line *line = &draft->lines[at];
    struct damage damage = {.length = draft->text.len};

    switch (chance_between(chance, 0, loses_end ? 6 : 9)) {
    case 0:
    case 1:
        damage.length = (size_t)chance_between(chance, (int)line->start, (int)line->end);
        break;
    case 2:
        damage.length = (size_t)chance_between(chance, (int)line->last_cell, (int)line->end);
        break;
    case 3:
    case 4:
        damage.length = line->start;
        break;
    case 5:
        damage.length = cut_at_day_end(draft, at);
        break;
    case 6:
        damage.length = draft->header_end;
        break;
    case 7:
        damage.empty = true;
        break;
    default:
        damage.lost = line->row->date;
    }
    return damage;
}

static struct damage end_before(const struct fake_portal *portal, const struct draft *draft,
                                size_t row)
{
    for (size_t i = 0; i < draft->count; i++)
        if (draft->lines[i].row == &portal->rows[row])
            return (struct damage){.length = draft->lines[i].start};
    return (struct damage){.length = draft->text.len};
}

/* Draws by the question and how often it was asked, not by the order in which threads ask. */
static struct chance chance_of(const struct fake_portal *portal, const int32_t days[2], size_t nth)
{
    struct chance chance = {.state = portal->fault.salt};

    chance.state ^= chance_next(&chance) + (uint64_t)days[0] * 1000003;
    chance.state ^= chance_next(&chance) + (uint64_t)days[1] * 998244353;
    chance.state ^= chance_next(&chance) + nth;
    return chance;
}

static struct damage choose(const struct fake_portal *portal, const struct draft *draft,
                            const int32_t days[2], size_t nth)
{
    const struct portal_fault *fault = &portal->fault;
    struct chance chance = chance_of(portal, days, nth);
    const struct damage none = {.length = draft->text.len};

    if (draft->count == 0)
        return none;
    switch (fault->how) {
    case FAULT_ONCE:
        return days[0] == fault->first && portal->damaged == 0
                   ? damage_by_chance(draft, fault->loses_end, &chance)
                   : none;
    case FAULT_AGAIN:
        return chance_is(&chance, fault->percent)
                   ? damage_by_chance(draft, fault->loses_end, &chance)
                   : none;
    case FAULT_SAME_ROW:
        return end_before(portal, draft, fault->row);
    case FAULT_SAME_LENGTH: {
        const size_t length = draft->header_end + fault->length;
        if (length >= draft->text.len)
            return none;
        return (struct damage){.length = length};
    }
    case FAULT_SAME_DAY:
        return (struct damage){.length = draft->text.len, .lost = fault->date};
    case FAULT_NONE:
    case FAULT_KINDS:
        break;
    }
    return none;
}

/* Whether the file is cut within a line, so that no program takes it for whole. */
static bool is_torn(const struct draft *draft, size_t length)
{
    for (size_t i = 0; i < draft->count; i++)
        if (length > draft->lines[i].start && length < draft->lines[i].last_cell)
            return true;
    return false;
}

/*
 * Whether the rows that an export shows on its last day count as shown. The next window owns that
 * day, and it is compared with the first answer for the window before. A later answer, a torn file,
 * or an export of a part of a window may show the day after the next window was loaded, so they do
 * not count. The last window has no next one.
 */
static bool counts_end(const struct fake_portal *portal, const int32_t days[2], size_t nth,
                       bool torn)
{
    for (size_t i = 0; i < portal->planned_count; i++)
        if (portal->planned[i][0] == days[0] && portal->planned[i][1] == days[1])
            return i + 1 == portal->planned_count || (nth == 0 && !torn);
    return false;
}

static void note_shown(struct fake_portal *portal, const struct draft *draft, size_t length,
                       const int32_t days[2], size_t nth)
{
    const int32_t last = portal->includes_last_day ? days[1] : days[1] - 1;
    const bool torn = is_torn(draft, length), end = counts_end(portal, days, nth, torn);

    for (size_t i = 0; i < portal->count && !torn; i++)
        portal->rows[i].asked += portal->rows[i].date >= days[0] && portal->rows[i].date <= last;
    for (size_t i = 0; i < draft->count; i++)
        if (draft->lines[i].text_end <= length && (end || draft->lines[i].row->date < days[1]))
            draft->lines[i].row->shown = true;
}

/* ------------------------------------------------------------------------------------ extractor */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static size_t note_question(struct fake_portal *portal, const int32_t days[2])
{
    size_t nth = 0;

    for (size_t i = 0; i < portal->asked_count; i++)
        nth += portal->asked[i][0] == days[0] && portal->asked[i][1] == days[1];
    assert_true(portal->asked_count < PORTAL_ASKED_MAX);
    memcpy(portal->asked[portal->asked_count++], days, sizeof(int32_t[2]));
    return nth;
}

/* Logged for a scenario that runs alone. */
static void log_answer(struct window window, const struct draft *draft, size_t whole,
                       struct damage damage)
{
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE], lost[DATE_ISO_SIZE];

    log_info("portal.asked", log_text("first", date_format_iso(window.first, first)),
             log_text("last", date_format_iso(window.last, last)),
             log_int("rows", (int64_t)draft->count), log_int("of", (int64_t)whole),
             log_int("bytes", (int64_t)damage.length), log_int("of", (int64_t)draft->text.len),
             log_text("lost", damage.lost ? date_format_iso(damage.lost, lost) : ""));
}

static void deliver(const struct fake_portal *portal, const struct draft *draft, size_t length,
                    struct export *out)
{
    char path[512];

    snprintf(path, sizeof(path), "%s/%zu.csv", portal->folder, portal->asked_count);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(buf_text(&draft->text), 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    export_add(out, path);
    out->extracted_at = 1772366400;
}

static bool fetch(struct extractor *extractor, const struct report *report, struct window window,
                  struct export *out, struct error *err)
{
    struct fake_portal *portal = (struct fake_portal *)extractor;
    const int32_t days[2] = {window.first, window.last};
    const int32_t last = portal->includes_last_day ? window.last : window.last - 1;

    (void)report;
    (void)err;
    pthread_mutex_lock(&lock);
    const size_t nth = note_question(portal, days);
    struct draft draft = write_draft(portal, window.first, last, 0, false);
    const size_t whole = draft.count;
    struct damage damage = choose(portal, &draft, days, nth);
    if (damage.lost || damage.empty) {
        draft_done(&draft);
        draft = write_draft(portal, window.first, last, damage.lost, damage.empty);
        damage.length = draft.text.len;
    }
    portal->damaged += damage.length < draft.text.len || draft.count < whole;
    log_answer(window, &draft, whole, damage);
    note_shown(portal, &draft, damage.length, days, nth);
    deliver(portal, &draft, damage.length, out);
    draft_done(&draft);
    pthread_mutex_unlock(&lock);
    return true;
}

/* Opens another session with the same portal. */
static bool open_another(const struct extractor *first, struct extractor **out, struct error *err)
{
    (void)err;
    *out = (struct extractor *)first;
    return true;
}

static void close_session(struct extractor *extractor)
{
    (void)extractor;
}

static const struct extractor_ops ops = {
    .fetch = fetch, .another = open_another, .close = close_session};

void fake_portal_init(struct fake_portal *portal, const char *folder)
{
    *portal = (struct fake_portal){.base.ops = &ops, .folder = folder};
}

void fake_portal_done(struct fake_portal *portal)
{
    free(portal->rows);
    portal->rows = NULL;
}

void fake_portal_begin_cycle(struct fake_portal *portal, struct portal_fault fault)
{
    portal->fault = fault;
    portal->asked_count = portal->damaged = 0;
    for (size_t i = 0; i < portal->count; i++) {
        portal->rows[i].asked = 0;
        portal->rows[i].shown = false;
    }
}

/* --------------------------------------------------------------------------------------- report */

static const char *const header[] = {"Data", "Cod", "Equipe", "Status"};
static const char *const footers[] = {"TOTAL *"};
static const struct column columns[] = {
    {.name = "DATA", .type = COLUMN_DATE, .from = {&header[0], 1}},
    {.name = "COD", .type = COLUMN_TEXT, .from = {&header[1], 1}},
    {.name = "EQUIPE", .type = COLUMN_TEXT, .from = {&header[2], 1}},
    {.name = "STATUS", .type = COLUMN_TEXT, .from = {&header[3], 1}},
    {.name = "DATA_EXTRACAO", .type = COLUMN_TIMESTAMP, .source = COLUMN_EXTRACTED_AT},
};
static const size_t key[] = {0, 1};

struct report fake_portal_report(void)
{
    struct report report = {
        .name = "rows",
        .source_file = "none",
        .columns = columns,
        .column_count = COUNT(columns),
        .footers = {footers, COUNT(footers)},
        .key = key,
        .key_count = COUNT(key),
        .limits = LIMITS_DEFAULT,
    };

    report.limits.max_delete_ratio = 0.2;
    report.limits.min_deletes = 10;
    report.limits.max_reject_ratio = report.limits.max_foreign_ratio = 0.01;
    report.limits.min_rejects = 20;
    return report;
}
