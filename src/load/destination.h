/*
 * A database that holds the tables: what run/ needs of it, and no more.
 *
 * One transaction a window. In the order of calls:
 *
 *     destination_open(url)                see destination_open.h
 *     destination_migrate(NULL)            what a lease needs
 *     destination_take_lease(lease)
 *     destination_migrate(report)          once a report: its table and the etl_* tables exist then
 *     destination_start_run(run)
 *       destination_add_column(report, name) between windows, where an export brings a new one
 *       for each window:
 *         destination_begin(report, window)
 *         destination_snapshot()  …  run/ reconciles and guards  …
 *         destination_apply(batch, plan)     rows, change log
 *         destination_reject(batch)          rejects not seen before
 *         destination_commit(entry)          the ledger, then everything becomes visible at once
 *         or destination_rollback()          nothing happened
 *       destination_record(entry)            a window that was not loaded, in its own transaction
 *     destination_release_lease()
 *     destination_end_run(run, exit code)
 *     destination_close
 *
 * Nothing is visible to readers before commit, and after it everything is. All functions but close
 * and rollback fail with ERROR_DATABASE and name the statement's purpose and the database's own
 * words; after a failure within a window, rollback is the only call that makes sense, and it leaves
 * the destination fit for the next window. A wait for another writer that is ended by a signal
 * fails with ERROR_STOPPED. A report passed in must outlive the window. The comparison is done in
 * C, once for all databases: a destination only hands over (key, fingerprint) and executes the
 * plan.
 */
#ifndef LOAD_DESTINATION_H
#define LOAD_DESTINATION_H

#include "load/destination_ops.h"

/* What a load would find, of a report or, with NULL, of the etl_* tables alone; changes nothing.
 * What migrate refuses is refused here too, and so are tables that it would have to change. */
bool destination_inspect(struct destination *dest, const struct report *report,
                         enum destination_state *out, struct error *err);

/* Brings the schema up to this program's and makes the report's table if there is none. A schema
 * that is newer than the program, or a table without the columns it needs, is refused and left as
 * it is. The report is the profile's; an added column that the table has no more is forgotten.
 * With NULL only that part of the schema is made, if it is missing, without which no lease can be
 * taken: the rest is for who has it. */
bool destination_migrate(struct destination *dest, const struct report *report, struct error *err);
/* Before the windows; within one only for a rehearsal that is rolled back. May be repeated. */
bool destination_start_run(struct destination *dest, const struct run *run, struct error *err);
bool destination_end_run(struct destination *dest, const struct run *run, int exit_code,
                         time_t ended_at, struct error *err);

/*
 * Takes the lease, or fails with ERROR_LOCKED, naming who holds it; that of the run itself may be
 * taken again. From then on every begin renews it
 * within the window's transaction and fails with ERROR_LOCKED if another run has taken it
 * meanwhile: two overlapping runs never both write, even if one was thought dead. Without a lease
 * (tests, a single user) nothing is checked.
 */
bool destination_take_lease(struct destination *dest, const struct lease *lease, struct error *err);
/* Renews the lease between windows, in a short transaction of its own; fails with ERROR_LOCKED as
 * begin does. Without a lease: nothing. */
bool destination_keep_lease(struct destination *dest, struct error *err);
void destination_release_lease(struct destination *dest); /* best effort; without one: nothing */

/*
 * Adds a text column to the report's table, behind all that are there, and writes down in
 * etl_columns that it is ours: in a transaction of its own, which checks and renews the lease as
 * begin does. If the table has a column of that name already, in whatever case, nothing is done:
 * *added says whether it is one that was added before (so that a commit whose answer was lost may
 * be tried again) or somebody else's, which is never touched.
 */
bool destination_add_column(struct destination *dest, const struct report *report, const char *name,
                            const struct run *run, bool *added, struct error *err);

/* Runs a SELECT of our own (never a user's) and hands over its rows as text. Within a window it
 * sees what the window has written so far. */
bool destination_query(struct destination *dest, const char *sql, destination_row *row, void *arg,
                       struct error *err);

/* What is allowed but unwise about our tables: rows of (what is wrong, SQL that mends it). */
bool destination_advise(struct destination *dest, destination_row *advice, void *arg,
                        struct error *err);

/* Opens the window's transaction and becomes the only writer, so that what snapshot shows stays
 * true until commit: two processes cannot both compare and then write. */
bool destination_begin(struct destination *dest, const struct report *report, struct window window,
                       struct error *err);

/*
 * Adds to *out every row of the window's owned days and every undated row.
 *
 * A distrustful destination reads the rows whole and not their fingerprints alone: one whose cells
 * are not what its fingerprint says, because a person or a trigger changed them, gets a fingerprint
 * that no row has, so that whatever an export says of its key is written. Its key is the one that
 * the table has, by which it is found. Apply then also deletes, and logs, rows of other days that
 * have the key of a row that is inserted: their date was changed.
 */
bool destination_snapshot(struct destination *dest, struct snapshot *out, struct error *err);

/* Hands over the rows of the range as they stand in the table, each with its numbers computed anew,
 * in no order and as they come: memory holds one of them. Within a window in its transaction, else
 * in one of its own that only reads. The report must have the columns that were added. */
bool destination_read_rows(struct destination *dest, const struct report *report,
                           struct row_range range, destination_table_row *row, void *arg,
                           struct error *err);

/* Fills days[d - own_first] with whether some window has loaded the owned day d before, by the
 * ledger, when that day was over: an insert on such a day is a change of the past, on any other it
 * is first sight. `days` has own_last - own_first + 1 entries. */
bool destination_loaded_days(struct destination *dest, bool *days, struct error *err);

/* Executes the plan: inserts, updates, deletes, and the change log. Fails if a row to be updated or
 * deleted is not there, if a key is there twice, or if a row lies outside the owned days: then the
 * plan was made from another table than this one. Rows are written in the order of their keys, not
 * of the file. */
bool destination_apply(struct destination *dest, const struct run *run, const struct batch *batch,
                       const struct plan *plan, struct error *err);

/* Keeps the batch's rejects; one that is already kept (same id) is left alone. */
bool destination_reject(struct destination *dest, const struct run *run, const struct batch *batch,
                        struct error *err);

/* Within a window: executes one statement of our own that every database understands. */
bool destination_execute(struct destination *dest, const char *purpose, const char *sql,
                         struct error *err);

bool destination_commit(struct destination *dest, const struct ledger_entry *entry,
                        struct error *err);
void destination_rollback(struct destination *dest); /* without a transaction: nothing */
bool destination_record(struct destination *dest, const struct ledger_entry *entry,
                        struct error *err);
void destination_close(struct destination *dest); /* accepts NULL */

#endif
