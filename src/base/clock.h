/*
 * Time: the portal's calendar day, instants for the ledger, and deadlines.
 *
 * Everything civil is in one time zone, set once by clock_set_zone (the profile's,
 * America/Sao_Paulo by default): the original took "today" in UTC and lost or invented a day every
 * evening.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct error;

#define CLOCK_STAMP_SIZE 32

/* Makes `zone` the process's time zone; fails if the machine has no data for it (then glibc would
 * silently use UTC). */
bool clock_set_zone(const char *zone, struct error *err);

time_t clock_now(void);
int32_t clock_today(void); /* the civil day of now, as in base/date.h */
int32_t clock_day_of(time_t when);

/* "2026-11-23 18:30:01", local, without zone: the form of DATA_EXTRACAO. */
char *clock_format_local(time_t when, char text[CLOCK_STAMP_SIZE]);
/* "2026-11-23T18:30:01-03:00": the form of logs and the ledger. */
char *clock_format_zoned(time_t when, char text[CLOCK_STAMP_SIZE]);

/* Milliseconds of a clock that never goes back; for durations and deadlines. */
int64_t clock_ms(void);

#endif
