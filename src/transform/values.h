/*
 * Turns dates and times of the exports into their canonical form.
 *
 * The input is a cell as it stands in the file, not trimmed, in any encoding that contains ASCII.
 * There are four outcomes. VALUE_READ: a value. VALUE_NONE: the cell is empty or says that there is
 * no value. VALUE_IMPOSSIBLE: it is written as a date, but there is no such day, nor with the month
 * first (30/02/2024, 99/99/9999, 31/12/9999). VALUE_UNREADABLE: it is written in no known way. The
 * last two become NULL and are counted. docs/transform.md says what is accepted, and why.
 */
#ifndef TRANSFORM_VALUES_H
#define TRANSFORM_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value { VALUE_NONE, VALUE_READ, VALUE_IMPOSSIBLE, VALUE_UNREADABLE };

#define VALUE_SIZE 32

/* Lengths of what is written, without the NUL behind it. */
enum { VALUE_DATE_LEN = 10, VALUE_TIME_LEN = 8, VALUE_TIMESTAMP_LEN = 19 };

/* Reads dd/mm/yyyy, d/m/yyyy, the same with '-' or '.', yyyy-mm-dd or yyyymmdd. A time of day
 * behind the date, after a blank or a T, is checked and dropped. Writes yyyy-mm-dd and the day
 * number *date. */
enum value value_date(const char *text, size_t len, char out[VALUE_SIZE], int32_t *date);

/* Reads H:M or H:M:S with one or two digits each. Writes HH:MM:SS. */
enum value value_time(const char *text, size_t len, char out[VALUE_SIZE]);

/* Reads a date, optionally followed by one blank or T and a time; without a time it is midnight.
 * Writes "yyyy-mm-dd HH:MM:SS". */
enum value value_timestamp(const char *text, size_t len, char out[VALUE_SIZE]);

/* Whether a text that is no date would be a date with its month first: 10/31/2025, 10-31-2025. */
bool value_is_month_first(const char *text, size_t len);

#endif
