/*
 * Reads the clock: the portal's calendar day, instants for the ledger, and deadlines.
 *
 * All calendar days and local times are in one time zone, which clock_set_zone sets once (the
 * profile's, America/Sao_Paulo by default). The Python program took "today" in UTC and had the
 * wrong day every evening.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct error;

#define CLOCK_STAMP_SIZE 32

/* Makes `zone` the process's time zone. Fails with ERROR_CONFIG if the machine has no data for it,
 * because glibc would silently use UTC. */
bool clock_set_zone(const char *zone, struct error *err);

time_t clock_now(void);
int32_t clock_today(void); /* the present day in the zone, a day number as in base/date.h */
int32_t clock_day_of(time_t when);

/* Writes "2026-11-23 18:30:01", local time without zone, as the column DATA_EXTRACAO has it.
 * Returns `text`. */
char *clock_format_local(time_t when, char text[CLOCK_STAMP_SIZE]);
/* Writes "2026-11-23T18:30:01-03:00", as logs and the ledger have it. Returns `text`. */
char *clock_format_zoned(time_t when, char text[CLOCK_STAMP_SIZE]);

/* Returns milliseconds of a clock that never goes back; for durations and deadlines. */
int64_t clock_ms(void);

#endif
