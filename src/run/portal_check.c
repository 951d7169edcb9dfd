/* SPDX-License-Identifier: MIT */
/* Logs in, exports a day of each report, and tells which locators found their elements. */
#include "run/portal_check.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/scratch.h"
#include "run/window_prepare.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>

enum { FALLBACKS_MAX = 64, FOUND_MAX = 8 * 1024 };

/* The parts of a check that stay open. */
struct visit_check {
    const struct portal_check *check;
    struct extractor *extractor;
    size_t fallbacks; /* how many were told */
};

/* Tells which locators the page has outgrown since the last call, or that there are none; `steps`
 * is how many steps were taken. */
static void tell_locators(struct visit_check *visit, const char *what, size_t steps)
{
    struct extractor_fallback found[FALLBACKS_MAX];
    const size_t count = extractor_fallbacks(visit->extractor, found, FALLBACKS_MAX);

    if (visit->fallbacks == count) {
        BUF_DONE struct buf text = BUF_INIT(FOUND_MAX);
        buf_addf(&text, "the page is as the profile says: %zu steps, each by its first locator",
                 steps);
        visit->check->passed(visit->check->arg, what, buf_text(&text));
    }
    for (; visit->fallbacks < count; visit->fallbacks++) {
        const struct extractor_fallback *fallback = &found[visit->fallbacks];
        BUF_DONE struct buf text = BUF_INIT(FOUND_MAX);
        buf_addf(&text, "the page has changed: %s is not there, and its alternative %zu, %s, is",
                 fallback->at->any.items[0], fallback->alternative + 1,
                 fallback->at->any.items[fallback->alternative]);
        visit->check->warned(visit->check->arg, what, buf_text(&text),
                             "it works for now; write the new locator into the profile");
    }
}

/* Tells what came of a day's export. */
static void tell_export(const struct portal_check *check, const struct report *report,
                        const struct prepared *prepared)
{
    BUF_DONE struct buf text = BUF_INIT(FOUND_MAX);
    const struct batch_counts *counts = &prepared->batch.counts;

    buf_addf(&text, "%s: %" PRIu64 " bytes, %" PRIu64 " records", buf_text(&prepared->files),
             prepared->bytes, counts->read);
    if (counts->rejected)
        buf_addf(&text, ", %" PRIu64 " of them rejected", counts->rejected);
    check->passed(check->arg, report->name, buf_text(&text));
    if (prepared->facts_count && *prepared->facts[0].missing) {
        buf_reset(&text);
        buf_addf(&text, "the export lacks %s", prepared->facts[0].missing);
        check->warned(check->arg, report->name, buf_text(&text),
                      "these columns become NULL; if the portal renamed them, add the new names to "
                      "`from` in the profile");
    }
    if (counts->read == 0)
        check->warned(check->arg, report->name, "the export of that day has no record",
                      "is the day a holiday, or does the user lack a right?");
}

/* Exports one day of a report and cleans its rows. It is tried once. */
static void check_report(struct visit_check *visit, const struct report *report, int32_t day)
{
    struct transform *transform = transform_new(report);
    atomic_int empties = 0;
    struct preparer preparer = {
        .report = report,
        .extractor = visit->extractor,
        .transform = transform,
        .accept_shrink = true,
        .empties = &empties,
    };
    struct prepared prepared;
    const int32_t last = day + (report->windows.end_offset > 0);

    window_prepare(
        &preparer,
        (struct window){
            .first = day, .last = last, .own_first = day, .own_last = day, .complete = true},
        &prepared);
    if (prepared.error.kind != ERROR_NONE) {
        visit->check->failed(visit->check->arg, report->name, &prepared.error);
    } else {
        tell_locators(visit, report->name, report->open.count + report->window.count);
        tell_export(visit->check, report, &prepared);
    }
    prepared_done(&prepared, false);
    transform_free(transform);
}

static void tell_login(const struct portal_check *check, const struct settings *settings)
{
    BUF_DONE struct buf text = BUF_INIT(FOUND_MAX);

    buf_addf(&text, "%s is let in at %s", settings->user, settings->portal_url);
    check->passed(check->arg, "login", buf_text(&text));
}

void portal_check(const struct portal *portal, const struct settings *settings,
                  const struct report *reports, size_t report_count, int32_t day,
                  const struct portal_check *check)
{
    struct visit_check visit = {.check = check};
    struct settings clicking = *settings;
    struct scratch folder = {0};
    struct error err;

    clicking.mode = EXPORT_MODE_CLICK;
    if (!extractor_check_portal(settings, &err)) {
        check->failed(check->arg, "portal", &err);
        return;
    }
    check->passed(check->arg, "browser", extractor_browser(settings));
    if (!scratch_open("exports", &folder, &err) ||
        !extractor_open_portal(portal, &clicking, folder.path, &visit.extractor, &err)) {
        check->failed(check->arg, "portal", &err);
        scratch_close(&folder);
        return;
    }
    tell_login(check, settings);
    tell_locators(&visit, "login", portal->login.count);
    for (size_t i = 0; i < report_count; i++)
        check_report(&visit, &reports[i], day);
    extractor_close(visit.extractor);
    scratch_close(&folder);
}
