/*
 * Reads whole numbers.
 */
#ifndef SIMULATOR_NUMBER_H
#define SIMULATOR_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* Reads a number of digits only, at most `max`. False, with *out untouched, for any other text and
 * for NULL. */
bool sim_number_parse(const char *text, uint64_t max, uint64_t *out);

#endif
