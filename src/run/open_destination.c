/* SPDX-License-Identifier: MIT */
/* Opens the database of a run: connection, lease, tables, entry in the ledger. */
#include "run/open_destination.h"

#include "base/clock.h"
#include "base/log.h"
#include "load/doubt_notes.h"
#include "run/retry.h"
#include "load/destination_open.h"

enum { SHARE_WAIT_MS = 60 * 1000, SHARE_ASK_MS = 500 };

/* Connects, unless an earlier try has. */
static bool open_database(struct open_destination *opening, enum destination_use use,
                          struct error *err)
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

/* Reads what earlier runs left for a report: added columns, doubts and habits. */
static bool recall_earlier_runs(struct report_run *part, struct destination *dest,
                                struct error *err)
{
    doubts_done(&part->doubts);
    return schema_drift_recall(&part->drift, dest, err) &&
           doubt_notes_read(dest, part->report->name, &part->doubts, err) &&
           habits_read(dest, part->report->name, &part->habits, err);
}

static bool open_tables_as_they_are(struct open_destination *opening, struct error *err)
{
    for (size_t i = 0; i < opening->part_count; i++) {
        struct report_run *part = &opening->parts[i];
        if (!recall_earlier_runs(part, opening->destination, err))
            return false;
        part->destination = opening->destination;
    }
    opening->has_ledger = true;
    return true;
}

static bool open_tables(struct open_destination *opening, struct error *err)
{
    for (size_t i = 0; i < opening->part_count; i++)
        if (!destination_migrate(opening->destination, opening->parts[i].report, err))
            return false;
    return open_tables_as_they_are(opening, err);
}

/* Takes the lease, unless an earlier try has. Only the table of leases is made before: all else may
 * be changed only under the lease. */
static bool take_lease(struct open_destination *opening, struct error *err)
{
    struct destination *dest = opening->destination;

    return dest->token || (destination_migrate(dest, NULL, err) &&
                           destination_take_lease(dest, &opening->lease, err));
}

/* Does what is left to do after an earlier try: each step finds what is done already. */
static bool try_to_load(void *arg, struct error *err)
{
    struct open_destination *opening = arg;

    return open_database(opening, DESTINATION_LOAD, err) && take_lease(opening, err) &&
           open_tables(opening, err) &&
           (!opening->run || destination_start_run(opening->destination, opening->run, err));
}

/* Tells in which state a report's table, or with NULL the ledger, is; empty without a database. */
static bool inspect(struct open_destination *opening, const struct report *report,
                    enum destination_state *out, struct error *err)
{
    *out = DESTINATION_EMPTY;
    return !opening->destination || destination_inspect(opening->destination, report, out, err);
}

/* Whether a run finds all tables as it needs them. */
static bool is_ready(struct open_destination *opening)
{
    enum destination_state state = DESTINATION_EMPTY;
    struct error ignored; /* who makes the tables meets it again */

    for (size_t i = 0; i < opening->part_count; i++)
        if (!inspect(opening, opening->parts[i].report, &state, &ignored) ||
            state != DESTINATION_READY)
            return false;
    return true;
}

static bool try_to_share(void *arg, struct error *err)
{
    struct open_destination *opening = arg;

    if (!open_database(opening, DESTINATION_LOAD, err))
        return false;
    if (!is_ready(opening)) {
        const bool ok = take_lease(opening, err) && open_tables(opening, err);
        destination_release_lease(opening->destination);
        if (!ok)
            return false;
    }
    return open_tables_as_they_are(opening, err) &&
           destination_start_run(opening->destination, opening->run, err);
}

/* Makes the report's table in an SQLite database in memory, which leaves nothing behind. */
static bool rehearse_in_memory(struct open_destination *opening, struct report_run *part,
                               struct error *err)
{
    if (!opening->scratch && !destination_open("sqlite::memory:", &opening->scratch, err))
        return false;
    part->destination = opening->scratch;
    return destination_migrate(opening->scratch, part->report, err);
}

/* Chooses where a report is rehearsed: in its own table, whose transactions are rolled back, or in
 * memory if a load would create or adopt that table. */
static bool prepare_rehearsal(struct open_destination *opening, struct report_run *part,
                              struct error *err)
{
    enum destination_state state;

    if (!inspect(opening, part->report, &state, err))
        return false;
    if (state == DESTINATION_READY) {
        part->destination = opening->destination;
        return recall_earlier_runs(part, opening->destination, err);
    }
    log_info(state == DESTINATION_EMPTY ? "plan.no_table" : "plan.foreign_table",
             log_text("report", part->report->name));
    part->legacy_rows = state == DESTINATION_UNADOPTED ? opening->destination : NULL;
    return rehearse_in_memory(opening, part, err);
}

static bool try_to_rehearse(void *arg, struct error *err)
{
    struct open_destination *opening = arg;
    enum destination_state ledger;

    if (!open_database(opening, DESTINATION_REHEARSE, err) || !inspect(opening, NULL, &ledger, err))
        return false;
    opening->has_ledger = ledger == DESTINATION_READY;
    for (size_t i = 0; i < opening->part_count; i++)
        if (!prepare_rehearsal(opening, &opening->parts[i], err))
            return false;
    return true;
}

bool open_destination_to_load(struct open_destination *opening, struct error *err)
{
    return retry_until_done(&retry_database, try_to_load, opening, err);
}

/* Another run may be making the tables, or be just before a claim of its own. A run that loads all
 * tables holds the lease for longer: then this one fails, as any other would. */
bool open_destination_to_share(struct open_destination *opening, struct error *err)
{
    const int64_t until = clock_ms() + SHARE_WAIT_MS;

    struct error why;

    while (!retry_until_done(&retry_database, try_to_share, opening, &why)) {
        if (why.kind != ERROR_LOCKED || clock_ms() > until) {
            *err = why;
            return false;
        }
        if (!retry_wait(SHARE_ASK_MS, err))
            return false;
    }
    return true;
}

bool open_destination_to_rehearse(struct open_destination *opening, struct error *err)
{
    return retry_until_done(&retry_database, try_to_rehearse, opening, err);
}
