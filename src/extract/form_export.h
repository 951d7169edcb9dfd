/*
 * One window's export by the report's form: fills it in, clicks, and takes the file that comes.
 */
#ifndef EXTRACT_FORM_EXPORT_H
#define EXTRACT_FORM_EXPORT_H

#include "base/error.h"
#include "extract/extractor.h"
#include "extract/replay/strategy.h"
#include "extract/visit.h"
#include "model/report.h"
#include "model/window.h"

#include <stdbool.h>

/* What is known of the reports' forms; zero is valid: nothing. Reports are known by address. A form
 * that looked well and gave neither a file nor a word after its first export, but did when it was
 * opened again, serves once for each time that it is opened. */
struct form_habits {
    const struct report *silent;      /* whose form gave nothing, the last time; NULL */
    const struct report *serves_once; /* NULL: none is known to */
};

/* Exports the window into the file `path`, where an empty one may stand. The request that the page
 * makes is caught by `replay`, so that later windows may repeat it. On success the file is
 * complete, bears a name of the report and is no page; out->paths has it and out->extracted_at the
 * time of the click. Fails as extractor_fetch does. */
bool form_export(struct visit *visit, struct form_habits *habits, struct replay_strategy *replay,
                 const struct report *report, const struct window *window, const char *path,
                 struct export *out, struct error *err);

#endif
