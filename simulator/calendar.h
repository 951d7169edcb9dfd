/*
 * Tells how busy a day is, by the days of the week and the holidays of Rio Grande do Sul.
 */
#ifndef SIMULATOR_CALENDAR_H
#define SIMULATOR_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

/* Whether a day is a holiday there. Days are day numbers of base/date.h. */
bool calendar_holiday(int32_t day);

/* Returns the work of a day in thousandths of an average day; Sundays and holidays have little. */
uint32_t calendar_load(int32_t day);

#endif
