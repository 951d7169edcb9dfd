/*
 * Prepares a window: fetches its export and makes clean rows of the files. This is the first half
 * of a window's way, before run/window_load.h. It does not use the database, so it can be done
 * while other windows are loaded.
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

/* What one thread needs to prepare the windows of one report; all borrowed. */
struct preparer {
    const struct report *report;
    struct extractor *extractor;
    struct transform *transform; /* of that report */
    bool accept_shrink;          /* foreign rows do not hold the window */
    bool ends_lines;             /* files of the report are known to end with a line end */
    int seconds;         /* for so long a window is tried again; 0: files at hand, asked once */
    atomic_int *empties; /* windows of the report that were empty twice; shared by all threads */
};

enum { DOUBT_REASON_SIZE = 160 };

/* The days of a window that are doubtful, as day numbers, and why (run/confirm.h). */
struct doubtful_days {
    int32_t first, last;            /* inclusive */
    int32_t anchor;                 /* the last day before them with rows; or `first` */
    int32_t last_empty;             /* the last of them without rows; or `anchor` */
    char reason[DOUBT_REASON_SIZE]; /* why the first of them is doubtful; names the limit */
};

/* A window and what was prepared of it; prepared_done releases it. */
struct prepared {
    struct window window;
    struct export export;
    struct batch batch;
    struct file_facts *facts; /* one for each file that was read */
    size_t facts_count;
    struct buf files; /* base names of the files, ", " between */
    uint64_t bytes;   /* of the files that were read */
    time_t started_at;
    int64_t spent_ms;              /* on preparing it; without waiting for other windows */
    int64_t began_ms, ended_ms;    /* when it was prepared (clock_ms) */
    bool doubted;                  /* it has doubtful days, */
    bool confirmed;                /* and they were asked for again */
    struct doubtful_days doubtful; /* if doubted */
    bool replaced;                 /* by another export of the same days, because of doubts */
    struct key_set shown;          /* rows of its own days that other exports of this run showed */
    struct error error;            /* ERROR_NONE: the rows are ready */
};

/* After so many windows that stayed empty when they were asked for again, the next empty one is
 * believed at once: the days of a profile may begin before the report's first row. */
enum { PREPARE_EMPTIES_MAX = 2 };

/* Fetches the window's export and cleans its rows. Asks once more if a file is refused (ERROR_DATA,
 * ERROR_HELD), and if an export has no record: where nothing was loaded before, no later check
 * finds that such an export is wrong. A failure is left in out->error, with the counts as far as
 * they came. *out is the caller's in any case. */
void window_prepare(const struct preparer *preparer, struct window window, struct prepared *out);

/* Cleans the files of a window, in place of the rows that it has. Called once more after the report
 * has grown. ERROR_DATA or ERROR_HELD if a file or the window is refused. */
bool prepared_clean(const struct preparer *preparer, struct prepared *prepared, struct error *err);

/* Adds the rows of another export of the window to prepared->shown, and those that the other one
 * has there: what the portal showed in this run is not deleted, whatever a later export lacks. */
void prepared_remember(struct prepared *prepared, const struct prepared *other);

/* Frees what was prepared, and removes the files unless they are kept. Accepts a zeroed one. */
void prepared_done(struct prepared *prepared, bool keep_files);

#endif
