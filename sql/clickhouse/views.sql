-- What readers query, under the names of the other databases. {committed}: the numbers of the windows that are loaded,
-- which a view reads once. {all}: _all where there are Merge tables, else _log.

CREATE VIEW IF NOT EXISTS etl_runs AS
    SELECT id, max(mode) AS mode, max(started_at) AS started_at, max(ended_at) AS ended_at, max(exit_code) AS exit_code
      FROM (SELECT id, mode, started_at, ended_at, exit_code FROM etl_runs_log) GROUP BY id;

-- An entry of 29 elements is of a copy: rows or a part of the log, and no window.
CREATE VIEW IF NOT EXISTS etl_windows AS
    SELECT tx AS id, assumeNotNull(entry[1]) AS run_id, report, {to_date}(assumeNotNull(entry[3])) AS first,
           {to_date}(assumeNotNull(entry[4])) AS last, {to_date}(assumeNotNull(entry[5])) AS own_first,
           {to_date}(assumeNotNull(entry[6])) AS own_last, toUInt8(assumeNotNull(entry[7])) AS complete, status,
           entry[9] AS reason, entry[10] AS file, entry[11] AS sha256, toUInt64(assumeNotNull(entry[12])) AS bytes,
           toUInt64(assumeNotNull(entry[13])) AS rows_read, toUInt64(assumeNotNull(entry[14])) AS rows_loaded,
           toUInt64(assumeNotNull(entry[15])) AS rows_duplicates, toUInt64(assumeNotNull(entry[16])) AS rows_boundary,
           toUInt64(assumeNotNull(entry[17])) AS rows_rejected, toUInt64(assumeNotNull(entry[18])) AS rows_foreign,
           toUInt64(assumeNotNull(entry[19])) AS rows_left_out, toUInt64(assumeNotNull(entry[20])) AS cells_unreadable,
           toUInt64(assumeNotNull(entry[21])) AS inserted, toUInt64(assumeNotNull(entry[22])) AS updated,
           toUInt64(assumeNotNull(entry[23])) AS deleted, toUInt64(assumeNotNull(entry[24])) AS unchanged,
           toUInt64(assumeNotNull(entry[25])) AS kept, assumeNotNull(entry[26]) AS started_at,
           assumeNotNull(entry[27]) AS ended_at, toFloat64(assumeNotNull(entry[28])) AS seconds
      FROM etl_ledger WHERE length(entry) = 28 AND tx NOT IN (SELECT tx FROM etl_void);

-- Windows that were not loaded, and whose days no later window loaded. Most were loaded as the same window, which costs
-- little to find; only what is left is compared with all ranges. A server of 2018 has no EXISTS.
CREATE VIEW IF NOT EXISTS etl_loaded_ranges AS
    SELECT report, own_first, own_last, max(id) AS latest
      FROM (SELECT id, report, own_first, own_last FROM etl_windows WHERE status = 'loaded')
     GROUP BY report, own_first, own_last;

CREATE VIEW IF NOT EXISTS etl_not_loaded_again AS
    SELECT id, run_id, report, first, last, own_first, own_last, status, reason, started_at
      FROM (SELECT id, run_id, report, first, last, own_first, own_last, status, reason, started_at
              FROM etl_windows WHERE status != 'loaded') AS w
       ANY LEFT JOIN (SELECT report, own_first, own_last, latest FROM etl_loaded_ranges) AS l
     USING report, own_first, own_last
     WHERE ifNull(latest, 0) < id;

CREATE VIEW IF NOT EXISTS etl_lost_windows AS
    SELECT id, run_id, report, first, last, own_first, own_last, status, reason, started_at FROM etl_not_loaded_again
     WHERE id NOT IN (SELECT id FROM (SELECT id, report, own_first, own_last FROM etl_not_loaded_again) AS w
       ALL INNER JOIN (SELECT report, own_first AS loaded_first, own_last AS loaded_last, latest FROM etl_loaded_ranges) AS l
     USING report WHERE latest > id AND loaded_first <= own_first AND loaded_last >= own_last);

CREATE VIEW IF NOT EXISTS etl_changes AS
    SELECT bitOr(bitShiftLeft(tx, 24), toUInt64(n)) AS id, run_id, report, changed_at, window_date, row_key, op, key, before, after
      FROM etl_changes{all} WHERE tx IN {committed};

-- One row for each column of each change. The age counts days.
CREATE VIEW IF NOT EXISTS etl_change_columns AS
    SELECT change_id, run_id, mode, report, changed_at, window_date, age_days, op, key, column_name, before, after
      FROM (SELECT bitOr(bitShiftLeft(tx, 24), toUInt64(n)) AS change_id, run_id, report, changed_at, window_date,
                   toInt32(toDate(substring(changed_at, 1, 10))) - toInt32(window_date) AS age_days, op, key,
                   column_name, was AS before, became AS after
              FROM (SELECT tx, n, run_id, report, changed_at, window_date, op, key, column_name, was, became
                      FROM etl_changes{all} ARRAY JOIN names AS column_name, old AS was, new AS became
                     WHERE tx IN {committed})) AS c
       ANY LEFT JOIN (SELECT id AS run_id, mode FROM etl_runs) AS r USING run_id;

CREATE VIEW IF NOT EXISTS etl_rejects AS
    SELECT id, run_id, report, file, line, reason, raw FROM etl_rejects{all} WHERE tx IN {committed} ORDER BY tx LIMIT 1 BY id;

CREATE VIEW IF NOT EXISTS etl_columns AS
    SELECT report, name, argMax(run_id, n) AS run_id, argMax(added_at, n) AS added_at
      FROM etl_columns_log GROUP BY report, name HAVING argMax(gone, n) = 0;

CREATE VIEW IF NOT EXISTS etl_unread_lines AS
    SELECT report, line_id, argMax(run_id, v) AS run_id, argMax(seen_run_id, v) AS seen_run_id, own_first, own_last
      FROM (SELECT report, line_id, run_id, seen_run_id, own_first, own_last, gone,
                   bitOr(bitShiftLeft(tx, 24), toUInt64(n)) AS v FROM etl_unread_lines{all} WHERE tx IN {committed})
     GROUP BY report, line_id, own_first, own_last HAVING argMax(gone, v) = 0;

CREATE VIEW IF NOT EXISTS etl_kept_rows AS
    SELECT report, row_key, argMax(run_id, v) AS run_id,
           if(argMax(undated, v) = 1, NULL, argMax(window_date, v)) AS window_date
      FROM (SELECT report, row_key, run_id, window_date, undated, gone,
                   bitOr(bitShiftLeft(tx, 24), toUInt64(n)) AS v FROM etl_kept_rows{all} WHERE tx IN {committed})
     GROUP BY report, row_key HAVING argMax(gone, v) = 0;

CREATE VIEW IF NOT EXISTS etl_habits AS
    SELECT report, habit, min(run_id) AS run_id FROM etl_habits{all} WHERE tx IN {committed} GROUP BY report, habit;

-- Of two claims of one token the part that was made first counts. What was released is not shown, but for the last token.
CREATE VIEW IF NOT EXISTS etl_lease AS
    SELECT name, token, if(released, NULL, run) AS run_id, if(released, NULL, holder) AS holder, taken_at, expires_at
      FROM (SELECT token, run, released, holder, taken_at, name, expires_at
              FROM (SELECT token, run, max(kind = 'release') AS released, argMax(holder, kind = 'claim') AS holder,
                           argMax(taken_at, kind = 'claim') AS taken_at, argMax(name, kind = 'claim') AS name,
                           max(toUInt32(at) + seconds) AS expires_at,
                           min(if(kind = 'claim', block, 18446744073709551615)) AS claimed
                      FROM (SELECT token, run, kind, name, holder, taken_at, seconds, at,
                                   toUInt64(splitByChar('_', _part)[2]) AS block
                              FROM etl_lease_log WHERE kind != 'none')
                     GROUP BY token, run)
             WHERE claimed != 18446744073709551615 ORDER BY token, claimed LIMIT 1 BY token)
     WHERE released = 0 OR token IN (SELECT max(token) FROM etl_lease_log WHERE kind = 'claim');
