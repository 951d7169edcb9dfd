/*
 * Which alternatives of a profile's locators serve: said once for each locator that needs another one
 * than its first, because then the page has changed.
 */
#ifndef EXTRACT_FORM_SERVED_H
#define EXTRACT_FORM_SERVED_H

#include "model/report.h"

#include <stddef.h>

enum { FALLBACK_LOCATORS_MAX = 64 };

struct fallback_locators {
    const struct locator *told[FALLBACK_LOCATORS_MAX]; /* known by their addresses */
    size_t count;
};

/* `way` is the index of the alternative that found the element. */
void fallback_locators_note(struct fallback_locators *served, const struct locator *locator,
                            size_t way);

#endif
