/*
 * What a downloaded file is not: a page. Portals send one under the file's name when their session
 * ended or their script failed, and a page's own script saves whatever it fetched.
 */
#ifndef EXTRACT_SNIFF_H
#define EXTRACT_SNIFF_H

#include "base/error.h"

#include <stdbool.h>

/* True if the file does not begin as HTML does; everything else is for transform/ to judge. Else
 * *login says whether it is a page with a field for a password, and err is ERROR_DATA (or, for
 * that, ERROR_PORTAL) with the page's title. ERROR_SYSTEM: it cannot be read. */
bool sniff_file(const char *path, bool *login, struct error *err);

#endif
