/* SPDX-License-Identifier: MIT */
/* Opens both databases of a copy under their leases, copies, and compares them. */
#include "run/copy.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "load/destination_open.h"
#include "run/copy_check.h"
#include "run/copy_journal.h"
#include "run/copy_rows.h"
#include "run/copy_sides.h"
#include "run/exit_code.h"
#include "run/lease_holder.h"
#include "run/retry.h"
#include "run/run_id.h"
#include "run/verify.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void copy_outcome_done(struct copy_outcome *outcome)
{
    free(outcome->tables);
    *outcome = (struct copy_outcome){0};
}

/* --- opening -----------------------------------------------------------------------------------
 */

/* A side while it is opened: each step finds what an earlier try has done. */
struct opening {
    struct copy_sides *sides;
    struct lease lease;
};

static bool open_source(void *arg, struct error *err)
{
    struct opening *opening = arg;
    struct copy_sides *sides = opening->sides;
    enum destination_state state = DESTINATION_EMPTY;

    if (!sides->from &&
        !destination_open_existing(sides->order->from, DESTINATION_REHEARSE, &sides->from, err))
        return false;
    if (sides->from && !destination_inspect(sides->from, NULL, &state, err))
        return false;
    if (state != DESTINATION_READY)
        return error_set(err, ERROR_DATA,
                         "nothing was loaded there yet: give the database that has the tables");
    return sides->from->token || destination_take_lease(sides->from, &opening->lease, err);
}

static bool take_holder(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    const struct copy_sides *sides = arg;

    (void)count;
    return !cells[0].text || strcmp(cells[0].text, sides->run.id) != 0 ||
           error_set(err, ERROR_CONFIG,
                     "source and target are the same database: set DATABASE_URL or --to to"
                     " another one");
}

/* Whatever the addresses look like: in the same database the lease is held by this copy. */
static bool open_target(void *arg, struct error *err)
{
    struct opening *opening = arg;
    struct copy_sides *sides = opening->sides;

    if ((!sides->to && !destination_open(sides->order->to, &sides->to, err)) ||
        !destination_migrate(sides->to, NULL, err))
        return false;
    if (!sides->to->token &&
        (!destination_query(sides->to, "SELECT run_id FROM etl_lease", take_holder, sides, err) ||
         !destination_take_lease(sides->to, &opening->lease, err)))
        return false;
    for (size_t i = 0; i < sides->order->report_count; i++)
        if (!destination_migrate(sides->to, &sides->order->reports[i], err))
            return false;
    return summaries_open(&sides->summaries, sides->to, err) &&
           copy_journal_check_target(sides, err);
}

/* --- the source --------------------------------------------------------------------------------
 */

/* Fails if rows of the source cannot be believed: they would not be what was loaded. */
static bool check_rows(const struct verified *found, struct error *err)
{
    if (found->foreign)
        return error_set(err, ERROR_DATA,
                         "%" PRIu64 " rows were written by another program: `etl-sigos full` on the"
                         " source replaces them",
                         found->foreign);
    return !found->differing ||
           error_set(err, ERROR_DATA,
                     "%" PRIu64 " rows were changed after they were loaded: `etl-sigos check"
                     " --verify` on the source shows them, `etl-sigos full --verify` mends them",
                     found->differing);
}

static bool open_part(struct copy_sides *sides, const struct report *report, struct error *err)
{
    enum destination_state state;
    struct verified found = {0};

    if (!destination_inspect(sides->from, report, &state, err))
        return false;
    if (state == DESTINATION_EMPTY)
        return true;
    if (state == DESTINATION_UNADOPTED)
        return error_set(err, ERROR_DATA,
                         "its table is another program's: `etl-sigos full` on the source takes it"
                         " over");
    struct copy_part *part = &sides->parts[sides->part_count++];
    schema_drift_init(&part->drift, report, &part->unused);
    log_info("copy.checking", log_text("report", report->name));
    const bool ok = schema_drift_recall(&part->drift, sides->from, err) &&
                    verify_report(sides->from, report, (struct day_range){0}, &found, err) &&
                    check_rows(&found, err);
    verified_done(&found);
    return ok;
}

/* A report that the profile does not have would lose its table. */
static bool take_report(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    const struct copy_order *order = arg;

    (void)count;
    for (size_t i = 0; i < order->report_count; i++)
        if (strcmp(order->reports[i].name, cells[0].text) == 0)
            return true;
    return error_set(err, ERROR_DATA,
                     "it has the report %s, which the profile does not have: name its folder with"
                     " --profile",
                     cells[0].text);
}

static bool open_parts(struct copy_sides *sides, struct error *err)
{
    const struct copy_order *order = sides->order;

    sides->parts = mem_array(order->report_count, sizeof(*sides->parts));
    if (!destination_query(sides->from, "SELECT DISTINCT report FROM etl_windows", take_report,
                           (void *)order, err))
        return false;
    for (size_t i = 0; i < order->report_count; i++)
        if (!open_part(sides, &order->reports[i], err))
            return error_context(err, "%s", order->reports[i].name);
    return sides->part_count ||
           error_set(err, ERROR_DATA,
                     "nothing was loaded there yet: give the database that has the tables");
}

/* --- copying -----------------------------------------------------------------------------------
 */

struct adding_columns {
    struct copy_sides *sides;
    const struct report *report;
    size_t added;
};

/* Adds the columns that exports have brought; what etl_columns says of them is copied later. */
static bool add_columns(void *arg, struct error *err)
{
    struct adding_columns *adding = arg;
    const struct report *report = adding->report;

    for (size_t i = report_own_columns(report); i < report->column_count; i++) {
        const char *name = report->columns[i].name;
        bool added;
        if (!destination_add_column(adding->sides->to, report, name, &adding->sides->run, &added,
                                    err))
            return false;
        if (!added)
            return error_set(err, ERROR_DATA,
                             "the target's table has a column %s that is not from etl-sigos", name);
    }
    return true;
}

static bool copy_reports(struct copy_sides *sides, struct error *err)
{
    for (size_t i = 0; i < sides->part_count; i++) {
        struct adding_columns adding = {sides, &sides->parts[i].drift.grown.report, 0};
        if (!retry_until_done(&retry_database, add_columns, &adding, err) ||
            !copy_rows_of(sides, adding.report, err))
            return false;
    }
    return true;
}

static bool refill(void *arg, struct error *err)
{
    struct copy_sides *sides = arg;
    bool done;

    return summaries_refill_if_due(&sides->summaries, sides->to, &done, err);
}

/* The tables are copied, so a failure is told and does not fail the copy: the pages say so, and the
 * next run tries again. */
static void end_summaries(struct copy_sides *sides)
{
    struct error err;

    if (sides->summaries.there && !retry_until_done(&retry_database, refill, sides, &err))
        log_warn("summaries.due", log_text("error", err.message),
                 log_text("hint", "`etl-sigos layers --refresh` fills them"));
}

static bool start_run(void *arg, struct error *err)
{
    struct copy_sides *sides = arg;

    return destination_start_run(sides->to, &sides->run, err);
}

/* Runs come first, because all else names them; windows come after the rows that they loaded. */
static bool copy_all(struct copy_sides *sides, struct error *err)
{
    bool ok = retry_until_done(&retry_database, start_run, sides, err) &&
              copy_journal_of(sides, &journal_tables[JOURNAL_RUNS], err) &&
              copy_reports(sides, err);

    for (int i = JOURNAL_RUNS + 1; ok && i < JOURNAL_TABLE_COUNT; i++)
        ok = copy_journal_of(sides, &journal_tables[i], err);
    if (ok)
        end_summaries(sides);
    return ok && copy_check(sides, err);
}

static void end_run(struct copy_sides *sides, bool ok, const struct error *err)
{
    const int code = !ok                   ? exit_code_of(err)
                     : sides->out->differs ? EXIT_CODE_DATA_TEST
                                           : EXIT_CODE_DONE;
    struct error failure;

    if (!destination_end_run(sides->to, &sides->run, code, clock_now(), &failure))
        log_warn("copy.end_not_noted", log_text("error", failure.message));
}

static void close_sides(struct copy_sides *sides)
{
    for (size_t i = 0; i < sides->part_count; i++)
        schema_drift_done(&sides->parts[i].drift);
    free(sides->parts);
    if (sides->to)
        destination_release_lease(sides->to);
    if (sides->from)
        destination_release_lease(sides->from);
    destination_close(sides->to);
    destination_close(sides->from);
}

bool copy_database(const struct copy_order *order, struct copy_outcome *out, struct error *err)
{
    char holder[LEASE_HOLDER_SIZE];
    struct copy_sides sides = {.order = order, .out = out, .renewed_ms = clock_ms()};
    struct opening opening = {.sides = &sides,
                              .lease = {.run_id = sides.run.id,
                                        .holder = holder,
                                        .seconds = COPY_LEASE_SECONDS,
                                        .is_dead = lease_holder_is_dead}};

    *out = (struct copy_outcome){0};
    run_id_make(&sides.run, COPY_MODE, "");
    lease_holder_name(holder);
    log_set_run(sides.run.id);
    bool ok = (retry_until_done(&retry_database, open_source, &opening, err) &&
               open_parts(&sides, err)) ||
              error_context(err, "the source");
    ok = ok && (retry_until_done(&retry_database, open_target, &opening, err) ||
                error_context(err, "the target"));
    if (ok) {
        ok = copy_all(&sides, err);
        end_run(&sides, ok, err);
    }
    close_sides(&sides);
    return ok;
}
