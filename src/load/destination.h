/*
 * A database that holds the tables: the functions with which run/ reads and writes it.
 *
 * Each window is one transaction. The order of the calls is:
 *
 *     destination_open(url)                  see destination_open.h
 *     destination_migrate(NULL)              makes what a lease needs
 *     destination_take_lease(lease)
 *     destination_migrate(report)            for each report: makes its table and the etl_* tables
 *     destination_start_run(run)
 *     destination_add_column(report, name)   between windows, where an export brings a new column
 *     for each window:
 *       destination_begin(report, window)
 *       destination_snapshot()               run/ then reconciles and asks the guard
 *       destination_apply(batch, plan)       writes rows and change log
 *       destination_reject(batch)            keeps rejects that are new
 *       destination_commit(entry)            adds to the ledger; everything becomes visible at once
 *       or destination_rollback()            nothing happened
 *       destination_record(entry)            notes a window that was not loaded, in a transaction
 *                                            of its own
 *     destination_release_lease()
 *     destination_end_run(run, exit code)
 *     destination_close()
 *
 * A program that only reads opens with destination_open_existing(url, DESTINATION_READ), and for
 * each answer calls destination_begin_read(), destination_query() as often as it needs, and
 * destination_end_read().
 *
 * Readers see nothing of a window before commit, and all of it afterwards. All functions but close
 * and rollback fail with ERROR_DATABASE, whose message names the statement's purpose and has the
 * database's own words. After a failure within a window only rollback may be called; the next
 * window can begin then. A wait for another writer that a signal ends fails with ERROR_STOPPED. A
 * report that is passed in must outlive the window. The comparison is made in C, once for all
 * databases: a destination only hands over (key, fingerprint) and executes the plan.
 */
#ifndef LOAD_DESTINATION_H
#define LOAD_DESTINATION_H

#include "load/destination_ops.h"

/* Finds out what a load would find: of a report, or with NULL of the etl_* tables alone. Changes
 * nothing. Refuses what migrate refuses, and also tables that a load would have to migrate. */
bool destination_inspect(struct destination *dest, const struct report *report,
                         enum destination_state *out, struct error *err);

/* Brings the schema up to this program's version and makes the report's table if there is none.
 * Refuses, and leaves as it is, a schema that is newer than the program or a table without the
 * columns it needs. The report is the profile's. Forgets an added column (etl_columns) that the
 * table no longer has. With NULL for the report it makes only the part of the schema that a lease
 * needs, if that is missing: the rest is for the run that holds the lease. */
bool destination_migrate(struct destination *dest, const struct report *report, struct error *err);
/* Notes the run in etl_runs. Called before the windows; within a window only for a rehearsal, which
 * is rolled back. May be repeated. */
bool destination_start_run(struct destination *dest, const struct run *run, struct error *err);
/* Notes the end of the run and its exit code in etl_runs. */
bool destination_end_run(struct destination *dest, const struct run *run, int exit_code,
                         time_t ended_at, struct error *err);

/*
 * Takes the lease, or fails with ERROR_LOCKED and names who holds it. A run may take its own lease
 * again. From then on every begin renews the lease within the window's transaction, and fails with
 * ERROR_LOCKED if another run has taken it meanwhile. So two overlapping runs never both write,
 * even if one was thought dead. Without a lease (tests, a single user) nothing is checked.
 */
bool destination_take_lease(struct destination *dest, const struct lease *lease, struct error *err);
/* Renews the lease between windows, in a short transaction of its own. Fails with ERROR_LOCKED as
 * begin does. Does nothing without a lease. */
bool destination_keep_lease(struct destination *dest, struct error *err);
/* Releases the lease; a failure is ignored, because the lease expires by itself. Does nothing
 * without a lease. */
void destination_release_lease(struct destination *dest);

/*
 * Adds a text column behind all columns of the report's table and notes it in etl_columns. It has a
 * transaction of its own, which checks and renews the lease as begin does. If the table has a
 * column of that name already, in upper or lower case, nothing is done: *added is then true if
 * etl-sigos added that column before (so that the call may be repeated after a commit whose answer
 * was lost), and false if another program or a person did: that column is never written.
 */
bool destination_add_column(struct destination *dest, const struct report *report, const char *name,
                            const struct run *run, bool *added, struct error *err);

/* Runs a SELECT of this program (never a user's) and hands over its rows as texts. Within a window
 * it sees what the window has written so far. */
bool destination_query(struct destination *dest, const char *sql, destination_row *row, void *arg,
                       struct error *err);

/* Does the same with values for $1, $2 and so on, as texts; NULL is SQL NULL. At most 32. */
bool destination_query_values(struct destination *dest, const char *sql, const char *const *values,
                              size_t value_count, destination_row *row, void *arg,
                              struct error *err);

/*
 * Begins a read: a transaction that only reads and sees the database as it is now until
 * destination_end_read, whatever is committed meanwhile. It takes no lock that a writer waits for.
 *
 * A query of a read that takes longer than `timeout_ms` milliseconds, the time for handing over its
 * rows included, fails with ERROR_DATABASE marked `divisible`: the same of a shorter period may
 * succeed. After any failed query, and after a row that failed, the next one works and sees the
 * same state, unless the connection was lost; then all fail until the next begin, which connects
 * anew. Rows are handed over as they come, one in memory at a time, so `row` must not use the
 * destination. A statement that writes fails.
 */
bool destination_begin_read(struct destination *dest, int timeout_ms, struct error *err);
/* Ends the read; does nothing if none is open. */
void destination_end_read(struct destination *dest);

typedef bool destination_reading(void *arg, struct destination *dest, struct error *err);
/* Calls `reading` within a read, and a few times anew, each in a read of its own, if a window was
 * committed meanwhile in a database that cannot show the state before it. A call that fails must
 * leave nothing behind. */
bool destination_read(struct destination *dest, int timeout_ms, destination_reading *reading,
                      void *arg, struct error *err);

/* Hands over what is allowed but unwise about the tables, as rows of two texts: what is wrong, and
 * the SQL or setting that corrects it. */
bool destination_advise(struct destination *dest, destination_row *advice, void *arg,
                        struct error *err);

/* Looks for windows of which the database has lost something since they were loaded, takes them
 * back whole, and hands over rows of two texts, as destination_advise does. Wants the lease. */
bool destination_repair(struct destination *dest, const struct report *report,
                        destination_row *told, void *arg, struct error *err);

/* Removes from a report's table what nobody sees any more, and what makes queries and the disk pay
 * for the past: where that is worth it, or, `few_too`, if there is any. No query sees a difference,
 * not one that runs meanwhile either, and it may be stopped anywhere. Wants the lease of all
 * tables. */
bool destination_compact(struct destination *dest, const struct report *report, bool few_too,
                         struct compaction *out, struct error *err);

/* Begins the window's transaction as the only writer, so that what snapshot shows stays true until
 * commit: two processes cannot both compare and then write. */
bool destination_begin(struct destination *dest, const struct report *report, struct window window,
                       struct error *err);

/*
 * Adds to *out every row of the window's owned days and every undated row.
 *
 * A distrustful destination reads whole rows, not only their fingerprints. A row whose cells do not
 * match its fingerprint, because a person or a trigger changed them, gets a fingerprint that no row
 * has; so it is updated whatever the export has for its key. Its key stays the stored one, by which
 * it is found. Apply then also deletes and logs rows of other days that have the key of an inserted
 * row: their date was changed.
 */
bool destination_snapshot(struct destination *dest, struct snapshot *out, struct error *err);

/* Hands over the rows of the range as they stand in the table, each with key and fingerprint
 * computed anew. They come in no order and one at a time, so memory holds one of them. Uses the
 * window's transaction within a window, else a transaction of its own that only reads. The report
 * must have the columns that were added. */
bool destination_read_rows(struct destination *dest, const struct report *report,
                           struct row_range range, destination_table_row *row, void *arg,
                           struct error *err);

/* Sets days[d - own_first] for each owned day d: whether the ledger has a load of that day that
 * began after the day was over. An insert on such a day is a change of the past; on any other day
 * it is new. `days` has window_owned_days entries. */
bool destination_loaded_days(struct destination *dest, bool *days, struct error *err);

/* Executes the plan: inserts, updates, deletes, and writes the change log. Fails with
 * ERROR_DATABASE if a row to be updated or deleted is not there, if a key is there twice, or if a
 * row is outside the owned days: the plan was then made from another state of the table. Rows are
 * written in the order of the index, not of the file. */
bool destination_apply(struct destination *dest, const struct run *run, const struct batch *batch,
                       const struct plan *plan, struct error *err);

/* Keeps the batch's rejects in etl_rejects. A reject that is kept already (same id) stays as it
 * is. */
bool destination_reject(struct destination *dest, const struct run *run, const struct batch *batch,
                        struct error *err);

/* Makes the temporary table etl_tocados (chave, dia, texto) and puts the rows into it, for SQL that
 * follows what a window changes (layers/summaries.h). The caller drops it before the next call; it
 * ends with the transaction otherwise. */
bool destination_touch(struct destination *dest, const struct touched_row *rows, size_t count,
                       struct error *err);

/* Executes, within a window or work, one or more statements of this program. */
bool destination_execute(struct destination *dest, const char *purpose, const char *sql,
                         struct error *err);

/*
 * A transaction that belongs to no window, as the only writer, such as one that changes views. It
 * checks and renews the lease as destination_begin does; destination_execute and destination_query
 * work in it. Commit and rollback end it. A commit whose answer was lost fails with a transient
 * error: the work must be such that it may be repeated.
 */
bool destination_begin_work(struct destination *dest, struct error *err);
bool destination_commit_work(struct destination *dest, struct error *err);

/* Writes the window's row of the ledger and commits the window. With NULL for the entry the ledger
 * gets no row: a piece of a copy, whose windows the ledger has from elsewhere. */
bool destination_commit(struct destination *dest, const struct ledger_entry *entry,
                        struct error *err);
/* Rolls the window or work back; does nothing if none is open. */
void destination_rollback(struct destination *dest);
/* Writes the ledger's row of a window that was not loaded, in a transaction of its own. */
bool destination_record(struct destination *dest, const struct ledger_entry *entry,
                        struct error *err);

/* Adds rows to a table of the ledger or the log as they stood in another database, behind those
 * that it has, and first removes those rows of a table that is changed in place that have the key
 * of a row of `gone`. It has a transaction of its own, which checks and renews the lease. Both are
 * of one table; rows of etl_windows get new numbers, in their order. After a failure that is
 * transient they may be there all the same. */
bool destination_import(struct destination *dest, const struct journal_rows *gone,
                        const struct journal_rows *rows, struct error *err);
void destination_close(struct destination *dest); /* accepts NULL */

#endif
