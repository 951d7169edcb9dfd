/*
 * Makes the files of exports and gives them names.
 */
#ifndef EXTRACT_WINDOW_FILE_H
#define EXTRACT_WINDOW_FILE_H

#include "base/error.h"
#include "model/report.h"
#include "model/window.h"

#include <stdbool.h>

/*
 * Makes an empty file, named after its report and its days so that a person understands the folder:
 * REPORT_FIRST_LAST.csv, or REPORT_FIRST_LAST_2.csv if that exists, and so on. A window may be
 * asked for again while its first export is still needed (run/window_overlap.h), and sessions share
 * the folder, so no two calls get the same name while both files exist. *out is the path, owned by
 * the caller. ERROR_SYSTEM: the file cannot be made.
 */
bool window_file_make(const char *folder, const struct report *report, struct window window,
                      char **out, struct error *err);

#endif
