-- Migration 2: which run may write: at most one at a time, or several that share a cycle, each some days. Every window
-- checks in its own transaction that the token is still that of its run, so that a run that was thought dead cannot
-- write any more.

CREATE TABLE etl_lease (
    name       text PRIMARY KEY, -- 'writer': all tables; 'general_reports 2024-01-01 2024-03-31': those days of it
    token      bigint NOT NULL,  -- one more each time a lease is taken
    run_id     text,             -- NULL: nobody holds it
    holder     text,             -- host and process
    taken_at   timestamptz,
    expires_at bigint NOT NULL   -- seconds since 1970, by the server's clock; after it the lease is anybody's
);
COMMENT ON TABLE etl_lease IS 'Which run of etl-sigos may write';
INSERT INTO etl_lease (name, token, expires_at) VALUES ('writer', 0, 0);
