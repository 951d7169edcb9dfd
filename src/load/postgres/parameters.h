/*
 * The parameters of a PostgreSQL statement, in order, as texts.
 */
#ifndef LOAD_POSTGRES_PARAMETERS_H
#define LOAD_POSTGRES_PARAMETERS_H

#include <stdint.h>
#include <time.h>

/* Zero is valid: none. Texts that are passed in must live until the statement ran; NULL is SQL
 * NULL. */
struct parameters {
    int count;
    const char *values[32];
    char texts[32][40]; /* of what was no text */
};

void parameter_text(struct parameters *p, const char *text);
void parameter_int(struct parameters *p, int64_t number);
void parameter_count(struct parameters *p, uint64_t number);
void parameter_real(struct parameters *p, double number);
void parameter_day(struct parameters *p, int32_t day);
void parameter_instant(struct parameters *p, time_t when);

#endif
