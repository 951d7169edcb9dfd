CREATE TABLE etl_unread_lines (
    -- Lines of exports that could not be read, each for as long as every load of its days shows it: any
    -- of them may be a row of the table. What they say is in etl_rejects, a blank line apart.
    report      TEXT NOT NULL,
    line_id     TEXT NOT NULL, -- 32 hexadecimal digits; of a reject its id
    run_id      TEXT NOT NULL REFERENCES etl_runs (id), -- the run that met it first
    seen_run_id TEXT NOT NULL REFERENCES etl_runs (id), -- and the one that wrote this
    own_first   DATE NOT NULL, -- the days of the window that had it
    own_last    DATE NOT NULL,
    PRIMARY KEY (report, line_id, own_first, own_last)
);

CREATE TABLE etl_kept_rows (
    -- Rows that the portal did not show and that were not deleted, because a line that could not be read
    -- may be one of them: for as long as a line is there that the same run met first.
    report      TEXT NOT NULL,
    row_key     TEXT NOT NULL, -- 32 hexadecimal digits: the row's "_row_key"
    run_id      TEXT NOT NULL REFERENCES etl_runs (id), -- the run that missed it first
    window_date DATE,          -- NULL: a row without a date
    PRIMARY KEY (report, row_key)
);

CREATE TABLE etl_habits (
    -- How a report's portal exports, learned from its files: which day it leaves out, how files end. To have
    -- one learned anew, delete its row.
    report TEXT NOT NULL,
    habit  TEXT NOT NULL,
    run_id TEXT NOT NULL REFERENCES etl_runs (id), -- the run that learned it
    PRIMARY KEY (report, habit)
);

-- kept: rows that the export does not show and that were not deleted, see etl_kept_rows. rows_left_out: records
-- that are no rows: the header again, totals, footers, blank ones.
ALTER TABLE etl_windows ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;
ALTER TABLE etl_windows ADD COLUMN rows_left_out INTEGER NOT NULL DEFAULT 0;
