/*
 * The timetable at work: what is due next (pure but for the time zone), and the loop that waits for
 * it.
 */
#ifndef RUN_SCHEDULE_H
#define RUN_SCHEDULE_H

#include "base/error.h"
#include "model/timetable.h"
#include "run/windows.h"

#include <stdbool.h>
#include <time.h>

struct due {
    time_t at;
    enum cycle_mode mode;
};

/* The first start after `after`, in the process's time zone; where both cycles begin at once, the
 * full one. False if the timetable never runs. */
bool schedule_next(const struct timetable *timetable, time_t after, struct due *out);

/* Waits for each start and calls `run`; a start that passes while a cycle runs is left out. Returns
 * only with ERROR_STOPPED, or ERROR_CONFIG for an empty timetable. */
bool schedule_loop(const struct timetable *timetable, void (*run)(enum cycle_mode mode, void *arg),
                   void *arg, struct error *err);

#endif
