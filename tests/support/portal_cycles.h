/*
 * Cycles over a fake portal and a SQLite database in this process. They run the program's own code
 * from the plan of windows to the end of the run, without a browser.
 */
#ifndef TESTS_SUPPORT_PORTAL_CYCLES_H
#define TESTS_SUPPORT_PORTAL_CYCLES_H

#include "run/cycle.h"
#include "tests/support/fake_portal.h"

#include <sqlite3.h>

/* A row of the table. */
struct known_row {
    int32_t date;
    int id, version;
};

struct held_table {
    struct known_row *rows; /* by date, then id */
    size_t count;
};

void held_table_done(struct held_table *table);
const struct known_row *held_table_find(const struct held_table *table, int32_t date, int id);

/* A window of the last cycle, as the ledger records it. */
struct table_window {
    int32_t own_first, own_last;
    bool loaded;
    char reason[512];
};

enum { TABLE_WINDOWS_MAX = 64 };

/* A database, its destination for writing, and a connection for reading. */
struct portal_base {
    char *folder, *path, *url, *template;
    struct report report;
    struct destination *destination;
    sqlite3 *look;
    char run_id[40];
    int cycles;
};

/* Makes the folder, in memory if possible, and an empty database that each scenario copies. */
void portal_base_init(struct portal_base *base);
void portal_base_done(struct portal_base *base);
void portal_base_begin(struct portal_base *base); /* a new database with `report` */
void portal_base_end(struct portal_base *base);

/* Runs a cycle. Returns false if there is no day to ask for. */
bool portal_cycle(struct portal_base *base, struct fake_portal *portal, size_t workers,
                  const struct cycle_options *options);

/* Sets the days of the windows that a cycle would ask for and returns their number, 0 if there is
 * no day. */
size_t portal_plan(const struct report *report, const struct cycle_options *options,
                   int32_t days[TABLE_WINDOWS_MAX][2]);

struct held_table portal_base_read(const struct portal_base *base);
size_t portal_base_windows(const struct portal_base *base,
                           struct table_window out[TABLE_WINDOWS_MAX]);
bool portal_base_knows(const struct portal_base *base, const char *habit);
void portal_base_forget(const struct portal_base *base, const char *like); /* deletes habits */

#endif
