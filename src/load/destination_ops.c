/* SPDX-License-Identifier: MIT */
/* Functions that all kinds of destinations share: loaded days, and checks of a row's key and
 * fingerprint. */
#include "load/destination_ops.h"

void loaded_days_mark(bool *days, struct window window, int64_t first, int64_t last)
{
    if (first < window.own_first)
        first = window.own_first;
    if (last > window.own_last)
        last = window.own_last;
    for (int64_t day = first; day <= last; day++)
        days[day - window.own_first] = true;
}

bool table_row_key_agrees(const struct table_row *row)
{
    return row->has_key && hash128_equal(row->key, row->key_now);
}

bool table_row_contents_agree(const struct table_row *row)
{
    return row->has_fingerprint && hash128_equal(row->fingerprint, row->fingerprint_now);
}
