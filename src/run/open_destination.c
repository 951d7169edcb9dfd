/* SPDX-License-Identifier: MIT */
/* From a URL to a database that may be written to. */
#include "run/open_destination.h"

#include "base/log.h"
#include "load/doubt_notes.h"
#include "run/retry.h"
#include "load/destination_open.h"

static bool open_database(struct opening *opening, enum destination_use use, struct error *err)
{
    struct destination **dest = &opening->destination;

    if (*dest)
        return true;
    if (!(use == DESTINATION_LOAD ? destination_open(opening->url, dest, err)
                                  : destination_open_existing(opening->url, use, dest, err)))
        return false;
    if (*dest && (*dest)->warning)
        log_warn("database.warning", log_text("warning", (*dest)->warning));
    return true;
}

/* What earlier runs have left for this one. */
static bool recall(struct job *job, struct destination *dest, struct error *err)
{
    doubts_done(&job->doubts);
    return drift_recall(&job->drift, dest, err) &&
           doubt_notes_read(dest, job->report->name, &job->doubts, err) &&
           habits_read(dest, job->report->name, &job->habits, err);
}

static bool open_tables(struct opening *opening, struct error *err)
{
    struct destination *dest = opening->destination;

    for (size_t i = 0; i < opening->job_count; i++) {
        struct job *job = &opening->jobs[i];
        if (!destination_migrate(dest, job->report, err) || !recall(job, dest, err))
            return false;
        job->destination = dest;
    }
    opening->has_ledger = true;
    return true;
}

/* Only who has the lease may change what is there. */
static bool take_lease(struct opening *opening, struct error *err)
{
    struct destination *dest = opening->destination;

    return dest->token || (destination_migrate(dest, NULL, err) &&
                           destination_take_lease(dest, &opening->lease, err));
}

/* What a try before has done is found done. */
static bool try_to_load(void *arg, struct error *err)
{
    struct opening *opening = arg;

    return open_database(opening, DESTINATION_LOAD, err) && take_lease(opening, err) &&
           open_tables(opening, err) &&
           destination_start_run(opening->destination, opening->run, err);
}

static bool look(struct opening *opening, const struct report *report, enum destination_state *out,
                 struct error *err)
{
    *out = DESTINATION_EMPTY;
    return !opening->destination || destination_inspect(opening->destination, report, out, err);
}

/* SQLite in memory does all that a database does, and leaves nothing. */
static bool rehearse_in_memory(struct opening *opening, struct job *job, struct error *err)
{
    if (!opening->scratch && !destination_open("sqlite::memory:", &opening->scratch, err))
        return false;
    job->destination = opening->scratch;
    return destination_migrate(opening->scratch, job->report, err);
}

static bool prepare_rehearsal(struct opening *opening, struct job *job, struct error *err)
{
    enum destination_state state;

    if (!look(opening, job->report, &state, err))
        return false;
    if (state == DESTINATION_READY) {
        job->destination = opening->destination;
        return recall(job, opening->destination, err);
    }
    log_info(state == DESTINATION_EMPTY ? "plan.no_table" : "plan.foreign_table",
             log_text("report", job->report->name));
    job->legacy_rows = state == DESTINATION_UNADOPTED ? opening->destination : NULL;
    return rehearse_in_memory(opening, job, err);
}

static bool try_to_rehearse(void *arg, struct error *err)
{
    struct opening *opening = arg;
    enum destination_state ledger;

    if (!open_database(opening, DESTINATION_REHEARSE, err) || !look(opening, NULL, &ledger, err))
        return false;
    opening->has_ledger = ledger == DESTINATION_READY;
    for (size_t i = 0; i < opening->job_count; i++)
        if (!prepare_rehearsal(opening, &opening->jobs[i], err))
            return false;
    return true;
}

bool opening_to_load(struct opening *opening, struct error *err)
{
    return retry_until_done(&retry_database, try_to_load, opening, err);
}

bool opening_to_rehearse(struct opening *opening, struct error *err)
{
    return retry_until_done(&retry_database, try_to_rehearse, opening, err);
}
