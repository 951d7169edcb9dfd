-- Migration 4: the lines that earlier loads could not read, the rows that they keep, and what portals' files showed.

CREATE TABLE etl_unread_lines (
    report      text NOT NULL,
    line_id     text NOT NULL, -- 32 hexadecimal digits; of a reject its id
    run_id      text NOT NULL REFERENCES etl_runs (id), -- the run that met it first
    seen_run_id text NOT NULL REFERENCES etl_runs (id), -- the run that wrote this row
    own_first   date NOT NULL, -- the days of the window that had it
    own_last    date NOT NULL,
    PRIMARY KEY (report, line_id, own_first, own_last)
);
COMMENT ON TABLE etl_unread_lines IS 'Lines of exports that could not be read, each for as long as every load of its days shows it; what they say is in etl_rejects';

CREATE TABLE etl_kept_rows (
    report      text NOT NULL,
    row_key     text NOT NULL, -- 32 hexadecimal digits: the row's "_row_key"
    run_id      text NOT NULL REFERENCES etl_runs (id), -- the run that missed it first
    window_date date,          -- NULL: a row without a date
    PRIMARY KEY (report, row_key)
);
COMMENT ON TABLE etl_kept_rows IS 'Rows that the portal did not show and that were not deleted, because a line that could not be read may be one of them';

CREATE TABLE etl_habits (
    report text NOT NULL,
    habit  text NOT NULL,
    run_id text NOT NULL REFERENCES etl_runs (id), -- the run that learned it
    PRIMARY KEY (report, habit)
);
COMMENT ON TABLE etl_habits IS 'How a report''s portal exports, learned from its files: which day it leaves out, how files end. To have one learned anew, delete its row';

ALTER TABLE etl_windows ADD COLUMN kept bigint NOT NULL DEFAULT 0;
ALTER TABLE etl_windows ADD COLUMN rows_left_out bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN etl_windows.kept IS 'Rows that the export does not show and that were not deleted: see etl_kept_rows';
COMMENT ON COLUMN etl_windows.rows_left_out IS 'Records that are none: the header again, totals, footers, blank ones';
