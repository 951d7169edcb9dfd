/*
 * Finds out whether a downloaded file is a page. Portals send a page under the file's name when the
 * session has ended or their script has failed, and a page's own script saves whatever it gets.
 */
#ifndef EXTRACT_SNIFF_H
#define EXTRACT_SNIFF_H

#include "base/error.h"

#include <stdbool.h>

/* True if the file does not begin as HTML; everything else is for transform/ to judge. Otherwise
 * *login is whether the page has a field for a password, and err holds ERROR_PORTAL (transient) if
 * so, else ERROR_DATA (transient, divisible) with the page's title. A file that cannot be opened is
 * ERROR_DATA, too, one that cannot be read ERROR_SYSTEM; then *login is untouched. */
bool sniff_file(const char *path, bool *login, struct error *err);

#endif
