-- Migration 1: the ledger, the change log and the rejects, in the schema that the reports' tables are in.
-- The same tables and columns as sql/sqlite/001_ledger.sql, so that a query written for one works on the other.

CREATE TABLE etl_migrations (
    version    integer PRIMARY KEY,
    name       text NOT NULL,
    applied_at timestamptz NOT NULL
);
COMMENT ON TABLE etl_migrations IS 'The version of etl-sigos''s schema: the highest one';

CREATE TABLE etl_runs (
    id         text PRIMARY KEY,     -- sorts by start
    mode       text NOT NULL,        -- incremental, full or load
    started_at timestamptz NOT NULL,
    ended_at   timestamptz,          -- NULL: still running, or killed
    exit_code  integer
);
COMMENT ON TABLE etl_runs IS 'One row for each start of etl-sigos that meant to load something';

CREATE TABLE etl_windows (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id          text NOT NULL REFERENCES etl_runs (id),
    report          text NOT NULL,
    first           date NOT NULL,    -- the days asked for
    last            date NOT NULL,
    own_first       date NOT NULL,    -- the days that the window decides, inclusive
    own_last        date NOT NULL,
    complete        smallint NOT NULL, -- 1: the export holds all rows of those days
    status          text NOT NULL,    -- loaded, held, refused or failed
    reason          text,             -- of anything but loaded
    file            text,
    sha256          text,
    bytes           bigint NOT NULL,
    -- read = loaded + duplicates + boundary + rejected
    rows_read       bigint NOT NULL,
    rows_loaded     bigint NOT NULL,
    rows_duplicates bigint NOT NULL,  -- superseded by a later row with the same key
    rows_boundary   bigint NOT NULL,  -- of a day that a neighbouring window owns
    rows_rejected   bigint NOT NULL,  -- see etl_rejects
    rows_foreign    bigint NOT NULL,  -- of a day that nobody asked for; part of the rejected
    cells_unreadable bigint NOT NULL, -- no date or time where there should be one: became NULL
    -- loaded = inserted + updated + unchanged
    inserted        bigint NOT NULL,
    updated         bigint NOT NULL,
    deleted         bigint NOT NULL,
    unchanged       bigint NOT NULL,
    started_at      timestamptz NOT NULL,
    ended_at        timestamptz NOT NULL,
    seconds         double precision NOT NULL
);
CREATE INDEX etl_windows_days ON etl_windows (report, own_first, own_last);
CREATE INDEX etl_windows_run ON etl_windows (run_id);
COMMENT ON TABLE etl_windows IS 'What became of each window of each run; only one that is loaded changed the report''s table,'
    ' and its row here was committed together with that change';

CREATE TABLE etl_changes (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- in order of writing
    run_id      text NOT NULL REFERENCES etl_runs (id),
    report      text NOT NULL,
    changed_at  timestamptz NOT NULL, -- when the window's transaction began
    window_date date,                 -- of the row; NULL for a row without a date
    row_key     uuid NOT NULL,        -- the row's "_row_key" in the report's table
    op          text NOT NULL,        -- insert, update or delete
    key         json NOT NULL,        -- the key columns, in their order
    before      jsonb,                -- the changed columns; of a delete the whole row
    after       jsonb                 -- the changed columns; of an insert the whole row
);
CREATE INDEX etl_changes_time ON etl_changes (report, changed_at);
CREATE INDEX etl_changes_row ON etl_changes (row_key);
COMMENT ON TABLE etl_changes IS 'What the portal changed after it had been loaded once; see also the view etl_change_columns';

CREATE TABLE etl_rejects (
    id     uuid PRIMARY KEY,
    run_id text NOT NULL REFERENCES etl_runs (id), -- the run that saw it first
    report text NOT NULL,
    file   text NOT NULL,
    line   bigint NOT NULL,                        -- where it begins in the file, from 1
    reason text NOT NULL,
    raw    text NOT NULL
);
CREATE INDEX etl_rejects_run ON etl_rejects (run_id);
COMMENT ON TABLE etl_rejects IS 'Lines of exports that could not become rows, kept once however often they come again';

-- One row for each column of each change. What did the full cycles change that was older than 60 days?
--     SELECT * FROM etl_change_columns WHERE mode = 'full' AND age_days > 60;
-- The age counts days of the reader's time zone. Readers need the right to read the tables beneath.
CREATE VIEW etl_change_columns WITH (security_invoker = true) AS
    SELECT c.id AS change_id,
           c.run_id,
           r.mode,
           c.report,
           c.changed_at,
           c.window_date,
           c.changed_at::date - c.window_date AS age_days,
           c.op,
           c.key,
           n.column_name,
           c.before ->> n.column_name AS before,
           c.after ->> n.column_name AS after
      FROM etl_changes AS c
      JOIN etl_runs AS r ON r.id = c.run_id
     CROSS JOIN LATERAL jsonb_object_keys(coalesce(c.after, c.before)) AS n (column_name);
COMMENT ON VIEW etl_change_columns IS 'The change log, one row for each column of each change';
