/* SPDX-License-Identifier: MIT */
/* Reads decimal numbers strictly. */
#include "simulator/number.h"

#include <stddef.h>

bool sim_number_parse(const char *text, uint64_t max, uint64_t *out)
{
    uint64_t value = 0;

    if (!text || !*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        uint64_t digit = (uint64_t)(*text - '0');
        if (digit > max || value > (max - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}
