/*
 * Whether the figures can be trusted now: until when the copy goes, what is missing, whether a run
 * is going. The head of every page says it, and /api/frescor does.
 *
 * Nobody expects new data at night or on a Sunday: only the hours of config_expediente count
 * towards the age, and the limits are rows of config_parametro.
 */
#ifndef PAGES_FRESHNESS_H
#define PAGES_FRESHNESS_H

#include "base/arena.h"
#include "base/error.h"
#include "pages/format.h"
#include "pages/query_table.h"

#include <time.h>

enum { FRESHNESS_REPORTS_MAX = 16 };

/* The hours of a weekday, 0 = Monday, in minutes since midnight; from == to: none. */
struct working_hours {
    int from[7], to[7];
};

/* Returns the working minutes between two moments, at most a year's; local time is the process's.
 */
int64_t working_minutes(const struct working_hours *hours, time_t from, time_t to);

enum freshness_state {
    FRESHNESS_FRESH,
    FRESHNESS_WARNING, /* late, something is missing, or summaries are to be made anew */
    FRESHNESS_ERROR,   /* too late, or nothing was ever loaded */
};

struct freshness {
    enum freshness_state state;
    struct query_table reports; /* name, ended_at, last day, run; the oldest first */
    struct query_table open;    /* windows that are missing: report, first, last, status, reason,
                                   when, number of all of them */
    int64_t open_count;
    const char *due_reason; /* the summaries are to be made anew, and why; NULL: they are right */
    const char *running;    /* the run that is going, or NULL */
    int64_t age_minutes;    /* in working time; −1: never loaded */
};

/* Reads it as it is at `now`. Fails as query_table_read does. */
bool freshness_read(struct destination *reader, time_t now, struct arena *arena,
                    struct freshness *out, struct error *err);

/* Appends the line for the head of a page; live: the page's script keeps it fresh. */
void freshness_html(const struct freshness *freshness, bool live, struct buf *out);
/* Appends it as JSON (/api/frescor). */
void freshness_json(const struct freshness *freshness, struct buf *out);

#endif
