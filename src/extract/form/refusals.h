/*
 * Finds in a text the words by which a portal refuses, as the profile lists them.
 */
#ifndef EXTRACT_FORM_REFUSALS_H
#define EXTRACT_FORM_REFUSALS_H

#include "model/report.h"

#include <stdbool.h>

/* Whether one of the patterns is in the text. Upper case, accents and blanks are ignored, * stands
 * for any text. Only the first 64 KiB of a text are searched. */
bool refusals_match(const struct names *refusals, const char *text);

#endif
