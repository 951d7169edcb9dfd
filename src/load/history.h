/*
 * Reading the ledger, the change log and the rejects back, the same from every destination.
 *
 * Each query hands over rows of texts with the columns that its names array lists, newest first.
 */
#ifndef LOAD_HISTORY_H
#define LOAD_HISTORY_H

#include "base/error.h"
#include "load/destination.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is asked for; a zeroed member asks for all. Texts are quoted here, whatever they hold. */
struct history_filter {
    const char *report;
    const char *run;
    bool has_since, has_first, has_last;
    int32_t since;       /* written on that day or later */
    int32_t first, last; /* the row's window date */
    int64_t limit;       /* at most so many rows */
};

enum { HISTORY_COLUMNS_MAX = 16 };

/* A kind of history: `columns` ends with NULL. */
struct history_kind {
    const char *columns[HISTORY_COLUMNS_MAX];
    const char *from;        /* table or view */
    const char *written_at;  /* its column for `since`; NULL: it has none */
    const char *window_date; /* its column for first and last; NULL: it has none */
    const char *run;         /* its column for `run` */
    const char *order;
};

extern const struct history_kind history_changes; /* one row for each changed column */
extern const struct history_kind history_rejects;
extern const struct history_kind history_runs; /* of a report: that asked for its windows */
extern const struct history_kind history_windows;
extern const struct history_kind history_lost_windows; /* those that were not loaded */
extern const struct history_kind history_columns;      /* that were added; ordered by their names */

bool history_read(struct destination *dest, const struct history_kind *kind,
                  const struct history_filter *filter, destination_row *row, void *arg,
                  struct error *err);

/* What the runs of that mode that began on the day `since` or later have loaded, in the order of
 * their beginnings: (run, exit code or NULL, report, first, last, own_first, own_last), one row a
 * window; of a run that has loaded nothing one row whose window is NULL. */
bool history_cycles(struct destination *dest, const char *mode, int32_t since, destination_row *row,
                    void *arg, struct error *err);

/* How many rows the report's table has on the window's days, whoever wrote them. */
bool history_count_rows(struct destination *dest, const struct report *report, struct window window,
                        size_t *out, struct error *err);

/* How many rows have something in a column on the window's days. */
bool history_count_filled(struct destination *dest, const struct report *report,
                          struct window window, size_t column, size_t *out, struct error *err);

/* When the newest day of a report was last loaded: one row (report, day, at), or none. */
bool history_freshness(struct destination *dest, const char *report, destination_row *row,
                       void *arg, struct error *err);

#endif
