/*
 * Words by which a portal refuses, as the profile lists them.
 */
#ifndef EXTRACT_FORM_REFUSALS_H
#define EXTRACT_FORM_REFUSALS_H

#include "model/report.h"

#include <stdbool.h>

/* Whether one of the patterns is in the text; capitals, accents and blanks do not count, * stands
 * for anything. Of a long text its beginning counts. */
bool refusals_match(const struct names *refusals, const char *text);

#endif
