/*
 * Which alternatives of a profile's locators serve: said once for each locator that needs another one
 * than its first, because then the page has changed.
 */
#ifndef EXTRACT_FORM_SERVED_H
#define EXTRACT_FORM_SERVED_H

#include "model/report.h"

#include <stddef.h>

enum { SERVED_MAX = 64 };

struct served {
    const struct locator *told[SERVED_MAX]; /* known by their addresses */
    size_t count;
};

/* `way` is the index of the alternative that found the element. */
void served_note(struct served *served, const struct locator *locator, size_t way);

#endif
