/* SPDX-License-Identifier: MIT */
/* From a URL to a database that may be written to. */
#include "run/opening.h"

#include "base/log.h"
#include "run/retry.h"

static bool open_tables(const struct opening *opening, struct error *err)
{
    struct destination **dest = opening->dest;

    if (!*dest) {
        if (!destination_open(opening->url, dest, err))
            return false;
        if ((*dest)->warning)
            log_warn("database.warning", log_text("warning", (*dest)->warning));
    }
    for (size_t i = 0; i < opening->job_count; i++)
        if (!destination_migrate(*dest, opening->jobs[i].report, err) ||
            !drift_recall(&opening->jobs[i].drift, *dest, err))
            return false;
    return true;
}

/* What a try before has done is found done. */
static bool try_to_load(void *arg, struct error *err)
{
    const struct opening *opening = arg;

    if (!open_tables(opening, err))
        return false;
    struct destination *dest = *opening->dest;
    return (dest->token || destination_take_lease(dest, &opening->lease, err)) &&
           destination_start_run(dest, opening->run, err);
}

static bool try_to_rehearse(void *arg, struct error *err)
{
    return open_tables(arg, err);
}

bool opening_to_load(struct opening *opening, struct error *err)
{
    return retry_until_done(&retry_database, try_to_load, opening, err);
}

bool opening_to_rehearse(struct opening *opening, struct error *err)
{
    return retry_until_done(&retry_database, try_to_rehearse, opening, err);
}
