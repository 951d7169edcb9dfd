/* SPDX-License-Identifier: MIT */
/* Removes dead rows and their marks, step by step. */
#include "load/clickhouse/compact.h"

#include "base/mem.h"
#include "load/clickhouse/bystanders.h"
#include "load/clickhouse/dead.h"
#include "load/clickhouse/lease.h"
#include "load/clickhouse/settle.h"
#include "load/clickhouse/window.h"
#include "load/lease_claim.h"

#include <inttypes.h>
#include <stdlib.h>

/* When it is worth it: so many rows and marks, and one in so many rows. */
enum { WORTH_COUNT = 10000, WORTH_PART = 50, REMOVE_MS = 60 * 60 * 1000, SQL_MAX = 4096 };

static const char purpose[] = "compact";

struct job {
    struct clickhouse_destination *dest;
    const struct report *report;
    struct clickhouse_site site;
    uint64_t n, upto; /* n: 0 if none has begun */
};

static struct job job_of(struct clickhouse_destination *dest, const struct report *report)
{
    return (struct job){.dest = dest, .report = report, .site = clickhouse_site(dest)};
}

/* Run and free a statement; that of a number sets *out. NULL is no statement. */
static bool run(const struct job *job, char *sql, struct error *err)
{
    const bool ok = clickhouse_run(&job->dest->ch, purpose, sql, err);

    free(sql);
    return ok;
}

static bool run_on_shards(const struct job *job, char *sql, struct error *err)
{
    const bool ok = !sql || clickhouse_run_on_shards(&job->dest->ch, purpose, sql, err);

    free(sql);
    return ok;
}

static bool number(const struct job *job, char *sql, uint64_t *out, struct error *err)
{
    const bool ok = clickhouse_number(&job->dest->ch, purpose, sql, out, err);

    free(sql);
    return ok;
}

/* --- the list -------------------------------------------------------------------------------- */

static bool make_list(const struct job *job, struct error *err)
{
    return run_on_shards(job, clickhouse_dead_table(job->report, job->site), err) &&
           run_on_shards(job, clickhouse_dead_all(job->report, job->site), err);
}

static bool drop_list(const struct job *job, struct error *err)
{
    return (!job->site.cluster ||
            run_on_shards(job, clickhouse_dead_drop(job->report, job->site, "_dead_all"), err)) &&
           run_on_shards(job, clickhouse_dead_drop(job->report, job->site, "_dead"), err);
}

static bool fill_list(const struct job *job, struct error *err)
{
    return run(job, clickhouse_dead_add_ended(job->report, job->site, job->upto), err) &&
           run(job, clickhouse_dead_add_void(job->report, job->site), err) &&
           run(job, clickhouse_dead_add_left(job->report, job->site), err);
}

/* The marks are there until all rows of the list are gone, so what a disk lost of the list before
 * can be found again. */
static bool check_list(const struct job *job, struct error *err)
{
    uint64_t lacking = 0;

    if (!make_list(job, err) ||
        !number(job, clickhouse_dead_lacking(job->report, job->site, job->n), &lacking, err))
        return false;
    if (!lacking)
        return true;
    if (!fill_list(job, err) ||
        !number(job, clickhouse_dead_lacking(job->report, job->site, job->n), &lacking, err))
        return false;
    return !lacking ||
           clickhouse_report_error(&job->dest->ch, purpose, err,
                                   "the server has lost a part of `%s_dead`, the list of what a"
                                   " compaction removes: look at its disk and log; the way out is"
                                   " another database and `etl-sigos load --bronze`, or `full`",
                                   job->report->name);
}

/* --- the log --------------------------------------------------------------------------------- */

static bool take_open(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct job *job = arg;

    (void)count;
    (void)err;
    job->n = strtoull(cells[0].text, NULL, 10);
    job->upto = strtoull(cells[1].text, NULL, 10);
    return true;
}

static bool find_open(struct job *job, struct error *err)
{
    MEM_FREE_TEXT char *sql = mem_format(
        "SELECT n, upto FROM etl_compactions_log WHERE report = '%s' AND kind = 'begun' AND n NOT"
        " IN (SELECT n FROM etl_compactions_log WHERE kind = 'done') ORDER BY n DESC",
        job->report->name);

    return clickhouse_query(&job->dest->ch, purpose, sql, NULL, 0, take_open, job, err);
}

/* Notes a step, if the lease is still this run's. One row is one part: there or not. */
static bool note(const struct job *job, const char *kind, struct error *err)
{
    struct clickhouse_destination *dest = job->dest;
    struct buf insert = BUF_INIT(SQL_MAX);
    uint64_t noted = 0;

    buf_addf(&insert,
             "INSERT INTO etl_compactions_log (n, report, kind, upto, tx, rows, marks)"
             " SELECT toUInt64(%" PRIu64 "), '%s', '%s', toUInt64(%" PRIu64
             "), toUInt64(0), toUInt64(0), toUInt64(0) FROM system.one",
             job->n, job->report->name, kind, job->upto);
    clickhouse_add_owner(&insert, dest);
    if (!run(job, buf_detach(&insert), err) ||
        !number(job,
                mem_format("SELECT count() FROM etl_compactions_log WHERE n = %" PRIu64
                           " AND kind = '%s'",
                           job->n, kind),
                &noted, err))
        return false;
    return noted > 0 || lease_lost(err);
}

/* --- removing -------------------------------------------------------------------------------- */

static bool take_too_long(const struct job *job, struct error *err)
{
    return clickhouse_report_error(&job->dest->ch, purpose, err,
                                   "the server has not removed them in %d minutes: see"
                                   " system.mutations; the next compaction goes on",
                                   REMOVE_MS / 60000);
}

/* Removes what is listed from one table. A mutation that an earlier try has sent is waited for, but
 * those of shards cannot be seen from here, and a second one finds nothing to do. */
static bool let_go(const struct job *job, enum clickhouse_remains what, uint64_t *removed,
                   struct error *err)
{
    const int64_t deadline = clock_ms() + REMOVE_MS;
    uint64_t left = 0, pending = 0;
    int ms = 0;

    if (!number(job, clickhouse_dead_remains(job->report, job->site, what), &left, err))
        return false;
    *removed = left;
    if (!left)
        return true;
    if (!job->site.cluster &&
        !number(job, clickhouse_dead_pending(job->report, what), &pending, err))
        return false;
    char *remove = pending ? NULL : clickhouse_dead_remove(job->report, job->site, what);
    if (!(what == REMAINS_ROWS ? run_on_shards(job, remove, err)
                               : !remove || run(job, remove, err)))
        return false;
    while (left) {
        if (clock_ms() > deadline)
            return take_too_long(job, err);
        if (!clickhouse_wait_a_little(job->dest, &ms, err) ||
            !number(job, clickhouse_dead_remains(job->report, job->site, what), &left, err))
            return false;
    }
    return true;
}

/* --- from the beginning, and to the end ------------------------------------------------------ */

static bool is_worth_it(const struct job *job, bool few_too, bool *out, struct error *err)
{
    uint64_t expected = 0, rows = 0;

    if (!number(job, clickhouse_dead_expected(job->report, job->site), &expected, err) ||
        !number(job, clickhouse_dead_rows(job->report, job->site), &rows, err))
        return false;
    *out = few_too ? expected > 0 : expected >= WORTH_COUNT && expected >= rows / WORTH_PART;
    return true;
}

/* Over damage the counts would lose their meaning. */
static bool check_whole(const struct job *job, struct error *err)
{
    MEM_FREE_TEXT char *damage = clickhouse_sql_damage(job->report, job->site, false);
    uint64_t damaged = 0;

    if (!number(job, mem_format("SELECT count() FROM (%s)", damage), &damaged, err))
        return false;
    return !damaged ||
           clickhouse_report_error(&job->dest->ch, purpose, err,
                                   "%" PRIu64 " windows of %s have lost something: `etl-sigos"
                                   " check` names them and takes them back",
                                   damaged, job->report->name);
}

/* Sets *begun to whether nobody needs what it will remove; else nothing has happened. */
static bool begin(struct job *job, bool *begun, struct error *err)
{
    return make_list(job, err) && clickhouse_next_number(job->dest, purpose, &job->n, err) &&
           number(job, mem_copy("SELECT max(seq) FROM etl_ledger"), &job->upto, err) &&
           fill_list(job, err) &&
           run(job, clickhouse_dead_count(job->report, job->site, job->n, job->upto), err) &&
           clickhouse_wait_for_bystanders(job->dest, begun, err) &&
           (!*begun || note(job, "begun", err));
}

/* Sets *done to whether the marks could go, too. */
static bool end(const struct job *job, struct compaction *out, bool *done, struct error *err)
{
    uint64_t changes;

    return let_go(job, REMAINS_ROWS, &out->rows, err) &&
           clickhouse_wait_for_bystanders(job->dest, done, err) &&
           (!*done || (let_go(job, REMAINS_MARKS, &out->marks, err) &&
                       let_go(job, REMAINS_CHANGES, &changes, err) && note(job, "done", err) &&
                       drop_list(job, err)));
}

bool clickhouse_compact(struct destination *base, const struct report *report, bool few_too,
                        struct compaction *out, struct error *err)
{
    struct clickhouse_destination *dest = clickhouse_of(base);
    struct job job = job_of(dest, report);
    struct compaction found = {.outcome = COMPACTION_NOTHING};
    bool worth = false, goes_on = false;

    dest->ch.heed_stop = true;
    if ((base->token && !clickhouse_renew_lease(base, err)) || !clickhouse_settle(dest, err) ||
        !find_open(&job, err))
        return false;
    if (job.n) {
        if (!check_list(&job, err))
            return false;
        goes_on = true;
    } else if (!drop_list(&job, err) /* that another one left */ ||
               !is_worth_it(&job, few_too, &worth, err) ||
               (worth && (!check_whole(&job, err) || !begin(&job, &goes_on, err)))) {
        return false;
    }
    if (job.n) {
        bool done = false;
        if (goes_on && !end(&job, &found, &done, err))
            return false;
        found.outcome = done ? COMPACTION_DONE : COMPACTION_WAITS;
    }
    *out = found;
    return true;
}

bool clickhouse_compaction_is_open(struct clickhouse_destination *dest, const struct report *report,
                                   bool *is_open, struct error *err)
{
    struct job job = job_of(dest, report);

    if (!find_open(&job, err) || (job.n && !check_list(&job, err)))
        return false;
    *is_open = job.n != 0;
    return true;
}

bool clickhouse_compaction_end_rows(struct clickhouse_destination *dest,
                                    const struct report *report, struct error *err)
{
    const struct job job = job_of(dest, report);
    uint64_t removed;

    return let_go(&job, REMAINS_ROWS, &removed, err);
}
