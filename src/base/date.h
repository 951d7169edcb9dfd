/*
 * Civil dates as day numbers: days since 1970-01-01 in the proleptic Gregorian calendar.
 *
 * A day number is an int32_t, so windows are plain arithmetic and comparisons. Years 1 to 9999.
 * Which instant "today" is belongs to the caller; nothing here asks the clock.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DATE_MIN = -719162 /* 0001-01-01 */, DATE_MAX = 2932896 /* 9999-12-31 */ };

#define DATE_ISO_SIZE 11 /* "2026-11-23" and its NUL */

bool date_valid(int year, int month, int day);
int32_t date_from_civil(int year, int month, int day); /* of a valid date */
void date_to_civil(int32_t date, int *year, int *month, int *day);

/* Exactly yyyy-mm-dd, a valid date; out untouched otherwise. */
bool date_parse_iso(const char *text, size_t len, int32_t *out);
/* Exactly dd/mm/yyyy, as people write it in Brazil, or the same with dots or dashes. */
bool date_parse_br(const char *text, size_t len, int32_t *out);
/* Writes yyyy-mm-dd; returns `text`. */
char *date_format_iso(int32_t date, char text[DATE_ISO_SIZE]);
/* Writes dd/mm/yyyy; returns `text`. */
char *date_format_br(int32_t date, char text[DATE_ISO_SIZE]);

/* Day of the month, from 1. */
int date_day(int32_t date);

/* Day of the week: 0 = Sunday … 6 = Saturday. */
int date_weekday(int32_t date);

#endif
