-- Migration 1: the ledger, the change log and the rejects. Comments stand inside the statements because
-- SQLite keeps a statement's text: `.schema` in the sqlite3 shell explains the tables.
--
-- Instants are texts with their offset (2026-11-23T18:30:01-03:00), days are yyyy-mm-dd.

CREATE TABLE etl_migrations (
    -- The schema's history, for people. What the program goes by is PRAGMA user_version.
    version    INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    applied_at TEXT NOT NULL
);

CREATE TABLE etl_runs (
    -- One row for each start of the program that meant to load something.
    id         TEXT PRIMARY KEY NOT NULL, -- sorts by start
    mode       TEXT NOT NULL,             -- incremental, full or load
    started_at TEXT NOT NULL,
    ended_at   TEXT,                      -- NULL: still running, or killed
    exit_code  INTEGER
);

CREATE TABLE etl_windows (
    -- The ledger: what became of each window of each run. Only a window with status 'loaded' changed
    -- the report's table, and its row here was committed together with that change.
    id              INTEGER PRIMARY KEY,
    run_id          TEXT NOT NULL REFERENCES etl_runs (id),
    report          TEXT NOT NULL,
    first           DATE NOT NULL,    -- the days asked for
    last            DATE NOT NULL,
    own_first       DATE NOT NULL,    -- the days that the window decides, inclusive
    own_last        DATE NOT NULL,
    complete        INTEGER NOT NULL, -- 1: the export holds all rows of those days
    status          TEXT NOT NULL,    -- loaded, held, refused or failed
    reason          TEXT,             -- of anything but loaded
    file            TEXT,
    sha256          TEXT,
    bytes           INTEGER NOT NULL,
    -- read = loaded + duplicates + boundary + rejected
    rows_read       INTEGER NOT NULL,
    rows_loaded     INTEGER NOT NULL,
    rows_duplicates INTEGER NOT NULL, -- superseded by a later row with the same key
    rows_boundary   INTEGER NOT NULL, -- of a day that a neighbouring window owns
    rows_rejected   INTEGER NOT NULL, -- see etl_rejects
    rows_foreign    INTEGER NOT NULL, -- of a day that nobody asked for; part of the rejected
    cells_unreadable INTEGER NOT NULL, -- no date or time where there should be one: became NULL
    -- loaded = inserted + updated + unchanged
    inserted        INTEGER NOT NULL,
    updated         INTEGER NOT NULL,
    deleted         INTEGER NOT NULL,
    unchanged       INTEGER NOT NULL,
    started_at      TEXT NOT NULL,
    ended_at        TEXT NOT NULL,
    seconds         REAL NOT NULL
);
CREATE INDEX etl_windows_days ON etl_windows (report, own_first, own_last);
CREATE INDEX etl_windows_run ON etl_windows (run_id);

CREATE TABLE etl_changes (
    -- What the portal changed after it had been loaded once. See the view etl_change_columns.
    id          INTEGER PRIMARY KEY, -- in order of writing: "everything after id N" misses nothing
    run_id      TEXT NOT NULL REFERENCES etl_runs (id),
    report      TEXT NOT NULL,
    changed_at  TEXT NOT NULL,       -- when the window's transaction began
    window_date DATE,                -- of the row; NULL for a row without a date
    row_key     BLOB NOT NULL,       -- the row's "_row_key" in the report's table
    op          TEXT NOT NULL,       -- insert, update or delete
    key         TEXT NOT NULL,       -- JSON object: the key columns
    before      TEXT,                -- JSON object: the changed columns; of a delete the whole row
    after       TEXT                 -- JSON object: the changed columns; of an insert the whole row
);
CREATE INDEX etl_changes_time ON etl_changes (report, changed_at);
CREATE INDEX etl_changes_row ON etl_changes (row_key);

CREATE TABLE etl_rejects (
    -- Lines of exports that could not become rows, kept once however often they come again.
    id     BLOB PRIMARY KEY NOT NULL,
    run_id TEXT NOT NULL REFERENCES etl_runs (id), -- the run that saw it first
    report TEXT NOT NULL,
    file   TEXT NOT NULL,
    line   INTEGER NOT NULL, -- where it begins in the file, from 1
    reason TEXT NOT NULL,
    raw    TEXT NOT NULL
);
CREATE INDEX etl_rejects_run ON etl_rejects (run_id);

CREATE VIEW etl_change_columns AS
    -- One row for each column of each change. What did the full cycles change that was older than
    -- 60 days?  SELECT * FROM etl_change_columns WHERE mode = 'full' AND age_days > 60;
    -- Joined by name rather than looked up by path: a column's name may hold what a path cannot.
    SELECT c.id AS change_id,
           c.run_id,
           r.mode,
           c.report,
           c.changed_at,
           c.window_date,
           CAST(julianday(substr(c.changed_at, 1, 10)) - julianday(c.window_date) AS INTEGER)
               AS age_days,
           c.op,
           c.key,
           n.key AS column_name,
           b.value AS before,
           a.value AS after
      FROM etl_changes AS c
      JOIN etl_runs AS r ON r.id = c.run_id
      JOIN json_each(coalesce(c.after, c.before)) AS n
      LEFT JOIN json_each(c.before) AS b ON b.key = n.key
      LEFT JOIN json_each(c.after) AS a ON a.key = n.key;
