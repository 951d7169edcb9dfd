/*
 * Going on where a cycle was interrupted: which windows of this run others have loaded already.
 *
 * What counts is what cycles that did not come to their end have loaded since the last one that
 * did. A cycle of a part, of other days or of some reports, has a name that says so, because its
 * end says nothing of the whole: it ends only a part of which every window was loaded.
 */
#ifndef RUN_RESUME_H
#define RUN_RESUME_H

#include "load/destination.h"
#include "run/report_run.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is known so far, one byte a window of all parts, in order. */
struct resume {
    const struct report_run *parts;
    size_t part_count;
    bool is_part;     /* of this run, too */
    uint8_t *windows; /* owned */
    size_t window_count;
    char run[RUN_ID_SIZE]; /* that the last row was of */
    bool ended, of_part;   /* that run: it came to its end, it was one of a part */
};

/* The end of the name (struct run, id) of a cycle of a part. */
#define RESUME_PART "-part"

/* Jobs are borrowed, with their windows as planned. */
void resume_init(struct resume *resume, const struct report_run *parts, size_t part_count,
                 bool is_part);
void resume_done(struct resume *resume); /* accepts a zeroed one */

/* Takes a row of history_cycles; `arg` is the resume. Never fails. */
bool resume_note(void *arg, const struct cell *cells, size_t count, struct error *err);

/* After the last row: whether window `at` of all was loaded by an interrupted cycle. */
void resume_end(struct resume *resume);
bool resume_has(const struct resume *resume, size_t at);

/* Asks the database, and takes the windows that it has out of the parts: their summaries tell how
 * many, and undated rows are not removed any more, for what those windows showed is not known.
 * Only runs since the day `since` count: the portal changes by the hour. Fails as queries do, then
 * nothing was taken. */
bool resume_skip_loaded(struct destination *dest, const char *mode, bool is_part, int32_t since,
                        struct report_run *parts, size_t part_count, struct error *err);

#endif
