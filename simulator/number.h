/*
 * Whole numbers as text.
 */
#ifndef SIMULATOR_NUMBER_H
#define SIMULATOR_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* Digits only, at most `max`; out untouched otherwise. NULL is no number. */
bool sim_number_parse(const char *text, uint64_t max, uint64_t *out);

#endif
