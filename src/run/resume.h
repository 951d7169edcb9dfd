/*
 * Goes on where a cycle was interrupted: finds the windows of this run that earlier cycles have
 * loaded already.
 *
 * A window counts as loaded if a cycle loaded it that was interrupted, and no cycle has ended well
 * since. A partial cycle loads only some days or some reports, and its id says so (run_id.h).
 * That such a cycle ended well says nothing about the other windows: it only matters to a run that
 * is partial too and whose windows were all loaded.
 */
#ifndef RUN_RESUME_H
#define RUN_RESUME_H

#include "load/destination.h"
#include "run/report_run.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is known so far. The rows of history_cycles come cycle by cycle, the oldest first. */
struct resume {
    const struct report_run *parts;
    size_t part_count;
    bool is_partial;  /* this run */
    uint8_t *windows; /* bits for each window of all parts, in order; owned */
    size_t window_count;
    char run[RUN_ID_SIZE];   /* the id of the last row's cycle */
    bool ended, was_partial; /* that cycle: it ended well, it was partial */
};

/* Begins with no window loaded. The parts are borrowed until resume_done, with all windows as they
 * were planned. */
void resume_init(struct resume *resume, const struct report_run *parts, size_t part_count,
                 bool is_partial);
void resume_done(struct resume *resume); /* accepts a zeroed one */

/* Notes a row of history_cycles; `arg` is the struct resume. Never fails. */
bool resume_note(void *arg, const struct cell *cells, size_t count, struct error *err);

/* Ends the last row's cycle; to be called after the last row. */
void resume_end(struct resume *resume);

/* Whether window `at`, counted over all parts, was loaded by an interrupted cycle. */
bool resume_has(const struct resume *resume, size_t at);

/* Takes out of the parts the windows that interrupted cycles of the same mode have loaded. The
 * summaries count them as resumed. A part that loses windows removes no undated rows at its end,
 * because it does not know which ones those windows showed. Only cycles since the day `since` (a
 * day number) count, because the portal changes by the hour. ERROR_DATABASE: nothing was taken. */
bool resume_skip_loaded(struct destination *dest, const char *mode, bool is_partial, int32_t since,
                        struct report_run *parts, size_t part_count, struct error *err);

#endif
