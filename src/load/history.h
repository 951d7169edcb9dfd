/*
 * Reads the ledger, the change log and the rejects, in the same way from every destination.
 *
 * Each query hands over rows of texts. history_read has the columns that the kind lists and the
 * newest rows first, unless its comment says otherwise.
 */
#ifndef LOAD_HISTORY_H
#define LOAD_HISTORY_H

#include "base/error.h"
#include "load/destination.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which rows to read; a zeroed member does not restrict them. The texts may hold any
 * character. */
struct history_filter {
    const char *report;
    const char *run;
    bool has_since, has_first, has_last;
    int32_t since;       /* day number: written on that day or later */
    int32_t first, last; /* day numbers, inclusive: the row's window date */
    int64_t limit;       /* at most so many rows */
};

enum { HISTORY_COLUMNS_MAX = 16 };

/* A kind of history: `columns` ends with NULL. */
struct history_kind {
    const char *columns[HISTORY_COLUMNS_MAX];
    const char *from;            /* table or view, or a subquery */
    const char *from_clickhouse; /* where it cannot run `from`; NULL: it can */
    const char *written_at;      /* its column for `since`; NULL: it has none */
    const char *window_date;     /* its column for first and last; NULL: it has none */
    const char *run;             /* its column for `run` */
    const char *order;
};

extern const struct history_kind history_changes; /* one row for each changed column */
extern const struct history_kind history_rejects;
/* with a report in the filter: the runs that have a window of it */
extern const struct history_kind history_runs;
extern const struct history_kind history_windows;
/* the windows that were not loaded, and whose days no later window loaded */
extern const struct history_kind history_lost_windows;
/* columns that were added, ordered by report and name */
extern const struct history_kind history_columns;

/* Hands over the rows of the kind that pass the filter. */
bool history_read(struct destination *dest, const struct history_kind *kind,
                  const struct history_filter *filter, destination_row *row, void *arg,
                  struct error *err);

/* Hands over the windows that the runs of that mode loaded which began on the day `since` or later,
 * ordered by run id, which sorts by start: (run, exit code or NULL, report, first, last, own_first,
 * own_last), one row a window. A run that loaded nothing has one row whose window columns are
 * NULL. */
bool history_cycles(struct destination *dest, const char *mode, int32_t since, destination_row *row,
                    void *arg, struct error *err);

/* Hands over the windows that runs loaded whose ids end with `ending`, which has no "%" or "_":
 * (report, own_first, own_last). */
bool history_loaded_by(struct destination *dest, const char *ending, destination_row *row,
                       void *arg, struct error *err);

/* Hands over the ranges of days of a report that complete windows loaded, in any order and as often
 * as they differ: (first, last), days as texts. */
bool history_loaded_ranges(struct destination *dest, const char *report, destination_row *row,
                           void *arg, struct error *err);

/* Hands over, for each mode, the id of the last run of all reports and days that was started:
 * (mode, id). Ids begin with the start, in the portal's zone. */
bool history_last_runs(struct destination *dest, destination_row *row, void *arg,
                       struct error *err);

/* Hands over the exit code of the last whole run before `run_id` that came to its end, and the day
 * on which it started: (code, "yyyy-mm-dd…"), or nothing. */
bool history_run_before(struct destination *dest, const char *run_id, destination_row *row,
                        void *arg, struct error *err);

/* Hands over how many runs started on that day, and how many of them failed: (runs, failed). */
bool history_day_runs(struct destination *dest, int32_t day, destination_row *row, void *arg,
                      struct error *err);

/* Hands over what the loads of that day have changed, by report: (report, inserted, updated,
 * deleted, rejected). */
bool history_day_changes(struct destination *dest, int32_t day, destination_row *row, void *arg,
                         struct error *err);

/* Counts the rows of the report's table on the window's owned days, whoever wrote them. */
bool history_count_rows(struct destination *dest, const struct report *report, struct window window,
                        size_t *out, struct error *err);

/* Counts the rows that have a value in a column on the window's owned days. */
bool history_count_filled(struct destination *dest, const struct report *report,
                          struct window window, size_t column, size_t *out, struct error *err);

/* Hands over when the newest day of a report was last loaded by a complete window: one row (report,
 * day, end of the load), or none. */
bool history_freshness(struct destination *dest, const char *report, destination_row *row,
                       void *arg, struct error *err);

#endif
