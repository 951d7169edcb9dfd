-- Migration 3: columns of the reports' tables that the profile does not know. An export brought them, and they
-- were added as text. Columns that somebody else added to a table are not here and never written.

CREATE TABLE etl_columns (
    report   text NOT NULL,
    name     text NOT NULL,
    run_id   text NOT NULL REFERENCES etl_runs (id), -- the run that saw it first
    added_at timestamptz NOT NULL,
    PRIMARY KEY (report, name)
);
COMMENT ON TABLE etl_columns IS 'Columns that etl-sigos added to the reports'' tables because an export had them';
