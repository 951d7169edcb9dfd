/*
 * Runs cycles on a timetable: finds the starts, waits for the next one, runs the cycle, and so on.
 *
 * Every start that has come is decided once, by schedule_decide: it is run, or it is left out for a
 * reason that is logged. So a start that passes while a cycle runs, while the machine sleeps or
 * while the program is not there is never lost without a word.
 */
#ifndef RUN_SCHEDULE_H
#define RUN_SCHEDULE_H

#include "base/error.h"
#include "model/timetable.h"
#include "run/windows.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* A start of the timetable. */
struct due {
    time_t at;
    enum cycle_mode mode;
};

/* Returns the moment of a minute of a day, in the process's time zone. Of the zone's offsets on the
 * days before and after, the earlier one is tried first, so a time that the day has twice means the
 * first. A time that the day does not have is as much later as the clock is put forward. */
time_t schedule_instant(int32_t date, int minute);

/* Finds the first start after `after`, in the process's time zone. Where both cycles are due at the
 * same time, that is the full one. A start whose time a day does not have, because the clock is put
 * forward then, comes as much later; one that a day has twice comes the first time. False if the
 * timetable is empty. Pure. */
bool schedule_next(const struct timetable *timetable, time_t after, struct due *out);

/* Up to which moment the starts of each mode were decided, inclusive. */
struct decided {
    time_t incremental, full;
};

/* A cycle that has run. `began` 0: none. */
struct ran {
    time_t began, ended;
    enum cycle_mode mode;
};

enum left_out {
    LEFT_OUT_COVERED,  /* a cycle was running that loads all that this one would load */
    LEFT_OUT_REPLACED, /* a later start of its mode, or a full cycle, runs in its place */
    LEFT_OUT_LATE,     /* more minutes have passed than the rule's `late` */
};

enum { DECISION_LEFT_MAX = 16 };

struct decision {
    bool runs;      /* whether a cycle is to run now: `run` */
    struct due run; /* the start, which may have passed a while ago */
    /* The last starts that were left out, in order; left_count counts all of them. */
    struct {
        struct due due;
        enum left_out why;
    } left[DECISION_LEFT_MAX];
    size_t left_count;
};

/* Decides all starts up to `now` that were not decided. Of the starts that passed while `ran` ran,
 * those are left out that it covers: a full cycle covers both modes, an incremental one its own.
 * Starts of more than 31 days ago are not looked at. Pure. */
struct decision schedule_decide(const struct timetable *timetable, struct decided decided,
                                struct ran ran, time_t now);

/* Returns the reason in words, for the log. */
const char *schedule_why(enum left_out why);

struct schedule {
    /* Returns the timetable; called before each decision, so that it may change. */
    const struct timetable *(*timetable)(void *arg);
    /* Runs a cycle to its end. */
    void (*run)(enum cycle_mode mode, void *arg);
    void *arg;
    struct decided decided; /* what earlier processes decided: when they last started a cycle */
};

/* Decides and waits for starts, and runs them. SIGHUP ends a wait (base/reload.h), so that
 * `timetable` is asked again. Never returns true: ERROR_STOPPED after a signal, ERROR_CONFIG if the
 * timetable is empty. */
bool schedule_loop(const struct schedule *schedule, struct error *err);

#endif
