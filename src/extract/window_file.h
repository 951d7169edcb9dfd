/*
 * The names of exported files.
 */
#ifndef EXTRACT_WINDOW_FILE_H
#define EXTRACT_WINDOW_FILE_H

#include "base/error.h"
#include "model/report.h"
#include "model/window.h"

#include <stdbool.h>

/*
 * Makes an empty file that is named after its report and days, so that a folder of windows explains
 * itself: REPORT_FIRST_LAST.csv, and REPORT_FIRST_LAST_2.csv where that is taken. A window may be
 * asked for again while its first export is still of use (run/window_overlap.h), and sessions share
 * the folder, so no two calls get the same name while both files are there. *out is the path, owned
 * by the caller. ERROR_SYSTEM if the file cannot be made.
 */
bool window_file_make(const char *folder, const struct report *report, struct window window,
                      char **out, struct error *err);

#endif
