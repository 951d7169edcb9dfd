/*
 * The parameters of a PostgreSQL statement, in order, as texts.
 */
#ifndef LOAD_POSTGRES_PARAMETERS_H
#define LOAD_POSTGRES_PARAMETERS_H

#include <stdint.h>
#include <time.h>

/* A zeroed struct has no parameters. Texts that are passed in must live until the statement ran;
 * NULL is SQL NULL. At most 32 parameters. */
struct parameters {
    int count;
    const char *values[32];
    char texts[32][40]; /* numbers, days and instants as texts */
};

/* Add the next parameter. Days are day numbers, instants seconds since 1970. */
void parameter_text(struct parameters *p, const char *text);
void parameter_int(struct parameters *p, int64_t number);
void parameter_count(struct parameters *p, uint64_t number);
void parameter_real(struct parameters *p, double number);
void parameter_day(struct parameters *p, int32_t day);
void parameter_instant(struct parameters *p, time_t when);

#endif
