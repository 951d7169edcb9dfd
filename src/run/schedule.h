/*
 * Runs cycles on a timetable: finds the next start, waits for it, runs the cycle, and so on.
 */
#ifndef RUN_SCHEDULE_H
#define RUN_SCHEDULE_H

#include "base/error.h"
#include "model/timetable.h"
#include "run/windows.h"

#include <stdbool.h>
#include <time.h>

/* The next start of the timetable. */
struct due {
    time_t at;
    enum cycle_mode mode;
};

/* Finds the first start after `after`, in the process's time zone. Where both cycles are due at the
 * same time, that is the full one. False if the timetable is empty. */
bool schedule_next(const struct timetable *timetable, time_t after, struct due *out);

/* Waits for each start and calls `run`. A start that passes while a cycle runs is left out. Never
 * returns true: ERROR_STOPPED after a signal, ERROR_CONFIG if the timetable is empty. */
bool schedule_loop(const struct timetable *timetable, void (*run)(enum cycle_mode mode, void *arg),
                   void *arg, struct error *err);

#endif
