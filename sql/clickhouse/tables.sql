-- The tables of ClickHouse. Nothing in them is ever changed: a window appends rows under its number (tx), and the one row
-- of etl_ledger that says "loaded" makes all of them visible at once, through the views of views.sql.
--
-- A statement ends with a semicolon at the end of its line. {date} is a type that the server's version has.

CREATE TABLE IF NOT EXISTS etl_migrations (version UInt32, name String, applied_at String)
    ENGINE = MergeTree ORDER BY version;

-- Which runs may write, and what: name is that of etl_lease. The part's number decides between two claims of one token, so each has a partition of its own: no
-- merge may change that number.
CREATE TABLE IF NOT EXISTS etl_lease_log (
    token UInt64, run String, kind String, -- claim, renew, release; none: a writer without a lease
    holder String, taken_at String, seconds UInt32, at DateTime DEFAULT now(), name String DEFAULT 'writer')
    ENGINE = MergeTree PARTITION BY (token, run) ORDER BY token;

-- tx: token << 20 | number of the window in its run. seq: in the order of commits. entry: the columns of etl_windows behind
-- its id, as texts, and of what a copy wrote one more; a part with a file or two for each of them would cost a commit five times as much. wrote: how many
-- rows, marks of rows that end, and changes.
CREATE TABLE IF NOT EXISTS etl_ledger (
    tx UInt64, seq UInt64, report String, status String, entry Array(Nullable(String)), wrote Array(UInt64))
    ENGINE = MergeTree ORDER BY tx;

-- Windows that began to write; those that are taken back, whatever the ledger says.
CREATE TABLE IF NOT EXISTS etl_begun (tx UInt64, run_id String, at DateTime DEFAULT now()) ENGINE = MergeTree ORDER BY tx;
CREATE TABLE IF NOT EXISTS etl_void (tx UInt64) ENGINE = MergeTree ORDER BY tx;

-- What compactions remove. kind: counts (of one tx: so many of its rows and marks go), begun (what was counted goes, and
-- nothing before; the commit up to which windows were looked at), done. Rows of counts without begun mean nothing.
CREATE TABLE IF NOT EXISTS etl_compactions_log (
    n UInt64, report String, kind String, upto UInt64, tx UInt64, rows UInt64, marks UInt64, at DateTime DEFAULT now())
    ENGINE = MergeTree ORDER BY (report, n);

CREATE TABLE IF NOT EXISTS etl_runs_log (
    id String, mode String, started_at String, ended_at Nullable(String), exit_code Nullable(Int32))
    ENGINE = MergeTree ORDER BY id;

-- names, old, new: the columns of before and after, for etl_change_columns.
CREATE TABLE IF NOT EXISTS etl_changes_log (
    tx UInt64, n UInt32, run_id String, report String, changed_at String, window_date Nullable({date}), row_key UUID,
    op String, key String, before Nullable(String), after Nullable(String),
    names Array(String), old Array(Nullable(String)), new Array(Nullable(String)))
    ENGINE = MergeTree ORDER BY (report, tx, n);

CREATE TABLE IF NOT EXISTS etl_rejects_log (
    tx UInt64, id UUID, run_id String, report String, file String, line UInt64, reason String, raw String)
    ENGINE = MergeTree ORDER BY (tx, id);

-- The last entry of a column counts; gone: it was dropped.
CREATE TABLE IF NOT EXISTS etl_columns_log (n UInt64, report String, name String, run_id String, added_at String, gone UInt8)
    ENGINE = MergeTree ORDER BY (report, name, n);

-- The last committed entry of a line or row counts. An undated row has the day 0: argMax would pass over a NULL.
CREATE TABLE IF NOT EXISTS etl_unread_lines_log (
    tx UInt64, n UInt32, report String, line_id String, run_id String, seen_run_id String, own_first {date}, own_last {date},
    gone UInt8)
    ENGINE = MergeTree ORDER BY (report, tx, n);
CREATE TABLE IF NOT EXISTS etl_kept_rows_log (
    tx UInt64, n UInt32, report String, row_key String, run_id String, window_date {date}, undated UInt8, gone UInt8)
    ENGINE = MergeTree ORDER BY (report, tx, n);
CREATE TABLE IF NOT EXISTS etl_habits_log (tx UInt64, report String, habit String, run_id String)
    ENGINE = MergeTree ORDER BY (report, habit);
