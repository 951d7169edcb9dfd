CREATE TABLE etl_lease (
    -- Who may write: at most one run at a time, or several that share a cycle, each some days. Every window of a run
    -- proves in its own transaction that the token is still its own, so that a run that was thought dead cannot write
    -- any more.
    name       TEXT PRIMARY KEY NOT NULL, -- 'writer': all tables; 'general_reports 2024-01-01 2024-03-31': those days of it
    token      INTEGER NOT NULL,          -- one more each time a lease is taken
    run_id     TEXT,                      -- NULL: nobody holds it
    holder     TEXT,                      -- host and process
    taken_at   TEXT,
    expires_at INTEGER NOT NULL           -- seconds since 1970; after it the lease is anybody's
);
INSERT INTO etl_lease (name, token, expires_at) VALUES ('writer', 0, 0);
