/*
 * Randomness without state: a value is a pure function of a key and a salt (splitmix64's
 * finaliser).
 *
 * So any row of any day can be drawn without drawing the rows before it, and a draw added later
 * does not disturb the others. A key names a thing (a day, a row, a field); a salt names the
 * question asked.
 */
#ifndef SIMULATOR_RANDOM_H
#define SIMULATOR_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

uint64_t random_mix(uint64_t key, uint64_t salt);               /* a draw, or a key below `key` */
uint32_t random_below(uint64_t key, uint64_t salt, uint32_t n); /* 0 … n-1; n > 0 */
bool random_chance(uint64_t key, uint64_t salt, uint32_t per_million); /* true that often */

#endif
