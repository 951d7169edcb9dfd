/* SPDX-License-Identifier: MIT */
/* Runs of cycles without a browser, and queries of their SQLite database. */
#include "tests/support/portal_cycles.h"

#include "base/date.h"
#include "base/file.h"
#include "base/mem.h"
#include "load/destination.h"
#include "load/destination_open.h"
#include "run/window_loop.h"
#include "run/open_destination.h"
#include "tests/support/unit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECONDS = 600, STACK = 512 * 1024 };

/* ------------------------------------------------------------------------------------ databases */

static void make_template(struct portal_base *base)
{
    struct destination *dest;
    struct error err = {0};

    if (!destination_open(base->url, &dest, &err) ||
        !destination_migrate(dest, &base->report, &err))
        fail_msg("%s", err.message);
    destination_close(dest);
    assert_int_equal(rename(base->path, base->template), 0);
}

static void remove_database(const struct portal_base *base)
{
    static const char *const parts[] = {"", "-wal", "-shm"};
    char path[512];

    for (size_t i = 0; i < COUNT(parts); i++) {
        snprintf(path, sizeof(path), "%s%s", base->path, parts[i]);
        unlink(path);
    }
}

/* Thousands of runs need cheap allocations and small stacks, above all under a sanitizer. Only one
 * thread uses each connection. */
static void make_cheap(void)
{
    pthread_attr_t small;

    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 1200, 300);
    assert_int_equal(pthread_attr_init(&small), 0);
    assert_int_equal(pthread_attr_setstacksize(&small, STACK), 0);
    assert_int_equal(pthread_setattr_default_np(&small), 0);
    pthread_attr_destroy(&small);
}

void portal_base_init(struct portal_base *base)
{
    struct error err;

    make_cheap();
    /* A folder in memory, if there is one, because each window flushes its file twice. */
    if (!getenv("TMPDIR") && access("/dev/shm", W_OK) == 0)
        setenv("TMPDIR", "/dev/shm", 1);
    *base = (struct portal_base){.report = fake_portal_report()};
    assert_true(file_make_temp_dir("test-portals", &base->folder, &err));
    base->path = mem_format("%s/rows.db", base->folder);
    base->template = mem_format("%s/empty.db", base->folder);
    base->url = mem_format("sqlite:%s", base->path);
    make_template(base);
    remove_database(base);
}

void portal_base_done(struct portal_base *base)
{
    file_remove_tree(base->folder);
    free(base->folder);
    free(base->path);
    free(base->template);
    free(base->url);
}

void portal_base_begin(struct portal_base *base)
{
    struct file_map map;
    struct error err;

    assert_true(file_map_open(base->template, &map, &err));
    FILE *file = fopen(base->path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(map.data, 1, map.size, file), map.size);
    assert_int_equal(fclose(file), 0);
    file_map_close(&map);
    assert_int_equal(sqlite3_open(base->path, &base->look), SQLITE_OK);
    base->cycles = 0;
}

void portal_base_end(struct portal_base *base)
{
    sqlite3_close(base->look);
    destination_close(base->destination);
    base->destination = NULL;
    remove_database(base);
}

/* --------------------------------------------------------------------------------------- cycles */

/* Runs a cycle as cycle_run does, but keeps the connection from cycle to cycle. */
static void run_job(struct portal_base *base, struct fake_portal *portal, size_t workers,
                    const struct cycle_options *options, struct report_run *part)
{
    struct run run = {.mode = cycle_mode_name(options->mode), .started_at = 1772366400};
    struct open_destination opening = {
        .url = base->url,
        .run = &run,
        .lease = {.run_id = run.id, .holder = "test", .seconds = 300},
        .parts = part,
        .part_count = 1,
        .destination = base->destination,
    };
    struct progress progress;
    struct error err = {0};

    snprintf(base->run_id, sizeof(base->run_id), "run-%03d", ++base->cycles);
    snprintf(run.id, sizeof(run.id), "%s", base->run_id);
    if (!open_destination_to_load(&opening, &err))
        fail_msg("%s", err.message);
    base->destination = opening.destination;
    progress_init(&progress, false);
    const struct window_loop work = {
        .run = &run,
        .options = options,
        .destination = base->destination,
        .extractor = &portal->base,
        .workers = workers,
        .seconds = SECONDS,
        .renew_ms = 100 * 1000,
        .progress = &progress,
        .parts = part,
        .part_count = 1,
    };
    if (!window_loop_run(&work, &err) ||
        !destination_end_run(base->destination, &run, 0, run.started_at, &err))
        fail_msg("%s", err.message);
    destination_release_lease(base->destination);
    progress_done(&progress);
}

bool portal_cycle(struct portal_base *base, struct fake_portal *portal, size_t workers,
                  const struct cycle_options *options)
{
    struct window_list windows;
    struct report_summary summary;
    struct report_run part;
    struct error err;

    if (!windows_plan(&base->report.windows, options->mode, options->today, options->range,
                      &windows, &err))
        return false;
    portal->planned_count = portal_plan(&base->report, options, portal->planned);
    report_run_init(&part, &base->report, windows,
                    options->mode == MODE_FULL && !options->range.has_first &&
                        !options->range.has_last,
                    &summary);
    run_job(base, portal, workers, options, &part);
    report_run_done(&part);
    return true;
}

size_t portal_plan(const struct report *report, const struct cycle_options *options,
                   int32_t days[TABLE_WINDOWS_MAX][2])
{
    struct window_list windows;
    struct error err;

    if (!windows_plan(&report->windows, options->mode, options->today, options->range, &windows,
                      &err))
        return 0;
    const size_t count = windows.count;
    assert_true(count <= TABLE_WINDOWS_MAX);
    for (size_t i = 0; i < count; i++)
        memcpy(days[i], (int32_t[]){windows.items[i].first, windows.items[i].last},
               sizeof(days[i]));
    window_list_done(&windows);
    return count;
}

/* ---------------------------------------------------------------------------------- the tables */

static sqlite3_stmt *ask(const struct portal_base *base, const char *sql)
{
    sqlite3_stmt *stmt;

    if (sqlite3_prepare_v2(base->look, sql, -1, &stmt, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(base->look));
    return stmt;
}

static int32_t column_day(sqlite3_stmt *stmt, int column)
{
    const char *text = (const char *)sqlite3_column_text(stmt, column);
    int32_t day;

    assert_non_null(text);
    assert_true(date_parse_iso(text, strlen(text), &day));
    return day;
}

struct held_table portal_base_read(const struct portal_base *base)
{
    sqlite3_stmt *stmt = ask(base, "SELECT DATA, CAST(COD AS INTEGER), CAST(substr(STATUS, 2) AS "
                                   "INTEGER) FROM rows WHERE DATA IS NOT NULL ORDER BY 1, 2");
    struct held_table table = {0};
    size_t room = 0;

    while (sqlite3_step(stmt) == SQLITE_ROW) {
        if (table.count == room) {
            room = room ? room * 2 : 256;
            table.rows = mem_grow(table.rows, room, sizeof(*table.rows));
        }
        table.rows[table.count++] = (struct known_row){
            .date = column_day(stmt, 0),
            .id = sqlite3_column_int(stmt, 1),
            .version = sqlite3_column_int(stmt, 2),
        };
    }
    assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
    return table;
}

void held_table_done(struct held_table *table)
{
    free(table->rows);
    *table = (struct held_table){0};
}

static int compare_rows(const void *one, const void *other)
{
    const struct known_row *a = one, *b = other;

    if (a->date != b->date)
        return a->date < b->date ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

const struct known_row *held_table_find(const struct held_table *table, int32_t date, int id)
{
    const struct known_row row = {.date = date, .id = id};

    return table->count
               ? bsearch(&row, table->rows, table->count, sizeof(*table->rows), compare_rows)
               : NULL;
}

size_t portal_base_windows(const struct portal_base *base,
                           struct table_window out[TABLE_WINDOWS_MAX])
{
    sqlite3_stmt *stmt = ask(base, "SELECT own_first, own_last, status = 'loaded', reason "
                                   "FROM etl_windows WHERE run_id = ? ORDER BY id");
    size_t count = 0;

    sqlite3_bind_text(stmt, 1, base->run_id, -1, SQLITE_STATIC);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        struct table_window *window = &out[count++];
        const char *reason = (const char *)sqlite3_column_text(stmt, 3);
        assert_true(count <= TABLE_WINDOWS_MAX);
        window->own_first = column_day(stmt, 0);
        window->own_last = column_day(stmt, 1);
        window->loaded = sqlite3_column_int(stmt, 2);
        snprintf(window->reason, sizeof(window->reason), "%s", reason ? reason : "");
    }
    assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
    return count;
}

bool portal_base_knows(const struct portal_base *base, const char *habit)
{
    sqlite3_stmt *stmt = ask(base, "SELECT 1 FROM etl_habits WHERE habit = ?");

    sqlite3_bind_text(stmt, 1, habit, -1, SQLITE_STATIC);
    const bool known = sqlite3_step(stmt) == SQLITE_ROW;
    assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
    return known;
}

void portal_base_forget(const struct portal_base *base, const char *like)
{
    sqlite3_stmt *stmt = ask(base, "DELETE FROM etl_habits WHERE habit LIKE ?");

    sqlite3_bind_text(stmt, 1, like, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
    assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
}
