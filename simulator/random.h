/*
 * Draws random values without a state: a value is a pure function of a key and a salt (the
 * finaliser of splitmix64).
 *
 * So any row of any day can be drawn without the rows before it, and a draw that is added later
 * does not change the others. A key names a thing (a day, a row, a field); a salt names the
 * question.
 */
#ifndef SIMULATOR_RANDOM_H
#define SIMULATOR_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

uint64_t random_mix(uint64_t key, uint64_t salt);               /* a draw, or a key below `key` */
uint32_t random_below(uint64_t key, uint64_t salt, uint32_t n); /* 0 … n-1; n > 0 */
/* Returns true in per_million of 1,000,000 draws. */
bool random_chance(uint64_t key, uint64_t salt, uint32_t per_million);

#endif
