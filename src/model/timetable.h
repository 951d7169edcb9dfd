/*
 * The timetable of cycles, in the portal's time zone.
 */
#ifndef MODEL_TIMETABLE_H
#define MODEL_TIMETABLE_H

#include <stdint.h>

/* A cycle runs at `first`, `first` + `every`, … up to `last`, in minutes of the day, on the days
 * whose bit is set (bit 0: Sunday). days == 0: never. A start that was missed is made up for as
 * long as it is at most `late` minutes old, and within a minute always. */
struct timetable_rule {
    uint8_t days;
    int first, last, every, late;
};

struct timetable {
    struct timetable_rule incremental, full;
    int late_after, stale_after; /* working hours; 0: not set. See run/freshness.h */
};

#endif
