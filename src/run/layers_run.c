/* SPDX-License-Identifier: MIT */
/* Creates, refills and drops the layers of a database under the lease. */
#include "run/layers_run.h"

#include "base/clock.h"
#include "base/mem.h"
#include "layers/summaries.h"
#include "load/destination_open.h"
#include "run/lease_holder.h"
#include "run/open_destination.h"

#include <stdlib.h>

enum { LEASE_SECONDS = 1800 }; /* longer than a refill of millions of rows takes */

/* The reports of the profile, with the columns that their tables have got. */
struct parts {
    struct report_run *runs;
    struct report_summary *summaries;
    const struct report **reports;
    size_t count;
};

static void parts_init(struct parts *parts, const struct report *reports, size_t count)
{
    *parts = (struct parts){
        .runs = mem_array(count, sizeof(*parts->runs)),
        .summaries = mem_array(count, sizeof(*parts->summaries)),
        .reports = mem_array(count, sizeof(*parts->reports)),
        .count = count,
    };
    for (size_t i = 0; i < count; i++) {
        report_run_init(&parts->runs[i], &reports[i], (struct window_list){0}, false,
                        &parts->summaries[i]);
        parts->reports[i] = parts->runs[i].report;
    }
}

static void parts_done(struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++)
        report_run_done(&parts->runs[i]);
    free(parts->runs);
    free(parts->summaries);
    free(parts->reports);
}

static bool refill(struct destination *dest, struct layers_outcome *out, struct error *err)
{
    const int64_t began = clock_ms();

    if (!summaries_refill(dest, err))
        return error_context(err, "fill the summaries");
    out->refilled = true;
    out->seconds = (double)(clock_ms() - began) / 1000;
    return true;
}

static bool act(struct destination *dest, const struct parts *parts, enum layers_action action,
                struct layers_outcome *out, struct error *err)
{
    const struct report_list reports = {parts->reports, parts->count};
    struct summaries summaries;
    bool due = false;

    if (action == LAYERS_DROP)
        return layers_drop(dest, &out->change, err);
    if (!layers_install(dest, reports, &out->change, err))
        return false;
    if (summaries_are_kept(dest) && (action == LAYERS_REFRESH || out->change.refill))
        return refill(dest, out, err);
    return summaries_open(&summaries, dest, err) &&
           summaries_refill_if_due(&summaries, dest, &due, err) && (out->refilled = due, true);
}

bool layers_run(const struct settings *settings, const struct report *reports, size_t report_count,
                enum layers_action action, struct layers_outcome *out, struct error *err)
{
    char holder[LEASE_HOLDER_SIZE];
    struct parts parts;
    struct open_destination opening = {
        .url = settings->database,
        .lease = {.run_id = "layers",
                  .holder = holder,
                  .seconds = LEASE_SECONDS,
                  .is_dead = lease_holder_is_dead},
    };

    *out = (struct layers_outcome){0};
    lease_holder_name(holder);
    parts_init(&parts, reports, report_count);
    opening.parts = parts.runs;
    opening.part_count = parts.count;
    const bool ok = open_destination_to_load(&opening, err) &&
                    act(opening.destination, &parts, action, out, err);
    if (opening.destination)
        destination_release_lease(opening.destination);
    destination_close(opening.destination);
    parts_done(&parts);
    return ok;
}

static bool print(struct destination *dest, struct parts *parts, const char *name, struct buf *out,
                  struct error *err)
{
    const struct report_list reports = {parts->reports, parts->count};

    for (size_t i = 0; i < parts->count; i++)
        if (!schema_drift_recall(&parts->runs[i].drift, dest, err))
            return false;
    return layers_print(dest, name, reports, out, err);
}

bool layers_run_print(const struct settings *settings, const struct report *reports,
                      size_t report_count, const char *name, struct buf *out, struct error *err)
{
    struct destination *dest = NULL;
    struct parts parts;

    if (!destination_open_existing(settings->database, DESTINATION_READ, &dest, err))
        return false;
    if (!dest)
        return error_set(err, ERROR_CONFIG, "there is no database yet: run a cycle first");
    parts_init(&parts, reports, report_count);
    const bool ok = print(dest, &parts, name, out, err);
    parts_done(&parts);
    destination_close(dest);
    return ok;
}
