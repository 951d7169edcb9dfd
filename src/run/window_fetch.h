/*
 * One window's files, as often and in as many parts as the portal needs.
 *
 * A failure that may pass is tried again after a while, as retry_portal says or as long as the
 * portal asked for. A window that the portal cannot serve in one piece (error.h, divisible) is
 * asked for in two halves, and they in halves, down to two days: portals fail on size. Halves share
 * a day, because it is the portal's secret whether the last day is part of an answer; of a row that
 * came twice the later one counts (transform/).
 */
#ifndef RUN_WINDOW_FETCH_H
#define RUN_WINDOW_FETCH_H

#include "base/error.h"
#include "extract/extractor.h"

#include <stdbool.h>
#include <stdint.h>

/* Like extractor_fetch; the files of halves are in date order. No try is begun after `until_ms`
 * (clock_ms). */
bool fetch_window(struct extractor *extractor, const struct report *report, struct window window,
                  int64_t until_ms, struct export *out, struct error *err);

#endif
