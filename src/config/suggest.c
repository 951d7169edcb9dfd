/* SPDX-License-Identifier: MIT */
/* Compares words by edit distance: letters inserted, left out, changed, or two neighbours
 * swapped. */
#include "config/suggest.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { WORD_MAX = 48 }; /* bytes; longer words are not compared */

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t cost[WORD_MAX + 1][WORD_MAX + 1];

    for (size_t i = 0; i <= a_len; i++)
        cost[i][0] = i;
    for (size_t j = 0; j <= b_len; j++)
        cost[0][j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        for (size_t j = 1; j <= b_len; j++) {
            size_t change = cost[i - 1][j - 1] + !same(a[i - 1], b[j - 1]);
            size_t one_more = smaller(cost[i - 1][j], cost[i][j - 1]) + 1;
            cost[i][j] = smaller(change, one_more);
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
                cost[i][j] = smaller(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    }
    return cost[a_len][b_len];
}

const char *suggest_nearest(const char *word, const char *const *known, size_t count)
{
    size_t len = strlen(word);
    /* if more than a third of the letters differ, it is another word */
    size_t best = (len + 2) / 3 + 1;
    const char *found = NULL;

    if (len > WORD_MAX)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t known_len = strlen(known[i]);
        if (known_len > WORD_MAX)
            continue;
        size_t d = distance(word, len, known[i], known_len);
        if (d < best) {
            best = d;
            found = known[i];
        }
    }
    return found;
}
