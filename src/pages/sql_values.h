/*
 * Values for $1, $2 … of destination_query_values.
 */
#ifndef PAGES_SQL_VALUES_H
#define PAGES_SQL_VALUES_H

#include "base/arena.h"

#include <stdint.h>

enum { SQL_VALUES_MAX = 32 };

struct sql_values {
    struct arena *arena; /* where the texts are copied to */
    const char *texts[SQL_VALUES_MAX];
    size_t count;
};

/* Adds a value; returns the number n of its $n. It is a mistake of the program to add more than
 * SQL_VALUES_MAX. */
unsigned sql_bind(struct sql_values *values, const char *text);
unsigned sql_bind_day(struct sql_values *values, int32_t day); /* as ISO */

#endif
