CREATE TABLE etl_columns (
    -- Columns of the reports' tables that the profile does not know: an export brought them, and they
    -- were added as text. Columns that somebody else added to a table are not here and never written.
    report   TEXT NOT NULL,
    name     TEXT NOT NULL,
    run_id   TEXT NOT NULL REFERENCES etl_runs (id), -- the run that saw it first
    added_at TEXT NOT NULL,
    PRIMARY KEY (report, name)
);
