/*
 * How busy a day is: the rhythm of the week and the holidays of Rio Grande do Sul.
 */
#ifndef SIMULATOR_CALENDAR_H
#define SIMULATOR_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

bool calendar_holiday(int32_t day);

/* Work done on that day in thousandths of an average day: Sundays and holidays are quiet. */
uint32_t calendar_load(int32_t day);

#endif
