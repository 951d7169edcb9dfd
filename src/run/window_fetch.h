/*
 * Fetches the files of one window, with more tries and in more parts if the portal needs them.
 *
 * A failure that may pass is tried again, after the waits of retry_portal or as long as the portal
 * asked for. A window that the portal cannot serve in one piece (error.h, divisible), usually
 * because it is too large, is asked for in two halves, and these in halves, down to two days.
 * Halves share a day, because some portals leave out the last day; of a row that comes twice the
 * later one counts (transform/).
 */
#ifndef RUN_WINDOW_FETCH_H
#define RUN_WINDOW_FETCH_H

#include "base/error.h"
#include "extract/extractor.h"

#include <stdbool.h>
#include <stdint.h>

/* Fetches a window as extractor_fetch does, with the same errors. The files of halves are in date
 * order. After `until_ms` (clock_ms) no other try is begun. On failure no file is left. */
bool fetch_window(struct extractor *extractor, const struct report *report, struct window window,
                  int64_t until_ms, struct export *out, struct error *err);

#endif
