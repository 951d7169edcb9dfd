/* SPDX-License-Identifier: MIT */
/* A small report and ready-made windows. */
#include "tests/support/destination_fixture.h"

#include "base/date.h"
#include "base/mem.h"
#include "load/destination_open.h"

#include <string.h>

static const struct column columns[] = {
    {.name = "UC / MD", .type = COLUMN_TEXT},
    {.name = "STATUS", .type = COLUMN_TEXT},
    {.name = "DATA_EXECUCAO", .type = COLUMN_DATE},
    {.name = "HORA", .type = COLUMN_TIME},
    {.name = "DATA_EXTRACAO", .type = COLUMN_TIMESTAMP, .source = COLUMN_EXTRACTED_AT},
    {.name = "SAY \"HI\"", .type = COLUMN_TEXT},
};
enum { COLUMN_COUNT = sizeof(columns) / sizeof(columns[0]) };

static const size_t key[] = {0, 2};

const struct report fixture_report = {
    .name = "visits",
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .key = key,
    .key_count = 2,
    .window_date = 2,
};

const struct run fixture_run = {.id = "run-1", .mode = "full", .started_at = 1772366400};

int32_t march(int day)
{
    return date_from_civil(2026, 3, 1) + day - 1;
}

struct window fixture_window(int own_first, int own_last)
{
    return (struct window){
        .first = march(own_first),
        .last = march(own_last + 1),
        .own_first = march(own_first),
        .own_last = march(own_last),
        .complete = true,
    };
}

struct hash128 fixture_hash(uint64_t number)
{
    return (struct hash128){.high = number, .low = number * UINT64_C(0x9E3779B97F4A7C15)};
}

void work_init(struct work *work)
{
    *work = (struct work){0};
    batch_init(&work->batch, COLUMN_COUNT, 1 << 20);
}

void work_done(struct work *work)
{
    batch_done(&work->batch);
    plan_done(&work->plan);
}

static struct cell cell(const char *text)
{
    return (struct cell){.text = text, .len = text ? strlen(text) : 0};
}

static void add(struct work *work, enum row_action action, bool logged, struct line line)
{
    char day[DATE_ISO_SIZE];
    const struct cell cells[COLUMN_COUNT] = {
        cell(line.uc),
        cell(line.status),
        cell(line.day ? date_format_iso(march(line.day), day) : NULL),
        cell(line.hour),
        cell("2026-03-20 08:30:00"),
        cell(""),
    };
    struct plan *plan = &work->plan;
    struct row *row = batch_add_cells(&work->batch, cells);

    row->key = fixture_hash(line.key);
    row->fingerprint = fixture_hash(line.print);
    row->undated = line.day == 0;
    row->date = line.day ? march(line.day) : 0;
    if (plan->row_count == work->room) {
        work->room = work->room ? work->room * 2 : 8;
        plan->actions = mem_grow(plan->actions, work->room, sizeof(*plan->actions));
        plan->logged = mem_grow(plan->logged, work->room, sizeof(*plan->logged));
    }
    plan->actions[plan->row_count] = (uint8_t)action;
    plan->logged[plan->row_count++] = logged;
}

void work_add(struct work *work, enum row_action action, struct line line)
{
    add(work, action, false, line);
}

void work_add_logged(struct work *work, struct line line)
{
    add(work, ROW_INSERT, true, line);
}

void work_remove(struct work *work, uint64_t number, int day)
{
    struct plan *plan = &work->plan;

    plan->removed = mem_grow(plan->removed, plan->removed_count + 1, sizeof(*plan->removed));
    plan->removed[plan->removed_count++] = (struct stored_row){
        .key = fixture_hash(number), .date = day ? march(day) : 0, .undated = day == 0};
}

struct ledger_entry fixture_entry(struct window window)
{
    return (struct ledger_entry){
        .run_id = fixture_run.id,
        .report = fixture_report.name,
        .window = window,
        .status = WINDOW_LOADED,
        .reason = "",
        .file = "",
        .sha256 = "",
    };
}

struct destination *fixture_open(const char *url, struct error *err)
{
    struct destination *dest;

    if (!destination_open(url, &dest, err))
        return NULL;
    if (!destination_migrate(dest, &fixture_report, err)) {
        destination_close(dest);
        return NULL;
    }
    return dest;
}

bool fixture_apply(struct destination *dest, struct window window, const struct work *work,
                   struct error *err)
{
    return destination_begin(dest, &fixture_report, window, err) &&
           destination_apply(dest, &fixture_run, &work->batch, &work->plan, err);
}

bool fixture_commit(struct destination *dest, struct window window, struct error *err)
{
    const struct ledger_entry entry = fixture_entry(window);

    return destination_commit(dest, &entry, err);
}

bool fixture_load(struct destination *dest, struct window window, const struct work *work,
                  struct error *err)
{
    return fixture_apply(dest, window, work, err) && fixture_commit(dest, window, err);
}

bool fixture_first_load(struct destination *dest, struct error *err)
{
    struct work work;

    work_init(&work);
    work_add(&work, ROW_INSERT, (struct line){"100", "OPEN", 2, "08:00:00", 1, 10});
    work_add(&work, ROW_INSERT, (struct line){"200", "OPEN", 3, NULL, 2, 20});
    work_add(&work, ROW_INSERT, (struct line){"300", "OPEN", 0, NULL, 3, 30});
    bool ok = fixture_load(dest, fixture_window(1, 9), &work, err);
    work_done(&work);
    return ok;
}
