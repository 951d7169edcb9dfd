/*
 * Converts civil dates to day numbers and back: days since 1970-01-01 in the proleptic Gregorian
 * calendar.
 *
 * A day number is an int32_t, so windows need only plain arithmetic and comparisons. The years are
 * 1 to 9999. These functions never read the clock; the caller knows which day is today.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DATE_MIN = -719162 /* 0001-01-01 */, DATE_MAX = 2932896 /* 9999-12-31 */ };

#define DATE_ISO_SIZE 11 /* "2026-11-23" and its NUL */

bool date_valid(int year, int month, int day);
int32_t date_from_civil(int year, int month, int day); /* the date must be valid */
void date_to_civil(int32_t date, int *year, int *month, int *day);

/* Reads exactly yyyy-mm-dd. False if it is not written so or not a valid date; *out is untouched
 * then. */
bool date_parse_iso(const char *text, size_t len, int32_t *out);
/* Reads exactly dd/mm/yyyy, as people write it in Brazil, or the same with dots or dashes; else as
 * above. */
bool date_parse_br(const char *text, size_t len, int32_t *out);
/* Writes yyyy-mm-dd; returns `text`. */
char *date_format_iso(int32_t date, char text[DATE_ISO_SIZE]);
/* Writes dd/mm/yyyy; returns `text`. */
char *date_format_br(int32_t date, char text[DATE_ISO_SIZE]);

/* Returns the day of the month, from 1. */
int date_day(int32_t date);

/* Returns the day of the week: 0 = Sunday … 6 = Saturday. */
int date_weekday(int32_t date);

#endif
