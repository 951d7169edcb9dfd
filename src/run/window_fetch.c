/* SPDX-License-Identifier: MIT */
/* Fetches a window: tries again, and splits it in halves, as long as that may help. */
#include "run/window_fetch.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "run/retry.h"

#include <unistd.h>

enum { WHOLE_TRIES = 2 }; /* of a window that may be halved */

/* Whether the window can be asked for in halves after that failure. Halves share a day, so a window
 * of two days has none. */
static bool is_divisible(struct window window, const struct error *err)
{
    return err->divisible && window.last - window.first >= 2;
}

/* Tries to fetch one range, until it is there or another try would not help. */
static bool try_range(struct extractor *extractor, const struct report *report,
                      struct window window, int64_t until_ms, struct export *out, struct error *err)
{
    for (int attempt = 1;; attempt++) {
        if (extractor_fetch(extractor, report, window, out, err))
            return true;
        if ((is_divisible(window, err) && attempt >= WHOLE_TRIES) || clock_ms() >= until_ms ||
            !retry_again(&retry_portal, attempt, err))
            return false;
    }
}

static void take_files(struct export *to, struct export *from)
{
    for (size_t i = 0; i < from->count; i++)
        export_add(to, from->paths[i]);
    if (to->extracted_at == 0 || from->extracted_at < to->extracted_at)
        to->extracted_at = from->extracted_at;
    export_done(from);
}

/* Fetches one range, in one piece or in halves. */
static bool fetch_range(struct extractor *extractor, const struct report *report,
                        struct window window, int64_t until_ms, struct export *out,
                        struct error *err)
{
    struct export whole = {0};
    struct window left = window, right = window;
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];

    if (try_range(extractor, report, window, until_ms, &whole, err)) {
        take_files(out, &whole);
        return true;
    }
    if (!is_divisible(window, err) || clock_ms() >= until_ms)
        return false;
    log_warn("window.halved", log_text("report", report->name),
             log_text("first", date_format_iso(window.first, first)),
             log_text("last", date_format_iso(window.last, last)), log_text("error", err->message));
    left.last = right.first = window.first + (window.last - window.first) / 2;
    return fetch_range(extractor, report, left, until_ms, out, err) &&
           fetch_range(extractor, report, right, until_ms, out, err);
}

bool fetch_window(struct extractor *extractor, const struct report *report, struct window window,
                  int64_t until_ms, struct export *out, struct error *err)
{
    struct export files = {0};

    if (fetch_range(extractor, report, window, until_ms, &files, err)) {
        *out = files;
        return true;
    }
    for (size_t i = 0; i < files.count; i++) /* of the halves before the one that failed */
        unlink(files.paths[i]);
    export_done(&files);
    return false;
}
