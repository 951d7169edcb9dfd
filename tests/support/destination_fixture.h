/*
 * A small report and ready-made windows for the tests of destinations.
 *
 * The report has every type of column, a key of two columns, and names that need quoting. Days are
 * days of March 2026. Hashes are made by hand: a destination stores them and never computes them.
 */
#ifndef TESTS_SUPPORT_DESTINATION_FIXTURE_H
#define TESTS_SUPPORT_DESTINATION_FIXTURE_H

#include "load/destination.h"

extern const struct report fixture_report;
extern const struct run fixture_run; /* "run-1", full */

int32_t march(int day);
struct window fixture_window(int own_first, int own_last); /* asks for one day more at the end */
struct hash128 fixture_hash(uint64_t number);              /* both halves depend on the number */

/* A row of fixture_report, the columns that tests use. */
struct line {
    const char *uc;
    const char *status; /* NULL: SQL NULL */
    int day;            /* of March; 0: no date */
    const char *hour;
    uint64_t key, print;
};

/* The work of a window: rows with their actions, and keys to delete. */
struct work {
    struct batch batch;
    struct plan plan;
    size_t room;
};

void work_init(struct work *work);
void work_done(struct work *work);
void work_add(struct work *work, enum row_action action, struct line line);
void work_add_logged(struct work *work, struct line line);  /* ROW_INSERT, a change of the past */
void work_remove(struct work *work, uint64_t key, int day); /* 0: of an undated row */

struct ledger_entry fixture_entry(struct window window); /* loaded, all numbers zero */

/* Opens and migrates a destination. Returns NULL if that fails. */
struct destination *fixture_open(const char *url, struct error *err);

/* Begins a window and applies the work, without commit. */
bool fixture_apply(struct destination *dest, struct window window, const struct work *work,
                   struct error *err);
bool fixture_commit(struct destination *dest, struct window window, struct error *err);
bool fixture_load(struct destination *dest, struct window window, const struct work *work,
                  struct error *err);

/* Loads days 1 to 9 for the first time: UC 100 on day 2 (key 1), UC 200 on day 3 (key 2), UC 300
 * without a date (key 3); fingerprints 10, 20, 30. */
bool fixture_first_load(struct destination *dest, struct error *err);

#endif
