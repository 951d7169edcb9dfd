/* SPDX-License-Identifier: MIT */
/* Draws values by mixing keys and salts. */
#include "simulator/random.h"

uint64_t random_mix(uint64_t key, uint64_t salt)
{
    uint64_t z = key + (salt + 1) * UINT64_C(0x9E3779B97F4A7C15);

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

uint32_t random_below(uint64_t key, uint64_t salt, uint32_t n)
{
    return (uint32_t)(((random_mix(key, salt) >> 32) * n) >> 32);
}

bool random_chance(uint64_t key, uint64_t salt, uint32_t per_million)
{
    return random_below(key, salt, 1000000) < per_million;
}
