/* SPDX-License-Identifier: MIT */
/* Once for each locator. */
#include "extract/form/served.h"

#include "base/log.h"

void fallback_locators_note(struct fallback_locators *served, const struct locator *locator,
                            size_t way)
{
    if (way == 0 || way >= locator->any.count || served->count == FALLBACK_LOCATORS_MAX)
        return;
    for (size_t i = 0; i < served->count; i++)
        if (served->told[i] == locator)
            return;
    served->told[served->count++] = locator;
    log_info("portal.changed", log_text("gone", locator->any.items[0]),
             log_text("served", locator->any.items[way]), log_int("alternative", (int64_t)way + 1));
}
