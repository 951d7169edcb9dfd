/*
 * The first half of a window: its export is fetched and its files become clean rows. Nothing here
 * knows the database, so it may happen while other windows are being loaded.
 */
#ifndef RUN_WINDOW_PREPARE_H
#define RUN_WINDOW_PREPARE_H

#include "base/buf.h"
#include "base/error.h"
#include "extract/extractor.h"
#include "model/key_set.h"
#include "transform/transform.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* How the windows of one report are prepared by one thread; all borrowed. */
struct preparer {
    const struct report *report;
    struct extractor *extractor;
    struct transform *transform; /* of that report */
    bool accept_shrink;          /* foreign rows do not hold the window */
    bool ends_lines;             /* files of the report are known to end with a line end */
    int seconds; /* in which a window is tried again; 0: what the extractor has is all there is */
    atomic_int *empties; /* windows of the report that were empty twice; shared by all threads */
};

enum { DOUBT_REASON_SIZE = 160 };

/* Days of a window that are doubtful, and why: run/confirm.h. */
struct doubtful_days {
    int32_t first, last;
    int32_t anchor; /* a day before them that the export has rows of; `first`: there is none */
    int32_t
        last_empty; /* the last of them that the export has no row of; `anchor`: there is none */
    char reason[DOUBT_REASON_SIZE]; /* of the first of them; names the limit */
};

/* A window on its way, with all it brings; prepared_done releases it. */
struct prepared {
    struct window window;
    struct export export;
    struct batch batch;
    struct file_facts *facts; /* of each file that was read */
    size_t facts_count;
    struct buf files; /* base names, ", " between */
    uint64_t bytes;   /* of the files that were read */
    time_t started_at;
    int64_t spent_ms;           /* on all that; not what it waits afterwards */
    int64_t began_ms, ended_ms; /* when that was (clock_ms) */
    bool doubted;               /* it has doubtful days, */
    bool confirmed;             /* which were asked for again */
    struct doubtful_days doubtful;
    bool replaced;        /* by a second export of the same days, because of doubts */
    struct key_set shown; /* rows of its own days that other exports of this run have shown */
    struct error error;   /* ERROR_NONE: the rows are ready */
};

/* So many windows that were empty when they were asked for again, and the next one is believed at
 * once: a history may begin before its report did. */
enum { PREPARE_EMPTIES_MAX = 2 };

/* Fetches and cleans. A file that is not what it should be is asked for once more, and so is an
 * export without any record, which nothing contradicts where nothing was loaded before. What fails
 * is left in out->error, with the numbers as far as they came. */
void window_prepare(const struct preparer *preparer, struct window window, struct prepared *out);

/* Cleans the files once more, after the report has grown. */
bool prepared_clean(const struct preparer *preparer, struct prepared *prepared, struct error *err);

/* Notes the rows of its own days that another export of this run shows, or has noted: what the
 * portal has shown a moment before is not gone, whatever the next export lacks. */
void prepared_remember(struct prepared *prepared, const struct prepared *other);

void prepared_done(struct prepared *prepared, bool keep_files); /* accepts a zeroed one */

#endif
